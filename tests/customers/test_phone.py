"""Phone numbers: the quick reading agrees with phonenumbers' own, which is too slow for an index."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from customers.folding import digits
from customers.phone import number_forms, phone_numbers

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
KINDS = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
FORMATS = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)


# Its mobiles are written `011 15-…` at home and `+54 9 11 …` from abroad: digits move, not only go.
REARRANGED = "AR"


def examples(region: str) -> list[phonenumbers.PhoneNumber]:
    found = [phonenumbers.example_number_for_type(region, kind) for kind in KINDS]
    return [number for number in found if number is not None]


def expected(number: phonenumbers.PhoneNumber) -> tuple[str, str]:
    national = phonenumbers.national_significant_number(number)
    return national, f"{number.country_code}{national}"


@pytest.mark.parametrize("region", REGIONS)
def test_every_writing_of_every_country_is_read_as_phonenumbers_reads_it(region: str) -> None:
    for number in examples(region):
        for written in FORMATS:
            text = phonenumbers.format_number(number, written)
            parsed = phonenumbers.parse(text, region)
            if region != REARRANGED or written is not PhoneNumberFormat.NATIONAL:
                assert phone_numbers(text, region)[0] == expected(parsed), text


@pytest.mark.parametrize("region", REGIONS)
def test_every_writing_of_every_country_is_found_as_it_is_written(region: str) -> None:
    """In a shop of another country too."""
    for number in examples(region):
        for written in FORMATS:
            text = phonenumbers.format_number(number, written)
            kept = {form for both in phone_numbers(text, region) for form in both}
            assert not kept.isdisjoint(number_forms(digits(text), "DK")), text


BOTH = [("12345678", "4512345678"), ("87654321", "4587654321")]


@pytest.mark.parametrize(
    ("text", "region", "numbers"),
    [
        ("12345678", "DK", [("12345678", "4512345678")]),
        ("12 34 56 78", "DK", [("12345678", "4512345678")]),
        ("+45 12 34 56 78", "DK", [("12345678", "4512345678")]),
        ("004512345678", "DK", [("12345678", "4512345678")]),
        ("(+45) 1234-5678", "SE", [("12345678", "4512345678")]),
        ("070-123 45 67", "SE", [("701234567", "46701234567")]),
        ("+46 (0)70 123 45 67", "DK", [("701234567", "46701234567")]),
        ("020 7946 0958", "GB", [("2079460958", "442079460958")]),
        ("06 20 123 4567", "HU", [("201234567", "36201234567"), ("06201234567", "06201234567")]),
        ("12345678 / 87654321", "DK", [("12345678", "4512345678"), ("87654321", "4587654321")]),
        ("12345678, 87654321", "DK", [("12345678", "4512345678"), ("87654321", "4587654321")]),
        ("12345678 87654321", "DK", BOTH),
        ("12345678 og 87654321", "DK", BOTH),
        ("12345678 eller 87654321", "DK", BOTH),
        ("12345678 el. 87654321", "DK", BOTH),
        ("12345678 und 87654321", "DK", BOTH),
        ("12345678 och 87654321", "DK", BOTH),
        ("12345678 of 87654321", "DK", BOTH),
        ("12345678 or 87654321", "DK", BOTH),
        ("12345678 and 87654321", "DK", BOTH),
        ("12345678 & 87654321", "DK", BOTH),
        ("12345678 - 87654321", "DK", BOTH),
        ("12345678–87654321", "DK", BOTH),
        ("12345678 (87654321)", "DK", BOTH),
        ("12345678 (mobil: 87654321)", "DK", BOTH),
        ("12345678/87654321", "DK", BOTH),
        ("12 34 56 78 / 87 65 43 21", "DK", BOTH),
        ("12 34 56 78 og 87 65 43 21", "DK", BOTH),
        ("tlf. +45 12 34 56 78, mob. +45 87 65 43 21", "DK", BOTH),
        ("+45 12 34 56 78 +45 87 65 43 21", "DK", BOTH),
        ("08-123 45 67 / 070-123 45 67", "SE", [("81234567", "4681234567"), ("701234567", "46701234567")]),
        ("0171/1234567", "DE", [("1711234567", "491711234567")]),
        (
            "089 / 123456 oder 0171/1234567",
            "DE",
            [("89123456", "4989123456"), ("1711234567", "491711234567")],
        ),
        ("089 / 123 456 - 78", "DE", [("8912345678", "498912345678")]),
        ("12345678 lok. 12", "DK", [("12345678", "4512345678")]),
        ("tlf. +46 70 123 45 67", "DK", [("701234567", "46701234567")]),
        ("tlf. 12345678 (privat)", "DK", [("12345678", "4512345678")]),
        ("112", "DK", []),
        ("", "DK", []),
        ("ukendt", "DK", []),
        ("1" * 40, "DK", []),
        ("12345678", "XX", [("12345678", "12345678")]),
    ],
)
def test_numbers_as_people_write_them(text: str, region: str, numbers: list[tuple[str, str]]) -> None:
    assert phone_numbers(text, region) == numbers


@pytest.mark.parametrize("typed", ["701234567", "0701234567", "46701234567", "0046701234567", "460701234567"])
def test_a_typed_number_has_a_form_under_which_it_is_kept(typed: str) -> None:
    [kept] = phone_numbers("+46 70 123 45 67", "DK")
    assert set(number_forms(typed, "DK")) & set(kept)


@given(st.text(), st.sampled_from(REGIONS))
def test_any_text_is_harmless(text: str, region: str) -> None:
    for national, international in phone_numbers(text, region):
        assert international.endswith(national)
        assert international.isascii()
        assert international.isdigit()
