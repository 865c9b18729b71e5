"""The clauses of one word: the rules of index/clauses.py."""

import pytest

import index.clauses
from customers.settings import SearchSettings
from customers.term import WordKind, understand
from index.clauses import mistyped_clauses, sure_clauses
from index.query import Clause
from tests.documented import rows

ANY = {"names", "joined", "places", "codes"}


def fields(clauses: list[Clause]) -> set[str]:
    return {clause.field.value for clause in clauses}


@pytest.mark.parametrize(("kind", "typed", "also", "mistyped"), rows(index.clauses, "kind"))
def test_the_rules_of_clauses(kind: str, typed: str, also: str, mistyped: str) -> None:
    term = understand(typed, SearchSettings())
    [word] = term.readings[-1]
    assert word.kind is WordKind(kind)
    assert fields(sure_clauses(word, term)) == ANY | {*also.split()} - {"-"}
    assert fields(mistyped_clauses(word, term)) == {*mistyped.split()} - {"-"}


def test_every_kind_of_word_has_a_rule() -> None:
    assert {kind for kind, *_ in rows(index.clauses, "kind")} == {*WordKind}
