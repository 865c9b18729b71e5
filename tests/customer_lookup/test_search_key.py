"""The service starts only with a search key that may do no more than search, unless told to."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from customer_lookup.configuration import IndexSettings
from customer_lookup.search_key import refuse_powerful_search_key
from customers.errors import ConfigurationError
from customers.settings import SearchSettings
from index.meilisearch_engine import MeilisearchIndex
from tests.index.meilisearch_server import MASTER_KEY, SERVER


def settings(*, allowed: bool = False) -> IndexSettings:
    return IndexSettings(engine="meilisearch", allow_powerful_search_key=allowed)


@pytest.fixture
def master() -> Iterator[MeilisearchIndex]:
    """An index that is searched with the master key."""
    with closing(MeilisearchIndex(SERVER.url, MASTER_KEY, None, "customers", SearchSettings())) as index:
        yield index


@pytest.mark.meilisearch(replay=False)
def test_a_master_key_is_refused(master: MeilisearchIndex) -> None:
    with pytest.raises(ConfigurationError, match=r"\[index\] search_key may do more than search"):
        refuse_powerful_search_key(settings(), master)


@pytest.mark.meilisearch(replay=False)
def test_unless_told_to(master: MeilisearchIndex) -> None:
    refuse_powerful_search_key(settings(allowed=True), master)


@pytest.mark.meilisearch(replay=False)
def test_a_search_key_is_taken() -> None:
    index = MeilisearchIndex(SERVER.url, SERVER.search_key, None, "customers", SearchSettings())
    with closing(index):
        refuse_powerful_search_key(settings(), index)


def test_a_server_that_is_away_keeps_nobody_from_starting(caplog: pytest.LogCaptureFixture) -> None:
    index = MeilisearchIndex("http://127.0.0.1:1", "key", None, "customers", SearchSettings())
    with closing(index):
        refuse_powerful_search_key(settings(), index)
    assert "the search key is not checked: nothing listens at" in caplog.text
