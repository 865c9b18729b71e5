"""What each stage asks of an engine, and what it leaves out because nothing would come of it."""

from collections.abc import Callable, Iterable

import pytest

from customers.keys import KeyField
from customers.settings import SearchSettings
from customers.term import Term, understand
from index.query import Clause, Match, Query
from index.stages import loose_query, near_query, sure_query, whole_query

SETTINGS = SearchSettings()


def clauses(query: Query, words: Iterable[str] | None = None) -> dict[str, list[Clause]]:
    """The clauses of each word; `words`: of the reading that has these."""
    wanted = [reading for reading in query if words is None or [word.text for word in reading.words] == words]
    return {word.text: list(word.clauses) for reading in wanted for word in reading.words}


@pytest.mark.parametrize(
    ("stage", "forgiven"),
    [(sure_query, set()), (near_query, {"lars", "hansen"}), (loose_query, set())],
)
def test_in_what_is_one_word_without_its_space_hardly_a_mistake_is_looked_for(
    stage: Callable[[Term], Query], forgiven: set[str]
) -> None:
    """The ranking would not count it (customers/ranking.py), and it was a third of what a typing error cost.
    But it may be that of a short one of the two."""
    query = stage(understand("lars han sen", SETTINGS))
    joined = clauses(query, ["lars", "hansen"])
    assert {word for word, each in joined.items() if any(clause.typos for clause in each)} == forgiven
    assert {clause.field for clause in joined.get("hansen", []) if clause.typos} <= {KeyField.JOINED}


@pytest.mark.parametrize(("typed", "is_asked"), [("annejensen", True), ("anne jensen", False)])
def test_letters_begin_an_email_only_where_they_are_all_that_was_typed(typed: str, is_asked: bool) -> None:
    asked = clauses(near_query(understand(typed, SETTINGS)), typed.split())
    begun = [
        clause
        for each in asked.values()
        for clause in each
        if (clause.field, clause.match) == (KeyField.CODES, Match.PREFIX)
    ]
    assert bool(begun) is is_asked


@pytest.mark.parametrize(
    ("typed", "other_forms", "asked"),
    [
        ("hansen", False, {(KeyField.NAMES, "hansen"), (KeyField.JOINED, "hansen")}),
        ("han sen", False, {(KeyField.NAMES, "hansen"), (KeyField.PLACES, "hansen")}),
        ("john", False, {(KeyField.NAMES, "john")}),
        ("john", True, {(KeyField.NAMES, "jack")}),
        ("0815", False, {(KeyField.ENDINGS, "0815"), (KeyField.CODES, "0815"), (KeyField.PLACES, "0815")}),
    ],
)
def test_what_a_word_can_be_by_itself(
    typed: str, other_forms: bool, asked: set[tuple[KeyField, str]]
) -> None:
    query = whole_query(understand(typed, SETTINGS), other_forms=other_forms)
    (*found,) = (clause for reading in query for word in reading.words for clause in word.clauses)
    kinds = {(clause.field, clause.token) for clause in found}
    assert asked <= kinds
    assert ((KeyField.NAMES, "john") in kinds) is (typed == "john" and not other_forms)
    assert all(clause.match is Match.EXACT and clause.field is not KeyField.STARTS for clause in found)


def test_of_what_is_in_a_name_whoever_is_called_little_else_is_asked_for_first() -> None:
    query = whole_query(understand("hansen", SETTINGS), other_forms=False)
    assert {reading.words[0].clauses[0].field for reading in query if reading.is_name} == {
        KeyField.NAMES,
        KeyField.JOINED,
    }
