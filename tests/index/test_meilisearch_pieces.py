"""What a mistake leaves whole of a code, whichever mistake it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.meilisearch_pieces import (
    beginnings,
    ending,
    has_parts,
    is_email,
    outline,
    pieces,
    pieces_of_email,
    swapped,
)

CODES = st.from_regex(r"[a-z]{0,3}[0-9]{6,17}", fullmatch=True)
EMAILS = st.from_regex(r"[a-z]{3,9}[a-z0-9]{4,9}(gmailcom|mailse)", fullmatch=True)


def is_left(typed: str, kept: str) -> bool:
    """Whether a piece of what was typed is one of what is kept. Of a phone, its national number and that with
    its country, here of two digits: all the endings of the former too, of four digits or more."""
    codes = [kept, kept[2:]] if kept.isdigit() else [kept]
    endings = {codes[-1][at:] for at in range(1, len(codes[-1]) - 3)} if kept.isdigit() else set()
    tokens = {*pieces(" ".join(codes)).split(), *endings, *codes}
    return not tokens.isdisjoint({ending(typed), outline(typed), *swapped(typed)}) or any(
        code.startswith(begun) for code in codes for begun in beginnings(typed)
    )


@given(CODES, st.data())
def test_another_character(code: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(code) - 1))
    assert is_left(code[:at] + data.draw(st.sampled_from("0123456789x")) + code[at + 1 :], code)


@given(CODES, st.data())
def test_two_characters_swapped(code: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(code) - 2))
    assert is_left(code[:at] + code[at + 1] + code[at] + code[at + 2 :], code)


@given(CODES.filter(lambda code: len(code) > 9 and code.isdigit()), st.data())
def test_a_digit_of_a_phone_missing_or_too_many(code: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(code) - 1))
    assert is_left(code[:at] + code[at + 1 :], code)
    assert is_left(code[:at] + data.draw(st.sampled_from("0123456789")) + code[at:], code)


def is_left_of_email(typed: str, kept: str) -> bool:
    """As `is_left`; its first eight letters are looked for as a beginning."""
    found = not set(pieces(kept).split()).isdisjoint(pieces_of_email(typed))
    return found or kept in swapped(typed) or kept.startswith(typed[:8])


@given(EMAILS, st.data())
def test_a_mistake_in_an_email(email: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(email) - 1))
    other = data.draw(st.sampled_from("abc7"))
    assert is_left_of_email(email[:at] + other + email[at + 1 :], email)
    assert is_left_of_email(email[:at] + other + email[at:], email)
    assert is_left_of_email(email[:at] + email[at + 1 :], email)
    assert is_left_of_email(email[:at] + email[at : at + 2][::-1] + email[at + 2 :], email)


@pytest.mark.parametrize("code", ["johnfrser2153gmailcom", "anne6676outlookcom", "bobergmaildk"])
def test_a_code_of_letters_for_the_most_part_is_an_email(code: str) -> None:
    assert is_email(code)
    assert not has_parts(code)


@pytest.mark.parametrize(
    "code", ["no987654321mva", "c10023", "hansen5678", "member123456", "kunde0001234", "48403564270082972"]
)
def test_others_are_none(code: str) -> None:
    assert not is_email(code)


@pytest.mark.parametrize("other", ["12345", "aalborghuset", "123456789012345678901"])
def test_no_parts_of_what_is_short_or_long_or_no_code(other: str) -> None:
    assert not has_parts(other)


def test_each_piece_once() -> None:
    assert pieces("c10023 hansen 10023 12345678 12345678") == "c123 0023 123678 45678"
