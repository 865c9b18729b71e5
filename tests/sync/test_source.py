"""Reading real databases: mappings, types, pages."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy.exc import DBAPIError

from customers.customer import Balance, Customer
from sync import statements
from sync.mapping import Deleted, Fault
from sync.pages import Entry
from sync.settings import BalanceSettings, SourceSettings
from sync.source import Source
from tests.sync.merchant import BALANCES, Merchant, dated

Open = Callable[[SourceSettings], Source]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens sources, and closes them after the test."""
    with ExitStack() as stack:
        yield lambda settings: stack.enter_context(closing(Source(settings)))


def everything(source: Source) -> list[Entry]:
    return [entry for page in source.scan() for entry in page.entries]


def test_columns_and_expressions(merchant: Merchant, opened: Open) -> None:
    merchant.run(
        "INSERT INTO customers (number, name, phone, city, blocked) VALUES"
        " ('C1', ' Lars Hansen ', '', 'Aarhus: 100% \"by\"', 1)"
    )
    fields = {"identifier": "number", "name": "upper(name)", "phone": "phone", "city": "city"}
    fields |= {"block_sales": "blocked", "country": "'Da%mark :x'", "additional_info": "NULL"}
    source = opened(SourceSettings(url=merchant.url, from_="customers", customer=fields))
    source.check()
    assert everything(source) == [
        Customer("C1", "LARS HANSEN", city='Aarhus: 100% "by"', country="Da%mark :x", block_sales=True)
    ]


def test_a_query_with_a_comment_and_a_semicolon(merchant: Merchant, opened: Open) -> None:
    merchant.add("C1", "Lars Hansen")
    query = "SELECT number AS no, name || '' AS name FROM customers -- all of them;"
    if "mysql" in merchant.url:
        query = "SELECT number AS no, concat(name, '') AS name FROM customers -- all of them;"
    fields = {"identifier": "no", "name": "name"}
    source = opened(SourceSettings(url=merchant.url, query=query, customer=fields))
    source.check()
    assert everything(source) == [Customer("C1", "Lars Hansen")]


def test_a_schema_and_odd_names(merchant: Merchant, opened: Open) -> None:
    quote = merchant.engine.dialect.identifier_preparer.quote
    merchant.run(f"CREATE TABLE {quote('Kunde Kartei')} (nr INTEGER, {quote('Full Name')} VARCHAR(50))")
    merchant.run(f"INSERT INTO {quote('Kunde Kartei')} VALUES (42, 'Lars Hansen')")
    schema = {"sqlite": "main", "postgresql": "public"}.get(merchant.engine.dialect.name)
    schema = schema or str(merchant.engine.url.database)
    settings = SourceSettings(
        url=merchant.url,
        from_=f"{schema}.Kunde Kartei",
        customer={"identifier": "nr", "name": "Full Name"},
    )
    source = opened(settings)
    source.check()
    assert everything(source) == [Customer("42", "Lars Hansen")]
    assert list(source.read(["42", "43", "no number"])) == [Customer("42", "Lars Hansen")]


def test_balances_of_a_table(merchant: Merchant, opened: Open) -> None:
    merchant.add("C1", "Lars Hansen")
    merchant.add("C2", "Mette Jensen")
    merchant.owe("C1", 12.5, "EUR")
    merchant.owe("C1", -3, "DKK")
    merchant.owe("C9", 1)
    first, second = everything(opened(dated(merchant.url)))
    assert isinstance(first, Customer)
    assert isinstance(second, Customer)
    assert first.balances == (Balance("DKK", Decimal(-3)), Balance("EUR", Decimal("12.5")))
    assert second.balances == ()


def test_balances_of_a_query_where_owed_is_positive(merchant: Merchant, opened: Open) -> None:
    merchant.add("C1", "Lars Hansen")
    merchant.owe("C1", 12.5, "EUR")
    balances = BalanceSettings(
        query="SELECT number, sum(amount) AS total FROM balances GROUP BY number",
        identifier="number",
        currency="'dkk'",
        balance="total",
        balance_overdue="total / 2",
        credit_limit="1000",
        owed="positive",
    )
    source = opened(replace(dated(merchant.url), balances=balances))
    source.check()
    (customer,) = everything(source)
    assert isinstance(customer, Customer)
    assert customer.balances == (Balance("DKK", Decimal("-12.5"), Decimal("-6.25"), Decimal(1000)),)


def test_a_balance_in_the_customers_row(merchant: Merchant, opened: Open) -> None:
    merchant.add("C1", "Lars Hansen")
    merchant.run("UPDATE customers SET blocked = 7")
    own = BalanceSettings(currency="'DKK'", balance="blocked", owed="positive")
    source = opened(replace(dated(merchant.url), balances=own))
    source.check()
    (customer,) = everything(source)
    assert isinstance(customer, Customer)
    assert customer.balances == (Balance("DKK", Decimal(-7)),)
    assert source.balances(["C1"], "DKK", 2.0) == {"C1": Balance("DKK", Decimal(-7))}
    assert source.balances(["C1"], "EUR", 2.0) == {}


def test_live_balances(merchant: Merchant, opened: Open) -> None:
    merchant.owe("C1", 12.5, "EUR")
    merchant.owe("C1", 100, "DKK")
    merchant.owe("C2", 200, "DKK")
    merchant.add("C1", "Lars Hansen")
    source = opened(dated(merchant.url))
    assert source.balances(["C1", "C3"], "DKK", 2.0) == {"C1": Balance("DKK", Decimal(100))}
    assert source.balances([], "DKK", 2.0) == {}


def test_a_live_balance_that_cannot_be_read_is_no_reason_to_give_none(
    merchant: Merchant, opened: Open
) -> None:
    for name in ("C1", "C2", "C3"):
        merchant.add(name, "Lars Hansen")
        merchant.owe(name, 100, "DKK")
    merchant.owe("C3", 7, "EUR")
    odd = BalanceSettings(
        from_="balances",
        identifier="number",
        currency="currency",
        balance="CASE WHEN number = 'C1' OR currency = 'EUR' THEN 'oops' ELSE '100' END",
    )
    source = opened(replace(dated(merchant.url), balances=odd))
    hundred = Balance("DKK", Decimal(100))
    assert source.balances(["C1", "C2", "C3"], "DKK", 2.0) == {"C1": None, "C2": hundred, "C3": hundred}
    assert source.balances(["C1", "C2", "C3"], "EUR", 2.0) == {"C3": None}


def test_two_live_balances_in_one_currency_are_none(merchant: Merchant, opened: Open) -> None:
    merchant.add("C1", "Lars Hansen")
    merchant.add("C2", "Ida Dam")
    merchant.owe("C1", 100, "DKK")
    merchant.owe("C2", 100, "DKK")
    merchant.run(
        "INSERT INTO balances (number, currency, amount, changed)"
        " SELECT number, currency, 5, changed FROM balances WHERE number = 'C1'"
    )
    source = opened(dated(merchant.url))
    assert source.balances(["C1", "C2"], "DKK", 2.0) == {"C1": None, "C2": Balance("DKK", Decimal(100))}


def test_pages_meet_every_row_once_whatever_their_size(
    merchant: Merchant, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.source.PAGE", 3)
    monkeypatch.setattr("sync.source.SEGMENT", 7)
    monkeypatch.setattr(statements, "SEGMENT", 7)
    for number in range(25):
        merchant.add(f"C{number}", "Lars Hansen", changed="'2024-01-01 00:00:00'")
        merchant.owe(f"C{number}", number)
        merchant.owe(f"C{number}", number, "EUR")
    source = opened(dated(merchant.url))
    expected = sorted(f"C{number}" for number in range(25))
    assert sorted(str(entry.identifier) for entry in everything(source)) == expected
    window = [entry for page in source.window(0.0, 0.0) for entry in page.entries]
    assert sorted(str(entry.identifier) for entry in window) == expected
    assert all(isinstance(entry, Customer) and len(entry.balances) == 2 for entry in window)


def test_reading_goes_on_after_a_position(merchant: Merchant, opened: Open) -> None:
    for number in range(5):
        merchant.add(f"C{number}", "Lars Hansen")
    pages = opened(dated(merchant.url)).scan("C3")
    assert [entry.identifier for page in pages for entry in page.entries] == ["C3", "C4"]


def test_a_row_that_is_no_customer_is_a_fault_without_its_values(merchant: Merchant, opened: Open) -> None:
    merchant.add("C1", "Lars Hansen")
    merchant.owe("C1", 1, "D1")
    assert everything(opened(dated(merchant.url))) == [
        Fault("C1", "balances: currency: is not a currency code of three letters (ISO 4217)")
    ]


def test_soft_deleted_rows(merchant: Merchant, opened: Open) -> None:
    merchant.add("C1", "Lars Hansen")
    merchant.run("UPDATE customers SET gone = 1")
    for deleted in ("gone", "gone = 1", "CASE WHEN gone = 1 THEN 'yes' END IS NOT NULL"):
        source = opened(replace(dated(merchant.url), deleted=deleted))
        source.check()
        assert everything(source) == [Deleted("C1")]
        assert source.count() == 0
        assert [*source.identifiers()] == [[]]


@pytest.mark.postgresql
def test_types_of_postgresql(postgresql_url: str, opened: Open) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.run(
            "CREATE TABLE odd AS SELECT '12345678-1234-5678-1234-567812345678'::uuid AS id,"
            " 9007199254740993::bigint AS big, 12.50::numeric AS amount, '\\x4c617273'::bytea AS bytes,"
            " date '2024-02-29' AS day, timestamptz '2024-02-29 12:00+02' AS aware,"
            " timestamp '2024-02-29 12:00' AS naive, 2100.0::float AS zip, true AS yes, ''::text AS blank"
        )
        fields = {"identifier": "id", "name": "bytes", "phone": "big", "postal_code": "zip", "city": "blank"}
        fields |= {"additional_info": "day", "block_sales": "yes", "country": "amount"}
        settings = SourceSettings(url=postgresql_url, from_="public.odd", customer=fields, updated_at="aware")
        expected = Customer(
            "12345678-1234-5678-1234-567812345678",
            "Lars",
            phone="9007199254740993",
            postal_code="2100",
            additional_info="2024-02-29",
            country="12.50",
            block_sales=True,
            updated_at=datetime(2024, 2, 29, 10, tzinfo=UTC),
        )
        source = opened(settings)
        assert everything(source) == [expected]
        assert list(source.read([expected.identifier])) == [expected]
        (naive,) = everything(opened(replace(settings, updated_at="naive")))
        assert isinstance(naive, Customer)
        assert naive.updated_at == datetime(2024, 2, 29, 12, tzinfo=UTC)


@pytest.mark.mariadb
def test_types_of_mariadb(mariadb_url: str, opened: Open) -> None:
    with closing(Merchant(mariadb_url)) as merchant:
        merchant.run("CREATE TABLE odd (id BINARY(16), yes BIT(1), amount DOUBLE, day DATETIME)")
        merchant.run("INSERT INTO odd VALUES (unhex('ff345678123456781234567812345678'), 1, 0.1, now())")
        fields = {"identifier": "id", "block_sales": "yes", "phone": "amount"}
        source = opened(SourceSettings(url=mariadb_url, from_="odd", customer=fields, balances=None))
        expected = Customer("ff345678123456781234567812345678", phone="0.1", block_sales=True)
        assert everything(source) == [expected]
        assert list(source.read([expected.identifier])) == [expected]


def test_the_source_is_never_written(merchant: Merchant, opened: Open) -> None:
    merchant.add("C1", "Lars Hansen")
    source = opened(replace(dated(merchant.url), balances=replace(BALANCES, query=None)))
    with source._connected() as connection, pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        connection.exec_driver_sql("UPDATE customers SET name = 'Somebody'")


def test_text_of_sqlite_that_is_not_utf8_stops_nobody(sqlite_merchant: Merchant, opened: Open) -> None:
    sqlite_merchant.add("C1", "Lars Hansen")
    sqlite_merchant.run("INSERT INTO customers (number, name) VALUES ('C2', CAST(x'53f872656e' AS TEXT))")
    fields = {"identifier": "number", "name": "name"}
    source = opened(SourceSettings(url=sqlite_merchant.url, from_="customers", customer=fields))
    damaged = Customer("C2", "S\N{REPLACEMENT CHARACTER}ren")
    assert everything(source) == [Customer("C1", "Lars Hansen"), damaged]


@pytest.mark.parametrize("number", ["new\nline", " blanks ", "\N{SNOWMAN}", "01", "1e3", "%s :x", "'"])
def test_any_text_is_read_back_by_it(merchant: Merchant, opened: Open, number: str) -> None:
    merchant.add(number, "Lars Hansen")
    source = opened(SourceSettings(url=merchant.url, from_="customers", customer={"identifier": "number"}))
    assert list(source.read([number])) == [Customer(number)]
