"""Folding: the ways of writing one word meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.folding import LONGEST_TOKEN, digits, pairs, plain, skeleton, squeezed, words


@pytest.mark.parametrize(
    "spellings",
    [
        ("Søren", "Soren", "Soeren", "Sören", "SØREN", "so\u0308ren"),
        ("Åse", "Aase", "Ase"),
        ("Kjær", "Kjaer", "Kjar", "Kjär"),
        ("Kaae", "Kåe", "Kå"),
        ("Müller", "Mueller", "Muller"),
        ("Großmann", "Grossmann"),
        ("Łukasz", "Lukasz"),
        ("Þór", "Thor"),
        ("Đorđe", "Dorde"),
        ("René", "Rene", "RENÉ"),
        ("O'Brien", "OBrien", "O’Brien", "O´Brien"),
    ],
)
def test_spellings_of_one_word_meet(spellings: tuple[str, ...]) -> None:
    assert len({tuple(words(spelling)) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anne-Marie Juel", ["anne", "marie", "jul"]),
        ("Bageriet A/S", ["bageriet", "as"]),
        ("  H.C. Andersens Bvd. 12,2. tv ", ["hc", "andersens", "bvd", "12", "2", "tv"]),
        ("Иван Петров", ["иван", "петров"]),
        ("...", []),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Århus Aarhus A\u030arhus Arhus", ["aa", "aa", "aa", ""]),
        ("Ærø Äng Aebi", ["ae", "ae", "ae"]),
        ("Ølgod Öland Oerum Olgod", ["oe", "oe", "oe", ""]),
        ("Über-Ueland Ulm", ["ue", "ue", ""]),
        ("Å/S B'Å å", ["aa", "", "aa"]),
    ],
)
def test_pairs(text: str, found: list[str]) -> None:
    assert pairs(text) == found


@given(st.text())
def test_each_word_has_a_pair_or_none(text: str) -> None:
    assert len(pairs(text)) == len(words(text))


@pytest.mark.parametrize(
    ("text", "letters_and_digits", "only_digits"),
    [
        ("C-100.23", "c10023", "10023"),
        ("DK 87 65 43 21", "dk87654321", "87654321"),
        ("Ærø-7", "aero7", "7"),
        ("１２３", "123", "123"),
        ("٤٥ ١٢ ٣٤ ٥٦", "45123456", "45123456"),
        ("C-۱۲३", "c123", "123"),
        ("\0\ud800*", "", ""),
    ],
)
def test_codes(text: str, letters_and_digits: str, only_digits: str) -> None:
    assert squeezed(text) == letters_and_digits
    assert digits(text) == only_digits


@given(st.text())
def test_folding_is_done_once(text: str) -> None:
    assert words(" ".join(words(text))) == words(text) or not plain(text).isascii()
    for word in words(text):
        assert word.isalnum()
        assert len(word) <= LONGEST_TOKEN
    assert squeezed(text).isalnum() or squeezed(text) == ""
    assert set(digits(text)) <= set("0123456789")


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_the_quick_ways_for_ascii_give_what_the_slow_ones_give(text: str) -> None:
    assert squeezed(text) == "".join(letter for letter in text.lower() if letter.isalnum())[:LONGEST_TOKEN]
    assert digits(text) == "".join(letter for letter in text if letter.isdigit())


def test_a_pair_of_letters_is_one() -> None:
    assert skeleton("kjaer") == "kjar"
