"""What our settings say of each field: which have typos, and in which order they count."""

import pytest

from index.meilisearch_documents import ID
from index.meilisearch_settings import SETTINGS
from tests.index.meilisearch_server import SERVER, index_name
from tests.index.test_meilisearch_settings import ask, load

pytestmark = pytest.mark.meilisearch

# The order in which a match counts.
FIELDS = (
    "names",
    "codes",
    "starts",
    "beginnings",
    "joined",
    "endings",
    "places",
    "place_beginnings",
    "sounds",
    "pieces",
)
MISTYPED = {"names", "places"}


@pytest.mark.parametrize("field", FIELDS)
def test_only_words_that_a_person_types_have_typos(field: str) -> None:
    """The others are many and rare: they would take the places of the names among the typos thought of."""
    load(["karlas"], field, SETTINGS)
    assert ask("karlas") == ["karlas"]
    assert ask("karlos") == (["karlas"] if field in MISTYPED else [])


def load_in_fields(*documents: dict[str, str]) -> None:
    """An index with these documents, each of which is called by its `text`. What comes first is what else
    being equal is found first."""
    load([], "names", SETTINGS)
    numbered = [{ID: f"id{number}", **document} for number, document in enumerate(documents)]
    SERVER.call("post", f"indexes/{index_name()}/documents", numbered)
    SERVER.wait()


def test_a_match_counts_by_its_field() -> None:
    """Whatever the order in which the documents came."""
    load_in_fields(*({field: "hansen", "text": field} for field in reversed(FIELDS)))
    assert ask("hansen") == list(FIELDS)


def test_fewer_typos_count_more_than_whole_words() -> None:
    load_in_fields(
        {"names": "haxsxn pet", "text": "two typos"}, {"names": "hamsen peter", "text": "one typo"}
    )
    assert ask("hansen pet") == ["one typo", "two typos"]


def test_fewer_typos_count_more_than_the_field() -> None:
    load_in_fields({"names": "hamsen", "text": "mistyped name"}, {"places": "hansen", "text": "place"})
    assert ask("hansen") == ["place", "mistyped name"]


def test_the_field_counts_more_than_whole_words() -> None:
    load_in_fields({"places": "hans", "text": "whole place"}, {"names": "hansen", "text": "unfinished name"})
    assert ask("hans") == ["unfinished name", "whole place"]
