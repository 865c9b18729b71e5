"""Amounts, to the last digit."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.customer import Balance, Customer
from service.answer import Answer, json_array, json_object
from service.money import json_number


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_is_exactly_the_amount(amount: Decimal) -> None:
    assert json.loads(json_number(amount), parse_float=Decimal, parse_int=Decimal) == amount


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("10.10", "10.10"),
        ("-500", "-500"),
        ("0.00", "0"),
        ("-0.00", "0"),
        ("1E+3", "1000"),
        ("9007199254740993.01", "9007199254740993.01"),
        ("0.1234567890123456789012345", "0.1234567890123456789012345"),
        ("1E+5000", "1E+5000"),
    ],
)
def test_how_amounts_are_written(amount: str, written: str) -> None:
    assert json_number(Decimal(amount)) == written


@given(st.decimals(), st.decimals(), st.decimals(), st.text(st.characters(), min_size=1), st.booleans())
def test_a_customer_is_well_formed_json_whatever_is_in_it(
    balance: Decimal, overdue: Decimal, limit: Decimal, name: str, older: bool
) -> None:
    account = Balance("DKK", balance, overdue, limit)
    answer = Answer(Customer(name, name=name, balances=(account,)), account)
    text = json_object(answer, "object" if older else "number")
    read = json.loads(
        text, parse_float=Decimal, parse_int=Decimal, parse_constant=lambda _: pytest.fail("not a number")
    )
    assert (read["identifier"], read["name"]) == (name, name)
    assert ("balance_overdue" in read) == overdue.is_finite()
    assert json.loads(json_array([answer, answer], "number"))[1]["identifier"] == name


def test_readable_as_it_is() -> None:
    assert "Søren".encode() in json_object(Answer(Customer("1", name="Søren"), None), "number")
