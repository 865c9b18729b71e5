"""What changes in the balances alone moves its customer, however the balances are written."""

from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal

import pytest

from customers.customer import Balance
from sync import generations
from sync.context import SyncContext
from sync.incremental import sync
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import LONG_AGO, Merchant, dated

# How the numbers of the customers and those of the balances are kept, and how the latter write C5. The
# database takes both for equal.
WRITTEN_OTHERWISE = [
    pytest.param(("sqlite_url", "VARCHAR(60)", "VARCHAR(60) COLLATE NOCASE", "c5"), id="sqlite"),
    pytest.param(
        ("postgresql_url", "VARCHAR(60)", "CHAR(10)", "C5"), id="postgresql", marks=pytest.mark.postgresql
    ),
    pytest.param(
        ("mariadb_url", "VARCHAR(60)", "VARCHAR(60)", "c5"), id="mariadb", marks=pytest.mark.mariadb
    ),
]


@pytest.fixture(params=WRITTEN_OTHERWISE)
def otherwise(request: pytest.FixtureRequest) -> Iterator[tuple[Merchant, str]]:
    """A merchant with customer C5, and how the balances write that number."""
    url, key, balance_key, number = request.param
    with closing(Merchant(request.getfixturevalue(url), key=key, balance_key=balance_key)) as merchant:
        merchant.add("C5", "Lars Hansen", changed=LONG_AGO)
        merchant.owe(number, 100)
        yield merchant, number


def balances(context: SyncContext, identifier: str) -> list[Decimal | None]:
    customer = context.index.get(identifier)
    assert customer is not None
    return [balance.balance for balance in customer.balances]


def test_a_number_that_the_balances_write_otherwise(
    otherwise: tuple[Merchant, str], make_context: MakeContext
) -> None:
    merchant, number = otherwise
    context = make_context(dated(merchant.url))
    sync(context)
    assert balances(context, "C5") == [Decimal(100)]
    merchant.owe(number, 250)
    sync(context)
    assert balances(context, "C5") == [Decimal(250)]
    assert verify(context) == VerifyResult()


def test_live_balances_of_a_number_that_the_balances_write_otherwise(
    otherwise: tuple[Merchant, str], make_context: MakeContext
) -> None:
    merchant, _ = otherwise
    source = make_context(dated(merchant.url)).source
    assert source.balances(["C5"], "DKK", 2.0) == {"C5": Balance("DKK", Decimal(100))}


@pytest.fixture
def context(merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Two customers, one of them with a balance."""
    merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    merchant.add("C2", "Ida Ny", changed=LONG_AGO)
    merchant.owe("C1", 100)
    context = make_context(dated(merchant.url))
    sync(context)
    return context


def test_a_balance_whose_time_is_null(merchant: Merchant, context: SyncContext) -> None:
    merchant.run("UPDATE balances SET amount = 250, changed = NULL")
    merchant.run("INSERT INTO balances (number, currency, amount) VALUES ('C2', 'DKK', 777)")
    sync(context)
    assert balances(context, "C1") == [Decimal(250)]
    assert balances(context, "C2") == [Decimal(777)]
    found = sync(context)
    assert (found.written, found.deleted) == (0, 0)
    assert verify(context) == VerifyResult()


def test_a_balance_whose_time_is_null_is_spared_a_source_that_was_read_just_now(
    merchant: Merchant, context: SyncContext
) -> None:
    merchant.run("UPDATE balances SET amount = 250, changed = NULL")
    with context.state.write() as connection:
        live = generations.live(connection)
        assert live is not None
        generations.note(connection, live.name, scan_seconds=3600.0)
    sync(context, paced=True)
    assert balances(context, "C1") == [Decimal(100)]
