"""Customer <-> document: exactly, whatever the customer holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.customer import Balance, Customer
from customers.document import (
    customer_from_json,
    customer_to_json,
    identifier_from_json,
    identifier_key,
    to_document,
)
from customers.settings import SearchSettings
from tests.people import EVERYONE, LARS, SOREN

SETTINGS = SearchSettings()
TEXTS = st.none() | st.text(alphabet=st.characters())  # lone surrogates too
AMOUNTS = st.none() | st.decimals(allow_nan=False, allow_infinity=False)
TIMES = st.none() | st.datetimes(timezones=st.just(UTC))


def balances() -> st.SearchStrategy[tuple[Balance, ...]]:
    balance = st.builds(Balance, st.sampled_from(["DKK", "EUR", "SEK"]), AMOUNTS, AMOUNTS, AMOUNTS)
    return st.lists(balance, max_size=3).map(tuple)


CUSTOMERS = st.builds(
    Customer,
    identifier=st.text(alphabet=st.characters()),
    name=TEXTS,
    phone=TEXTS,
    street=TEXTS,
    city=TEXTS,
    postal_code=TEXTS,
    country=TEXTS,
    country_code=TEXTS,
    email=TEXTS,
    additional_info=TEXTS,
    organization_number=TEXTS,
    block_sales=st.none() | st.booleans(),
    balances=balances(),
    updated_at=TIMES,
)


def whole(text: str) -> str:
    """`text` with surrogate pairs as the characters that they encode; JSON knows no difference."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@given(CUSTOMERS)
def test_a_customer_survives_the_way_there_and_back(customer: Customer) -> None:
    body = to_document(customer, SETTINGS).body
    body.encode()
    back = customer_from_json(body)
    assert repr(back.balances) == repr(customer.balances)  # 1.10 and 1.1 are equal, but not the same
    for field in ("identifier", "name", "street", "block_sales", "updated_at"):
        value = getattr(customer, field)
        assert getattr(back, field) == (whole(value) if isinstance(value, str) else value)


@given(CUSTOMERS)
def test_any_customer_has_keys(customer: Customer) -> None:
    keys = to_document(customer, SETTINGS).keys
    for tokens in (keys.names, keys.places, keys.codes, keys.endings, keys.joined, keys.starts, keys.sounds):
        assert all(token.isalnum() for token in tokens.split(" ") if tokens)
        tokens.encode()


def test_equal_customers_give_equal_documents() -> None:
    for customer in EVERYONE:
        assert to_document(replace(customer), SETTINGS) == to_document(customer, SETTINGS)


@pytest.mark.parametrize(
    "changed",
    [
        replace(SOREN, name="Søren Hansen"),
        replace(SOREN, block_sales=True),
        replace(SOREN, phone=None),
        replace(SOREN, balances=SOREN.balances[:1]),
        replace(SOREN, balances=(replace(SOREN.balances[0], balance=Decimal("-500.1")), SOREN.balances[1])),
        replace(SOREN, updated_at=datetime(2026, 3, 2, tzinfo=UTC)),
    ],
)
def test_a_change_changes_the_digest(changed: Customer) -> None:
    assert to_document(changed, SETTINGS).digest != to_document(SOREN, SETTINGS).digest


def test_other_keys_change_the_digest() -> None:
    swedish = to_document(SOREN, SearchSettings(default_region="SE"))
    assert swedish.digest != to_document(SOREN, SETTINGS).digest


def test_a_time_comes_back_as_the_same_instant() -> None:
    in_copenhagen = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    customer = replace(LARS, updated_at=in_copenhagen)
    assert customer_from_json(customer_to_json(customer)) == customer
    assert identifier_from_json(customer_to_json(customer)) == customer.identifier


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", "null", '{"identifier":"a","unknown":1}', '{"identifier":"a","balances":[["DKK","x"]]}'],
)
def test_what_is_no_customer_is_said(body: str) -> None:
    with pytest.raises(ValueError, match=r"reindex|Expecting"):
        customer_from_json(body)


@pytest.mark.parametrize("body", ["[]", "{}", "null"])
def test_what_has_no_identifier_is_said(body: str) -> None:
    with pytest.raises(ValueError, match="reindex"):
        identifier_from_json(body)


@given(st.text(alphabet=st.characters()), st.text(alphabet=st.characters()))
def test_identifiers_have_keys_of_their_own(one: str, other: str) -> None:
    assert (identifier_key(one) == identifier_key(other)) == (whole(one) == whole(other))


def test_its_order_is_that_of_the_merchants_own_country() -> None:
    swede, dane = Customer("1", country_code="se"), Customer("1", country_code="dk")
    for settings, near, abroad in (
        (SearchSettings(default_region="SE"), swede, dane),
        (SearchSettings(default_region="DK"), dane, swede),
    ):
        assert to_document(near, settings).order > to_document(abroad, settings).order


@pytest.mark.parametrize(
    ("name", "others"), [(None, 0), ("Bo", 0), ("Bo Bø", 2), ("Bo A/S", 1), ("Anne-Marie Juul", 3)]
)
def test_how_many_other_words_its_name_has(name: str | None, others: int) -> None:
    """Also where one comes twice, which is one key."""
    assert to_document(Customer("1", name), SearchSettings()).others_in_name == others
