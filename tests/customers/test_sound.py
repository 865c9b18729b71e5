"""Sound keys: names that are heard alike meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.folding import words
from customers.sound import sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Christensen", "Kristensen"),
        ("Carsten", "Karsten"),
        ("Meyer", "Maier"),
        ("Mejer", "Meier"),
        ("Sofie", "Sophie"),
        ("Wester", "Vester"),
        ("Thomas", "Tomas"),
        ("Schmidt", "Schmitt"),
        ("Nielsen", "Nilsen"),
        ("Peterson", "Petersen"),
        ("Zacharias", "Sakarias"),
        ("Filip", "Philippe"),
        ("Birgit", "Birgitt"),
        ("Cecilie", "Sesilie"),
    ],
)
def test_names_that_sound_alike_have_one_key(one: str, other: str) -> None:
    assert sound(*words(one)).rstrip("a") == sound(*words(other)).rstrip("a")


@pytest.mark.parametrize(("one", "other"), [("Hansen", "Jansen"), ("Lars", "Mads"), ("Anna", "Hanna")])
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert sound(*words(one)) != sound(*words(other))


def test_what_holds_a_digit_has_no_sound() -> None:
    assert sound("12b") == "12b"


@given(st.text())
def test_a_sound_is_a_token(text: str) -> None:
    for word in words(text):
        assert sound(word).isalnum()
