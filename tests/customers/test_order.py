"""Of those who answer a term equally well, who comes first."""

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.customer import Customer
from customers.keys import name_words
from customers.order import order_number, others_in_name
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
    ],
)
def test_who_comes_first(first: Customer, then: Customer) -> None:
    assert order_number(first, SETTINGS) > order_number(then, SETTINGS)


@pytest.mark.parametrize(
    "country",
    [
        *(
            "Sverige",
            "SWEDEN",
            "schweden",
            "Zweden",
            "se",
            "Ruotsi",
            "Holland",
            "England",
            "UK",
            "USA",
            "SWE",
        ),
        *("752", "Sverige (SE)", "Magyarország", "Россия", "Northern Ireland", "Eire", "Turkey"),
        "Czech Republic",
    ],
)
def test_a_country_that_is_named_without_its_code_is_another(country: str) -> None:
    abroad = Customer("1", country=country, updated_at=LONG_AGO)
    for name in ("Danmark", "Dänemark", "Danmark (DK)", "DNK", None):
        near = Customer("9", country=name)
        assert order_number(near, SETTINGS) > order_number(abroad, SETTINGS)


@pytest.mark.parametrize("country", ["Hjemme", "n/a", "-", "xx", "EU", "zz", "  "])
def test_a_country_that_nobody_knows_is_the_shops(country: str) -> None:
    for customer in (Customer("1", country=country), Customer("1", country_code=country)):
        assert order_number(customer, SETTINGS) == order_number(Customer("1"), SETTINGS)


def test_a_code_that_nobody_knows_hides_no_name() -> None:
    swede = Customer("1", country="Sverige", country_code="zz")
    assert order_number(swede, SETTINGS) < order_number(Customer("1"), SETTINGS)


def test_a_countrys_code_says_more_than_its_name() -> None:
    swede = Customer("1", country="Danmark", country_code="se")
    assert order_number(swede, SETTINGS) < order_number(Customer("1"), SETTINGS)


@pytest.mark.parametrize("form", ["{}x", "1000-{:06}", "{}0000000000000", "{:06}"])
def test_all_of_them_stand_apart(form: str) -> None:
    """As far as 20 bits can: identifiers that ended alike came first by chance."""
    letters = string.ascii_lowercase
    numbers = {
        order_number(Customer(form.format(letters[at] if form == "{}x" else at)), SETTINGS)
        for at in range(26)
    }
    assert len(numbers) == 26


def test_the_shops_country_is_the_one_that_is_set() -> None:
    swede = Customer("1", country_code="se")
    swedish = replace(SETTINGS, default_region="SE")
    assert order_number(swede, swedish) == order_number(replace(swede, country_code="dk"), SETTINGS)
    assert order_number(swede, swedish) > order_number(replace(swede, country_code="dk"), swedish)


def test_what_was_changed_before_1970_counts_as_never() -> None:
    before = Customer("1", updated_at=datetime(1969, 1, 1, tzinfo=UTC))
    assert order_number(before, SETTINGS) == order_number(Customer("1"), SETTINGS)


@given(st.text(min_size=1), times)
def test_it_is_always_the_same(identifier: str, changed: datetime | None) -> None:
    customer = Customer(identifier, updated_at=changed)
    assert order_number(customer, SETTINGS) == order_number(replace(customer, name="Ida"), SETTINGS)


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("", 0),
        ("Åsa Johansson", 2),
        ("ASA Johansson", 1),
        ("hansen", 0),
        ("hansen as", 1),
        ("as aps", 1),
        ("lars hansen", 2),
        ("lars hansen as", 2),
        ("lars peter bo hansen", 4),
        ("lars peter bo ole hansen", 5),
        ("lars peter bo ole kaj hansen", 5),
    ],
)
def test_how_much_of_a_name_is_left(name: str, others: int) -> None:
    assert others_in_name(name_words(Customer("1", name))) == others
