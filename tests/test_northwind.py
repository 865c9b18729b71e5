"""Real input: the Northwind database in a real PostgreSQL, by the example configuration, over real HTTP."""

import os
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from sqlalchemy import URL, make_url

from tests.customer_lookup.process import running
from tests.databases import new_database

ROOT = Path(__file__).parent.parent
DUMP = Path(os.environ.get("NORTHWIND_SQL", ROOT.parent / "shared" / "data" / "northwind.sql"))

pytestmark = [
    pytest.mark.northwind,
    pytest.mark.postgresql,
    pytest.mark.skipif(
        not DUMP.exists(), reason=f"NORTHWIND NOT TESTED: {DUMP} is not there; set NORTHWIND_SQL"
    ),
]


@pytest.fixture(scope="module")
def northwind(postgresql: URL) -> Iterator[str]:
    """The URL of a database with Northwind in it."""
    with new_database(postgresql, "northwind") as url:
        with psycopg.connect(_libpq(url)) as connection:
            connection.execute(DUMP.read_bytes())
        yield url


@pytest.fixture(scope="module")
def service(northwind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running customer-lookup that has indexed it."""
    file = tmp_path_factory.mktemp("northwind") / "lookup.toml"
    example = (ROOT / "examples" / "northwind.toml").read_text(encoding="utf-8")
    file.write_text(example.replace("port = 8080", "port = 0"), encoding="utf-8")
    with running("run", "--config", file, environment={"NORTHWIND_URL": northwind}) as started:
        _wait_until_ready(started.url)
        yield started.url


@pytest.fixture(scope="module")
def expected(northwind: str) -> dict[str, dict[str, Any]]:
    """Every Customer as it should be, worked out here from the rows themselves."""
    with psycopg.connect(_libpq(northwind)) as connection:
        customers = connection.execute(
            "SELECT customer_id, company_name, contact_name, phone, address, city, postal_code, country"
            " FROM customers"
        ).fetchall()
        orders = connection.execute(
            "SELECT order_id, customer_id, order_date::text, required_date::text, shipped_date::text"
            " FROM orders"
        ).fetchall()
        lines = connection.execute(
            "SELECT order_id, unit_price::text, quantity, discount::text FROM order_details"
        ).fetchall()
    amounts: dict[int, Decimal] = {}
    for order, price, quantity, discount in lines:
        amount = Decimal(price) * quantity * (1 - Decimal(discount))
        amounts[order] = amounts.get(order, Decimal(0)) + amount
    return {row[0]: _customer(row, orders, amounts) for row in customers}


def _customer(row: tuple[Any, ...], orders: list[Any], amounts: dict[int, Decimal]) -> dict[str, Any]:
    identifier, company, contact, phone, street, city, postal_code, country = row
    mine = [order for order in orders if order[1] == identifier]
    last_order = max((order[2] for order in mine), default=None)
    customer = {
        "identifier": identifier,
        "name": f"{company}, {contact}",
        "phone": phone,
        "street": street,
        "city": city,
        "postal_code": postal_code,
        "country": country,
        "additional_info": last_order and f"Last order {last_order}",
    }
    unshipped = [order for order in mine if order[4] is None]
    if unshipped:
        customer["balance"] = -_total(unshipped, amounts)
    late = [order for order in unshipped if order[3] < "1998-05-06"]
    if late:
        customer["balance_overdue"] = -_total(late, amounts)
    return {name: value for name, value in customer.items() if value is not None}


def _total(orders: list[Any], amounts: dict[int, Decimal]) -> Decimal:
    return sum((amounts[order[0]] for order in orders), Decimal(0)).quantize(Decimal("0.01"), "ROUND_HALF_UP")


@pytest.mark.parametrize(
    ("term", "identifier"),
    [
        pytest.param("ALFKI", "ALFKI", id="customer-id"),
        pytest.param("alfki", "ALFKI", id="customer-id-in-small-letters"),
        pytest.param("Rattlesnake Canyon Grocery", "RATTC", id="company"),
        pytest.param("Christina Berglund", "BERGS", id="contact"),
        pytest.param("Luleå", "BERGS", id="city"),
        pytest.param("lulea", "BERGS", id="city-without-its-ring"),
        pytest.param("Ratlesnake Canyon", "RATTC", id="mistyped-company"),
        pytest.param("Alfred Futterkiste", "ALFKI", id="mistyped-company-2"),
        pytest.param("0300074321", "ALFKI", id="phone-digits"),
        pytest.param("074321", "ALFKI", id="last-phone-digits"),
    ],
)
def test_the_right_customer_comes_first_and_whole(
    service: str, expected: dict[str, dict[str, Any]], term: str, identifier: str
) -> None:
    assert _lookup(service, term, "USD")[0] == expected[identifier]


def test_every_customer_is_found_by_its_id_with_its_balances(
    service: str, expected: dict[str, dict[str, Any]]
) -> None:
    found = {identifier: _get(service, identifier) for identifier in expected}
    assert found == expected
    assert sum("balance" in customer for customer in found.values()) >= 10


def test_another_currency_shows_no_amounts(service: str, expected: dict[str, dict[str, Any]]) -> None:
    owing = next(identifier for identifier, customer in expected.items() if "balance" in customer)
    assert not {"balance", "balance_overdue", "credit_limit"} & _lookup(service, owing, "DKK")[0].keys()


def test_nobody_is_found_for_what_nobody_is_called(service: str) -> None:
    assert _lookup(service, "qqqqzzzzxxxx", "USD") == []


def _lookup(service: str, term: str, currency: str) -> list[dict[str, Any]]:
    answer = requests.get(
        f"{service}/customers/lookup", params={"search_term": term, "currency_code": currency}, timeout=30
    )
    assert answer.status_code == 200, answer.text
    return list(answer.json(parse_float=Decimal))


def _get(service: str, identifier: str) -> dict[str, Any]:
    answer = requests.get(f"{service}/customers/{identifier}", timeout=30)
    return dict(answer.json(parse_float=Decimal))


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _wait_until_ready(url: str) -> None:
    give_up_at = time.monotonic() + 60
    while requests.get(f"{url}/health/ready", timeout=30).status_code != 200:
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
