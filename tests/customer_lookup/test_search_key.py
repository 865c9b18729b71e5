"""The service answers only with a search key that may do no more than search, unless told to."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from customer_lookup.engines import IndexSettings
from customer_lookup.search_key import AGAIN_AFTER_S, CheckedLater, with_search_key_checked
from customers.errors import ConfigurationError, EngineError, EngineUnavailable
from customers.hit import Hit
from customers.settings import SearchSettings
from customers.term import Term
from index.meilisearch_engine import MeilisearchIndex
from index.meilisearch_keys import Keys
from tests.index.meilisearch_server import MASTER_KEY, SERVER, index_name
from tests.index.proxy import Proxy, Rule, answering


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
        with_search_key_checked(settings(), master)


@pytest.mark.meilisearch(replay=False)
def test_unless_told_to(master: MeilisearchIndex) -> None:
    with_search_key_checked(settings(allowed=True), master)


@pytest.mark.meilisearch(replay=False)
def test_a_search_key_is_taken() -> None:
    with closing(Keys(SERVER.url, MASTER_KEY, index_name())) as keys:
        search, _ = keys.ensure()
    index = MeilisearchIndex(SERVER.url, search.secret, None, index_name(), SearchSettings())
    with closing(index):
        assert with_search_key_checked(settings(), index) is index


def test_a_server_that_is_away_keeps_nobody_from_starting(caplog: pytest.LogCaptureFixture) -> None:
    index = MeilisearchIndex("http://127.0.0.1:1", "key", None, "customers", SearchSettings())
    with closing(index):
        with_search_key_checked(settings(), index)
    assert "the search key is not checked yet: nothing listens at" in caplog.text


@pytest.mark.meilisearch(replay=False)
def test_a_master_key_is_refused_once_the_server_is_back(caplog: pytest.LogCaptureFixture) -> None:
    with Proxy(SERVER.url) as proxy:
        index = MeilisearchIndex(proxy.url, MASTER_KEY, None, "customers", SearchSettings())
        away = Rule("POST", "", answering(503, "unknown"), times=100)
        proxy.rules.append(away)
        with closing(index):
            lookups = with_search_key_checked(settings(), index)
            proxy.rules.clear()
            calls: list[Callable[[], object]] = [lambda: lookups.get("C-1"), lookups.check]
            for call in calls * 2:
                with pytest.raises(
                    EngineError, match=r"\[index\] search_key may do more than search.*started"
                ):
                    call()
            assert not any("search" in path for _, path, _ in proxy.seen)
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 1


class Index:
    """A LookupIndex that finds nobody, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def search(self, term: Term, limit: int) -> list[Hit]:
        self.asked += 1
        return []

    def get(self, identifier: str) -> None:
        self.asked += 1

    def check(self) -> None:
        self.asked += 1


class Server:
    """Where a key is looked at. `problem` is what comes of that."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem
        self.looks = 0

    def check_key(self) -> None:
        self.looks += 1
        if self.problem is not None:
            raise self.problem


def test_a_key_is_looked_at_again_until_the_server_answers() -> None:
    """Not at every lookup: a server that answers some calls only is not asked for ever."""
    now = 0.0
    index, server = Index(), Server(EngineUnavailable("away"))
    lookups = CheckedLater(index, server.check_key, clock=lambda: now)
    for _ in range(3):
        lookups.get("C-1")
    assert (server.looks, index.asked) == (1, 3)
    now += AGAIN_AFTER_S
    server.problem = None
    for _ in range(3):
        lookups.get("C-1")
    now += AGAIN_AFTER_S
    lookups.get("C-1")
    assert (server.looks, index.asked) == (2, 7)


def test_nobody_is_answered_while_the_key_is_looked_at() -> None:
    index, looking = Index(), threading.Event()

    def slowly() -> None:
        looking.wait(0.2)
        raise ConfigurationError("a powerful key")

    lookups = CheckedLater(index, slowly)

    def is_refused(call: Callable[[], object]) -> bool:
        try:
            call()
        except EngineError:
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(is_refused, [lambda: lookups.get("C-1")] * 4))
    assert index.asked == 0
