"""Of those who answer a term equally well, who comes first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.customer import Customer
from customers.order import order_number
from customers.settings import SearchSettings

SETTINGS = SearchSettings()
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
times = st.none() | st.datetimes(timezones=st.just(UTC))


@given(st.text(), st.sampled_from([None, "", "dk", "DK", "se"]), times)
def test_it_fits_into_any_programs_numbers(
    identifier: str, country: str | None, changed: datetime | None
) -> None:
    """JSON's are floating in JavaScript, and in some engines: 53 bits are exact."""
    customer = Customer(identifier, country_code=country, updated_at=changed)
    assert 0 <= order_number(customer, SETTINGS) < 2**53


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (Customer("9", country_code="dk"), Customer("1", country_code="se", updated_at=LONG_AGO)),
        (Customer("9"), Customer("1", country_code="se", updated_at=LONG_AGO)),
        (Customer("9", updated_at=LONG_AGO + timedelta(seconds=1)), Customer("1", updated_at=LONG_AGO)),
        (Customer("9", updated_at=LONG_AGO), Customer("1")),
        (Customer("9"), Customer("10")),
        (Customer("K-1009"), Customer("K-1010")),
        (Customer("2000009"), Customer("2000010")),
    ],
)
def test_who_comes_first(first: Customer, then: Customer) -> None:
    assert order_number(first, SETTINGS) > order_number(then, SETTINGS)


def test_customers_without_a_number_stand_apart_too() -> None:
    numbers = {order_number(Customer(f"{letter}x"), SETTINGS) for letter in "abcdefgh"}
    assert len(numbers) == 8


@given(st.text(min_size=1), times)
def test_it_is_always_the_same(identifier: str, changed: datetime | None) -> None:
    customer = Customer(identifier, updated_at=changed)
    assert order_number(customer, SETTINGS) == order_number(replace(customer, name="Ida"), SETTINGS)
