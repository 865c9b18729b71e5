"""A column that the merchant drops while a worker lives is an error that names its key, and never data:
SQLite takes a name in double quotes that it does not know for a text."""

from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from customers.customer import Customer
from customers.errors import ConfigurationError, SourceError
from sync.context import SyncContext
from sync.incremental import sync
from sync.reindexing import reindex
from sync.settings import BalanceSettings, SourceSettings
from sync.source import Source
from sync.verification import verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import TIMES, Merchant
from tests.sync.test_living import JOBS
from tests.sync.test_source_trouble import repair

CUSTOMERS = 30
# The column that goes, and the key that is to be named.
DROPPED = {
    "Number": "[source.customer] identifier",
    "Name": "[source.customer] name",
    "Changed": "[source] updated_at",
    "Gone": "[source] deleted",
    "Saldo": "[source.balances] balance",
}


@pytest.fixture
def shop(merchant: Merchant) -> Merchant:
    """A merchant who likes capitals."""
    quote = merchant.engine.dialect.identifier_preparer.quote
    number, name, gone, owed, changed = map(quote, ("Number", "Name", "Gone", "Saldo", "Changed"))
    merchant.run(
        f"CREATE TABLE shop (id INTEGER, {number} VARCHAR(20), {name} VARCHAR(40), {gone} INTEGER DEFAULT 0,"
        f" {owed} DECIMAL(9, 2), {changed} {TIMES[merchant.engine.dialect.name]})"
    )
    with merchant.at_once():
        for place in range(CUSTOMERS):
            merchant.run(
                f"INSERT INTO shop (id, {number}, {name}, {owed}, {changed})"
                f" VALUES ({place}, 'C{place:02}', 'Lars Hansen', 7, {merchant.now})"
            )
    return merchant


def settings(merchant: Merchant) -> SourceSettings:
    return SourceSettings(
        url=merchant.url,
        customer={"identifier": "Number", "name": "Name"},
        from_="shop",
        updated_at="Changed",
        deleted="Gone",
        balances=BalanceSettings(currency="'DKK'", balance="Saldo"),
    )


def drop(merchant: Merchant, column: str) -> None:
    merchant.engine.dispose()
    quote = merchant.engine.dialect.identifier_preparer.quote
    merchant.run(f"ALTER TABLE shop DROP COLUMN {quote(column)}")


def assert_as_before(context: SyncContext) -> None:
    (live,) = (found for found in context.index.generations() if found.live)
    assert live.documents == CUSTOMERS
    customer = context.index.get("C07")
    assert isinstance(customer, Customer)
    assert customer.name == "Lars Hansen"
    assert [int(balance.balance or 0) for balance in customer.balances] == [7]


@pytest.mark.parametrize("column", DROPPED)
def test_it_is_named_by_every_job(shop: Merchant, make_context: MakeContext, column: str) -> None:
    context = make_context(settings(shop))
    sync(context)
    reindex(context)
    assert verify(context).equal
    drop(shop, column)
    for job in (*JOBS.values(), repair, sync):
        with pytest.raises(SourceError) as refused:
            job(context)
        assert f'): {DROPPED[column]}: column "{column}" is not in "shop"' in str(refused.value)
        assert_as_before(context)


@pytest.mark.parametrize("column", ["Number", "Saldo"])
def test_it_is_named_by_live_balances(shop: Merchant, column: str) -> None:
    with closing(Source(settings(shop))) as source:
        assert source.balances(["C07"], "DKK", 5.0)["C07"]
        drop(shop, column)
        for _ in range(2):
            with pytest.raises(SourceError) as refused:
                source.balances(["C07"], "DKK", 5.0)
            assert f'): {DROPPED[column]}: column "{column}" is not in "shop"' in str(refused.value)


def test_live_balances_are_back_with_the_column(shop: Merchant) -> None:
    with closing(Source(settings(shop))) as source:
        drop(shop, "Saldo")
        with pytest.raises(SourceError):
            source.balances(["C07"], "DKK", 5.0)
        quote = shop.engine.dialect.identifier_preparer.quote
        shop.run(f"ALTER TABLE shop ADD {quote('Saldo')} DECIMAL(9, 2)")
        shop.run(f"UPDATE shop SET {quote('Saldo')} = 9")
        (account,) = source.balances(["C07"], "DKK", 5.0).values()
        assert account is not None
        assert account.balance == 9


QUOTED: dict[str, dict[str, Any]] = {
    "alone": {"customer": {"identifier": "Number", "name": '"Name"'}},
    "in an expression": {"customer": {"identifier": "Number", "name": 'trim("Name")'}},
    "in a query": {
        "from_": None,
        "query": 'SELECT "Number", "Name" AS "Name", "Saldo", Gone, Changed FROM shop',
    },
}


@pytest.mark.parametrize("way", QUOTED)
def test_double_quotes_of_the_merchants_own_are_no_text_in_sqlite(
    sqlite_merchant: Merchant, make_context: MakeContext, way: str
) -> None:
    merchant = sqlite_merchant
    merchant.run(
        'CREATE TABLE shop ("Number" TEXT, "Name" TEXT, Gone INTEGER, "Saldo" INTEGER, Changed TEXT)'
    )
    for place in range(CUSTOMERS):
        merchant.run(f"INSERT INTO shop VALUES ('C{place:02}', 'Lars Hansen', 0, 7, {merchant.now})")
    quoted = replace(settings(merchant), **QUOTED[way])
    context = make_context(quoted)
    context.source.check()
    sync(context)
    reindex(context)
    assert_as_before(context)
    drop(merchant, "Name")
    for job in JOBS.values():
        with pytest.raises(SourceError, match=r'(column "Name" is not in|no such column: Name)'):
            job(context)
        assert_as_before(context)
    with pytest.raises(ConfigurationError):
        context.source.check()


def test_what_only_looks_like_a_name_in_double_quotes(sqlite_merchant: Merchant) -> None:
    sqlite_merchant.add("C1", 'Lars "Lasse" Hansen')
    sql = (
        """replace(name, '"', '') || ' "x" ' /* "y" */ || [number] || "number" || `number` -- the "number\""""
    )
    query = 'SELECT number AS "a ""b`c", name FROM customers -- "number"'
    fields = {"identifier": 'a "b`c', "name": sql.replace("number", "name"), "phone": '"a ""b`c"'}
    settings = SourceSettings(url=sqlite_merchant.url, query=query, customer=fields)
    with closing(Source(settings)) as source:
        source.check()
        ((customer,),) = (page.entries for page in source.scan())
    lars = 'Lars "Lasse" Hansen'
    assert customer == Customer("C1", f'Lars Lasse Hansen "x" {lars}{lars}{lars}', phone="C1")
