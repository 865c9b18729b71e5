"""Nicknames: other forms of a first name, in both directions."""

import pytest

from customers.nicknames import other_forms
from customers.settings import SearchSettings

SETTINGS = SearchSettings()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("bob", "robert"),
        ("robert", "bob"),
        ("lasse", "lars"),
        ("sepp", "josef"),
        ("wim", "willem"),
        ("kathi", "katharina"),
    ],
)
def test_forms_of_one_name(typed: str, stored: str) -> None:
    assert stored in other_forms(typed, SETTINGS)


def test_forms_of_different_names_stay_apart() -> None:
    assert "robert" not in other_forms("william", SETTINGS)
    assert other_forms("hansen", SETTINGS) == frozenset()


def test_synonyms_of_the_merchant_are_folded() -> None:
    settings = SearchSettings(synonyms=(("Rørlægger", "VVS"),))
    assert other_forms("vvs", settings) == {"rorlagger"}
    assert "robert" in other_forms("bob", settings)
