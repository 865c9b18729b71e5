"""Registration numbers: with or without their country and kind of tax they are one."""

import pytest

import customers.registration
from customers.folding import squeezed
from customers.registration import registration_number
from tests.documented import rows


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("dk12345678", "12345678"),
        ("fi1234567", "1234567"),
        ("no987654321mva", "987654321"),
        ("no987654321", "987654321"),
        ("987654321mva", "987654321"),
        ("che123456789mwst", "123456789"),
        ("che123456789", "123456789"),
        ("123456789iva", "123456789"),
        ("nl123456789b01", "123456789"),
        ("123456789b01", "123456789"),
        ("se556677889901", "5566778899"),
        ("se5566778899", "5566778899"),
        ("atu12345678", "12345678"),
        ("12345678", None),
        ("dk123456", None),
        ("hansen", None),
        ("no987654321mva2", None),
    ],
)
def test_the_number_in_a_registration_number(code: str, number: str | None) -> None:
    assert registration_number(code) == number


@pytest.mark.parametrize(("written", "number", "because"), rows(customers.registration, "what is written"))
def test_the_rules_of_registration_numbers(written: str, number: str, because: str) -> None:
    assert (registration_number(squeezed(written)), bool(because)) == (number, True)
