"""What a term means: the rules of customers/term.py, an example or more for each."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import customers.apart
import customers.term
from customers.settings import SearchSettings
from customers.term import MOST_WORDS, TermKind, WordKind, understand
from tests.documented import rows

SETTINGS = SearchSettings()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("C-10023", TermKind.IDENTIFIER),
        ("c10023", TermKind.IDENTIFIER),
        ("+45 12 34 56 78", TermKind.PHONE),
        ("(045) 12.34-5678", TermKind.PHONE),
        ("5678", TermKind.PHONE),
        ("john.smith@example.dk", TermKind.EMAIL),
        ("john@", TermKind.EMAIL),
        ("DK12345678", TermKind.ORGANIZATION_NUMBER),
        ("SE 556677-8899", TermKind.ORGANIZATION_NUMBER),
        ("NO 987 654 321 MVA", TermKind.ORGANIZATION_NUMBER),
        ("987654321MVA", TermKind.ORGANIZATION_NUMBER),
        ("CHE-123.456.789 MWST", TermKind.ORGANIZATION_NUMBER),
        ("lars hansen", TermKind.NAME),
        ("O'Brien", TermKind.NAME),
        ("Nygade 12, 8000 Aarhus", TermKind.ADDRESS),
        ("nygade 12", TermKind.ADDRESS),
        ("hansen 5678", TermKind.MIXED),
        ("8000 hansen", TermKind.MIXED),
        ("12", TermKind.IDENTIFIER),
        ("", TermKind.EMPTY),
        (" \0\ud800*", TermKind.EMPTY),
    ],
)
def test_kinds(text: str, kind: TermKind) -> None:
    assert understand(text, SETTINGS).kind == kind


@pytest.mark.parametrize(
    ("text", "pair"), [("å", "aa"), ("AA", "aa"), ("ø", "oe"), ("a", ""), ("aab", ""), ("åb", ""), ("ås", "")]
)
def test_only_a_lone_letter_has_its_pair(text: str, pair: str) -> None:
    [[word]] = understand(text, SETTINGS).readings
    assert word.pair == pair


@pytest.mark.parametrize(("text", "kind", "because"), rows(customers.term, "what was typed"))
def test_the_rules_of_kinds(text: str, kind: str, because: str) -> None:
    assert (understand(text, SETTINGS).kind, bool(because)) == (TermKind(kind), True)


@pytest.mark.parametrize(("typed", "apart", "because"), rows(customers.apart, "typed"))
def test_the_rules_of_what_is_taken_apart(typed: str, apart: str, because: str) -> None:
    read = understand(typed, SETTINGS)
    ways = [" ".join(word.code for word in words) for words in (*read.readings, *read.joined)]
    assert apart in ways, because


def readings(text: str) -> list[list[str]]:
    return [[word.code for word in reading] for reading in understand(text, SETTINGS).readings]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("hansen", [["hansen"]]),
        ("lars hansen", [["lars", "hansen"]]),
        ("hansen, lars", [["hansen", "lars"]]),
        ("Anne-Marie", [["anne", "marie"], ["annemarie"]]),
        ("C-10023", [["c10023"]]),
        ("c 10023", [["c", "10023"], ["c10023"]]),
        ("+45 12 34 56 78", [["4512345678"], ["4512", "34", "56", "78"]]),
        ("+45 12345678", [["4512345678"]]),
        ("+45 12345678 8000", [["45123456788000"], ["4512345678", "8000"]]),
        ("+45 12345678 hansen", [["4512345678", "hansen"], ["4512345678hansen"]]),
        ("45 12 34 56 78", [["4512345678"], ["45", "12", "34", "56", "78"]]),
        ("8000 12", [["800012"], ["8000", "12"]]),
        ("hansen 56 78", [["hansen", "5678"], ["hansen", "56", "78"], ["hansen5678"]]),
        ("nygade 12, 8000 aarhus", [["nygade", "12", "8000", "aarhus"], ["nygade128000aarhus"]]),
        ("j.smith@x.dk", [["jsmithxdk"]]),
        ("<b>lars hansen</b>", [["lars", "hansen"]]),
        ("~lars hansen~2", [["lars", "hansen"]]),
        ("---", []),
    ],
)
def test_readings(text: str, read: list[list[str]]) -> None:
    assert readings(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("han sen", [["hansen"]]),
        ("J.P. Hansen", [["j", "p", "hansen"], ["jphansen"]]),
        ("JP Hansen", [["j", "p", "hansen"], ["jphansen"]]),
        ("jp hansen", [["j", "p", "hansen"], ["jphansen"]]),
        ("bo hansen", [["bohansen"]]),
        ("BO HANSEN", [["bohansen"]]),
        ("dam k/s", [["damks"]]),
        ("jp", []),
        ("nygade12", [["nygade", "12"]]),
        ("nygade12b", [["nygade", "12b"], ["nygade", "12", "b"]]),
        ("nygade 12b", [["nygade", "12", "b"]]),
        ("nygade 12-14", [["nygade", "12", "14"]]),
        ("5678hansen", [["5678", "hansen"]]),
        ("1234mva", []),
        ("J.P.", [["j", "p"]]),
        ("A.S.", []),
        ("C-10023", []),
        ("abc1234", []),
        ("12-14", []),
        ("lars12@x.dk", []),
    ],
)
def test_readings_for_a_space_too_many_or_one_that_is_missing(text: str, read: list[list[str]]) -> None:
    """The rules of customers/apart.py too."""
    assert [[word.code for word in reading] for reading in understand(text, SETTINGS).joined] == read


@pytest.mark.parametrize(
    ("text", "first_part"),
    [
        ("anna.berg@x.dk", "annaberg"),
        ("anna.berg+shop@x.dk", "annaberg"),
        ("anna42@x.dk", "anna42"),
        ("an42@x.dk", None),
        ("kontakt@x.dk", None),
        ("a.b@x.dk", None),
        ("anna.berg", None),
        ("anna.berg@x.dk aarhus", None),
    ],
)
def test_the_first_part_of_an_email(text: str, first_part: str | None) -> None:
    found = [word.code for reading in understand(text, SETTINGS).elsewhere for word in reading]
    assert found == ([first_part] if first_part else [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hansen", WordKind.WORD),
        ("12345678", WordKind.NUMBER),
        ("+45-12345678", WordKind.NUMBER),
        ("12b", WordKind.CODE),
        ("a@b", WordKind.EMAIL),
    ],
)
def test_kinds_of_words(text: str, kind: WordKind) -> None:
    [[word]] = understand(text, SETTINGS).readings
    assert word.kind == kind


def test_a_term_does_not_show_what_was_typed() -> None:
    term = understand("Søren Kjær", SETTINGS)
    assert "ren" not in repr(term)
    assert "kj" not in repr(term)
    assert term.length == 10


@example("~0")
@example("<b>")
@example("ʼ")
@given(st.text(alphabet=st.characters()))
def test_any_text_is_harmless(text: str) -> None:
    term = understand(text, SETTINGS)
    assert (term.kind == TermKind.EMPTY) == (term.readings == ())
    for reading in term.readings:
        assert 1 <= len(reading) <= MOST_WORDS
        assert all(word.text.isalnum() and word.code.isalnum() for word in reading)


def test_a_very_long_term_is_cut() -> None:
    term = understand("hansen " * 10_000, SETTINGS)
    assert term.length == 70_000
    [reading] = term.readings
    assert [word.code for word in reading] == ["hansen", "hansen", "hans"]
