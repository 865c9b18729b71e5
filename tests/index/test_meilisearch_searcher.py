"""What one search, and several as one, find in an index; and what is said where they cannot."""

from collections.abc import Iterator
from typing import Any

import pytest

from customers.errors import EngineError, NoLiveGeneration
from index.meilisearch_documents import ID
from index.meilisearch_http import Client
from index.meilisearch_searcher import Searcher
from tests.index.meilisearch_server import SERVER, index_name
from tests.index.test_meilisearch_fields import load_in_fields
from tests.index.test_meilisearch_settings import load

pytestmark = pytest.mark.meilisearch


@pytest.fixture
def searcher() -> Iterator[Searcher]:
    client = Client(SERVER.url, SERVER.search_key, key_name="[index] search_key", timeout=10.0, patient=False)
    yield Searcher(client, index_name())
    client.close()


def wanted(word: str, field: str) -> dict[str, Any]:
    return {"q": f'"{word}"', "attributesToSearchOn": [field], "attributesToRetrieve": [ID, "text"]}


def test_several_searches_as_one_find_what_each_finds_and_nothing_twice(searcher: Searcher) -> None:
    load_in_fields(
        {"codes": "12345678", "text": "code"},
        {"pieces": "45678", "text": "piece"},
        {"codes": "12345678", "pieces": "45678", "text": "both"},
        {"codes": "87654321", "text": "neither"},
    )
    searches = [wanted("12345678", "codes"), wanted("45678", "pieces"), wanted("123678", "pieces")]
    answer = searcher.ask_as_one(searches, 4)
    assert sorted(hit["text"] for hit in answer.hits) == ["both", "code", "piece"]
    assert answer.matches == 3
    apart = searcher.ask([{**search, "limit": 4} for search in searches])
    assert [len(each.hits) for each in apart] == [2, 2, 0]


def test_several_searches_as_one_find_no_more_than_is_wanted(searcher: Searcher) -> None:
    """So that it can be told whether that is all."""
    load_in_fields(*({"codes": "12345678", "text": str(number)} for number in range(5)))
    assert len(searcher.ask_as_one([wanted("12345678", "codes"), wanted("1", "codes")], 3).hits) == 3


def test_an_index_without_our_fields_is_another_programs(searcher: Searcher) -> None:
    load(["lars"], "names", {"searchableAttributes": ["names"]})
    for ask in (
        lambda: searcher.ask([wanted("1", "codes")]),
        lambda: searcher.ask_as_one([wanted("1", "codes")], 3),
    ):
        with pytest.raises(EngineError, match="was not made by customer-lookup"):
            ask()


def test_without_an_index_several_as_one_say_so_too(searcher: Searcher) -> None:
    with pytest.raises(NoLiveGeneration, match="run customer-lookup reindex"):
        searcher.ask_as_one([wanted("12345678", "codes")], 3)
