"""Document ids: any identifier, as Meilisearch can keep it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from index.meilisearch_documents import MARKER
from index.meilisearch_ids import document_id, identifier_of

# Any text at all: lone surrogates and NUL too.
IDENTIFIERS = st.text(st.characters(), max_size=40) | st.text("aA_-1ø", max_size=8)


@given(IDENTIFIERS)
def test_an_id_is_one_that_meilisearch_takes(identifier: str) -> None:
    assert re.fullmatch(r"[a-z0-9_-]{1,468}", document_id(identifier))


@given(IDENTIFIERS, IDENTIFIERS)
def test_two_identifiers_have_two_ids(one: str, other: str) -> None:
    assert (document_id(one) == document_id(other)) == (one == other)


@given(st.text(min_size=390, max_size=600), st.text(min_size=390, max_size=600))
def test_long_identifiers_have_their_own_ids_too(one: str, other: str) -> None:
    assert len(document_id(one)) <= 468
    assert (document_id(one) == document_id(other)) == (one == other)


@given(IDENTIFIERS)
def test_no_customer_has_the_id_of_the_marker(identifier: str) -> None:
    assert document_id(identifier) != MARKER


@given(IDENTIFIERS)
def test_an_id_gives_its_identifier_back(identifier: str) -> None:
    assert identifier_of(document_id(identifier)) == identifier


def test_the_hash_of_a_long_identifier_gives_nothing_back() -> None:
    assert identifier_of(document_id("x" * 401)) is None


def test_an_id_can_be_read_by_a_person() -> None:
    assert document_id("c-10023") == "c-10023"
    assert document_id("C-10/2") == "_43_-10_2f_2"


def test_what_looks_like_an_escape_is_none() -> None:
    assert document_id("_43_") != document_id("C")
    assert document_id("") not in {document_id("_"), document_id("__")}


def test_case_tells_identifiers_apart_though_filters_fold_it() -> None:
    assert document_id("a").casefold() != document_id("A").casefold()
