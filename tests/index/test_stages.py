"""What each stage asks of an engine, and what it leaves out because nothing would come of it."""

from collections.abc import Callable, Iterable

import pytest

from customers.keys import KeyField
from customers.settings import SearchSettings
from customers.term import Term, understand
from index.query import Clause, Match, Query
from index.stages import loose_query, namesakes_query, near_query, whole_query

SETTINGS = SearchSettings()


def clauses(query: Query, words: Iterable[str] | None = None) -> dict[str, list[Clause]]:
    """The clauses of each word; `words`: of the reading that has these."""
    wanted = [reading for reading in query if words is None or [word.text for word in reading.words] == words]
    return {word.text: list(word.clauses) for reading in wanted for word in reading.words}


@pytest.mark.parametrize("stage", [near_query, loose_query])
@pytest.mark.parametrize(
    ("typed", "words"), [("lars mboer gen", ["lars", "mborgen"]), ("ny gade 12b", ["nygade", "12b"])]
)
def test_in_what_is_one_word_without_its_space_fewer_mistakes_are_looked_for(
    stage: Callable[[Term], Query], typed: str, words: list[str]
) -> None:
    """Neither by its sound nor in its other spelling: the ranking would not count it. It was most of what a
    typing error cost. In the last query not at all."""
    joined = clauses(stage(understand(typed, SETTINGS)), words)
    for word, is_two_in_one in zip(words, (typed.startswith("ny"), typed.endswith("gen")), strict=True):
        typos = {clause.token for clause in joined[word] if clause.typos}
        assert typos <= {word}
        assert KeyField.SOUNDS not in {clause.field for clause in joined[word] if is_two_in_one}
    assert any(clause.typos for each in joined.values() for clause in each) is (stage is near_query)


def test_what_is_typed_as_one_is_looked_for_in_both_spellings_and_by_its_sound() -> None:
    asked = clauses(near_query(understand("mboergen", SETTINGS)))["mborgen"]
    typos = {(clause.field, clause.token, clause.typos) for clause in asked if clause.typos}
    for field, letters in ((KeyField.NAMES, 2), (KeyField.PLACES, 1), (KeyField.JOINED, 1)):
        assert {(field, "mborgen", letters), (field, "mboergen", letters)} <= typos
    assert KeyField.SOUNDS in {clause.field for clause in asked}


def test_in_the_parts_of_an_email_mistakes_are_looked_for() -> None:
    asked = clauses(near_query(understand("laueen.williams7@gmail.com", SETTINGS)))
    assert any(clause.typos for clause in asked["williams"])


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("hansen", {(KeyField.NAMES, "hansen"), (KeyField.JOINED, "hansen")}),
        ("han sen", {(KeyField.NAMES, "hansen"), (KeyField.PLACES, "hansen")}),
        ("john", {(KeyField.NAMES, "john"), (KeyField.NAMES, "jack")}),
        ("bo", {(KeyField.NAMES, "bo"), (KeyField.CODES, "bo")}),
        ("0815", {(KeyField.ENDINGS, "0815"), (KeyField.CODES, "0815"), (KeyField.PLACES, "0815")}),
    ],
)
def test_what_a_word_can_be_by_itself(typed: str, asked: set[tuple[KeyField, str]]) -> None:
    query = whole_query(understand(typed, SETTINGS), 0.0)
    (*found,) = (clause for reading in query for word in reading.words for clause in word.clauses)
    assert asked <= {(clause.field, clause.token) for clause in found}
    assert all(clause.match is Match.EXACT and clause.field is not KeyField.STARTS for clause in found)


@pytest.mark.parametrize(
    ("typed", "shown", "tokens"),
    [
        ("hansen", 0.96, {"names hansen", "codes hansen", "joined hansen", "places hansen"}),
        ("hansen", 0.98, {"names hansen", "codes hansen", "joined hansen"}),
        ("bo", 0.881, {"names bo", "codes bo", "joined bo", "places bo"}),
        ("0815", 0.948, {"names 0815", "codes 0815", "joined 0815", "places 0815", "endings 0815"}),
        (
            "0815",
            0.946,
            {"names 0815", "codes 0815", "joined 0815", "places 0815", "endings 0815", "endings i0815"},
        ),
    ],
)
def test_what_is_surely_less_than_all_who_are_shown_is_not_asked_for(
    typed: str, shown: float, tokens: set[str]
) -> None:
    query = whole_query(understand(typed, SETTINGS), shown)
    found = [clause for reading in query for word in reading.words for clause in word.clauses]
    assert {f"{clause.field} {clause.token}" for clause in found} - {"codes 815"} == tokens


@pytest.mark.parametrize(
    ("out_of_order", "asked"),
    [(False, [["names lars", "places dam"]]), (True, [["names lars", "places dam"], ["joined larsdam"]])],
)
def test_namesakes_have_every_word_where_the_best_has_it(out_of_order: bool, asked: list[list[str]]) -> None:
    query = namesakes_query(["lars", "dam"], (KeyField.NAMES, KeyField.PLACES), out_of_order=out_of_order)
    assert [
        [f"{clause.field} {clause.token}" for word in reading.words for clause in word.clauses]
        for reading in query
    ] == asked
    assert all(reading.required == len(reading.words) and reading.is_name for reading in query)


def test_of_what_is_in_a_name_whoever_is_called_little_else_is_asked_for_first() -> None:
    query = whole_query(understand("hansen", SETTINGS), 0.0)
    assert {reading.words[0].clauses[0].field for reading in query if reading.is_name} == {
        KeyField.NAMES,
        KeyField.JOINED,
    }


@pytest.mark.parametrize(
    ("typed", "words", "begun"),
    [
        ("lars nordlys", ["lars", "nordlys"], {"lars", "nordlys"}),
        ("lars t-online", ["lars", "tonline"], {"tonline"}),
        ("nord lys", ["nordlys"], {"nordlys"}),
    ],
)
def test_what_may_begin_an_email(typed: str, words: list[str], begun: set[str]) -> None:
    """To look through all emails costs most, and beside two words as one another is a mistake more."""
    asked = clauses(near_query(understand(typed, SETTINGS)), words)
    found = {
        clause.token
        for each in asked.values()
        for clause in each
        if (clause.field, clause.match) == (KeyField.CODES, Match.PREFIX)
    }
    assert found == begun
