"""A wrong SQL expression is blamed on its own key, in every database and however it is wrong."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import make_url

from customers.errors import ConfigurationError
from sync.mapping import Fault
from sync.settings import BalanceSettings, SourceSettings
from sync.source import Source
from tests.sync.merchant import BALANCES, CUSTOMER, Merchant, dated
from tests.sync.test_source_trouble import SERVERS

With = Callable[[SourceSettings, str], SourceSettings]


def to_do(key: str, table: str) -> str:
    """How each sentence ends."""
    other = "a condition" if "deleted" in key else "an SQL expression that gives one value for each row"
    return f'; allowed: a column of "{table}", or {other}'


def customer(field: str) -> With:
    return lambda settings, sql: replace(settings, customer={**CUSTOMER, field: sql})


def balance(field: str) -> With:
    changed: dict[str, Any] = {}
    return lambda settings, sql: replace(settings, balances=replace(BALANCES, **changed | {field: sql}))


def own_balance(settings: SourceSettings, sql: str) -> SourceSettings:
    return replace(settings, balances=BalanceSettings(currency="'DKK'", balance=sql))


# How each key is set, and the table whose columns it may use; all have a column `number`.
KEYS: dict[str, tuple[With, str]] = {
    "[source.customer] identifier": (customer("identifier"), "customers"),
    "[source.customer] name": (customer("name"), "customers"),
    "[source] updated_at": (lambda settings, sql: replace(settings, updated_at=sql), "customers"),
    "[source] deleted": (lambda settings, sql: replace(settings, deleted=sql), "customers"),
    "[source.balances] identifier": (balance("identifier"), "balances"),
    "[source.balances] currency": (balance("currency"), "balances"),
    "[source.balances] balance": (balance("balance"), "balances"),
    "[source.balances] updated_at": (balance("updated_at"), "balances"),
    "[source.balances] balance ": (own_balance, "customers"),
}
WRONG = {
    "unknown function": "uper(number)",
    "open parenthesis": "upper(number",
    "closed parenthesis": "upper(number))",
    "open quote": "'number",
    "two values": "number, 1",
    "values in parentheses": "(number, currency)",
    "star": "*",
    "a name given": "number AS x",
    "a table named": "number FROM balances",
    "the rest swallowed": "number FROM balances --",
    "an open comment": "number /*",
    "a condition": "number WHERE 1 = 1",
    "an order": "number ORDER BY number",
    "distinct": "DISTINCT number",
    "two expressions": "number) AS x, (number",
    "an aggregate": "max(number)",
    "a count": "count(*)",
    "another table": "others.number",
    "a statement": "number; SELECT 1",
    "an unknown collation": "number COLLATE nowhere",
    "nothing": "()",
}


@pytest.fixture
def settings(merchant: Merchant) -> SourceSettings:
    """A mapping that is right, over a few rows."""
    for number, name, currency in (("C1", "Lars Hansen", "DKK"), ("C2", "Mette Jensen", "EUR")):
        merchant.add(number, name)
        merchant.owe(number, 100, currency)
    merchant.run("ALTER TABLE customers ADD currency CHAR(3)")
    return dated(merchant.url)


def complaint(settings: SourceSettings, *, thorough: bool = False) -> str:
    with closing(Source(settings)) as source, pytest.raises(ConfigurationError) as refused:
        source.check(thorough=thorough)
    assert "\n" not in str(refused.value)
    for personal in ("Lars", "Mette", "C1", "C2"):
        assert personal not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("key", KEYS)
def test_each_key_is_blamed_for_its_own(settings: SourceSettings, key: str) -> None:
    changed, table = KEYS[key]
    for what, sql in WRONG.items():
        words = complaint(changed(settings, sql))
        assert words.startswith(f"{key.strip()}: found {sql}: "), f"{what}: {words}"
        assert words.endswith(to_do(key, table)), f"{what}: {words}"


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_column_is_blamed_on_its_key(settings: SourceSettings, key: str) -> None:
    changed, table = KEYS[key]
    for sql in ("numbr", "upper(numbr)", "coalesce(numbr, number)"):
        words = complaint(changed(settings, sql))
        assert words == f'{key.strip()}: column "numbr" is not in "{table}"; did you mean "number"?'
    words = complaint(changed(settings, "wxyz"))
    assert words.startswith(f'{key.strip()}: column "wxyz" is not in "{table}"; it has ')
    assert "number" in words


@pytest.mark.parametrize("sql", ["number -- the one on the card", "upper(number) /* so */", " number "])
def test_a_comment_is_no_fault(settings: SourceSettings, sql: str) -> None:
    fields = {"identifier": sql, "name": sql}
    right = replace(settings, customer=fields, deleted="1 = 0 -- nobody")
    with closing(Source(right)) as source:
        source.check()
        entries = [entry for page in source.scan() for entry in page.entries]
    assert [entry.identifier for entry in entries] == ["C1", "C2"]


def test_what_only_looks_like_a_column_is_not_suggested(settings: SourceSettings) -> None:
    words = complaint(customer("name")(settings, "uper(CAST(name AS CHAR(9)))"))
    assert words.startswith("[source.customer] name: found uper(CAST(name AS CHAR(9))): ")
    words = complaint(customer("name")(settings, "(SELECT citi FROM balances LIMIT 1)"))
    assert words.startswith("[source.customer] name: found (SELECT citi FROM balances LIMIT 1): ")


@pytest.mark.parametrize("where", ["customers", "balances"])
def test_a_column_in_double_quotes_is_no_text(settings: SourceSettings, where: str) -> None:
    """SQLite would take it for one, and MariaDB always does."""
    if "mysql" in settings.url:
        return
    key, changed = ("[source.customer] name", customer("name"))
    if where == "balances":
        key, changed = ("[source.balances] currency", balance("currency"))
    words = complaint(changed(settings, '"Wxyz"'))
    assert words.startswith(f'{key}: column "Wxyz" is not in "{where}"; it has ')


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("key", "sql", "said"),
    [
        ("[source.customer] name", "cast(name AS integer)", "InvalidTextRepresentation 22P02"),
        ("[source.balances] balance", "cast(number AS numeric)", "InvalidTextRepresentation 22P02"),
        ("[source.balances] balance ", "cast(name AS numeric)", "InvalidTextRepresentation 22P02"),
        ("[source] updated_at", "cast(name AS timestamp)", "InvalidDatetimeFormat 22007"),
        ("[source] deleted", "cast(name AS integer) = 1", "InvalidTextRepresentation 22P02"),
        ("[source.customer] name", "(SELECT number FROM balances)", "CardinalityViolation 21000"),
        ("[source.customer] name", "string_to_array(name, ' ')", "is list, which has no one way to be text"),
        ("[source.customer] name", "(name, phone)", "gives several values"),
        ("[source.customer] name", "changed - changed", "is timedelta, which has no one way to be text"),
        ("[source.customer] identifier", "ARRAY[number]", "is list, which has no one way to be text"),
        ("[source.balances] balance", "changed", "is datetime, not a number"),
        ("[source] updated_at", "blocked IS NULL", "is bool, not a time"),
    ],
)
def test_what_only_the_rows_show(postgresql_url: str, key: str, sql: str, said: str) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        for number, name in (("C1", "Lars Hansen"), ("C2", "Mette Jensen")):
            merchant.add(number, name)
            merchant.owe(number, 100)
        changed, table = KEYS[key]
        words = complaint(changed(dated(merchant.url), sql))
        assert words.startswith(f"{key.strip()}: found {sql}: ")
        assert said in words
        assert words.endswith(to_do(key, table))


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("key", "sql"),
    [
        ("[source.customer] identifier", "to_json(number)"),
        ("[source] updated_at", "to_json(changed)"),
        ("[source.balances] updated_at", "to_json(changed)"),
    ],
)
def test_what_cannot_be_put_in_order_is_named(settings: SourceSettings, key: str, sql: str) -> None:
    if "postgresql" in settings.url:
        words = complaint(KEYS[key][0](settings, sql))
        assert words.startswith(f"{key}: found {sql}: could not identify an ")
        assert words.endswith("; cast it to a type that can be put in order, such as text")


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("key", "sql", "to_do"),
    [
        ("[source.customer] identifier", "to_jsonb(number)", "text"),
        ("[source] updated_at", "to_jsonb(extract(epoch FROM changed)::int)", "a timestamp"),
        ("[source.balances] updated_at", "to_jsonb(extract(epoch FROM changed)::int)", "a timestamp"),
    ],
)
def test_what_cannot_be_asked_for_is_named(postgresql_url: str, key: str, sql: str, to_do: str) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.add("C1", "Lars Hansen")
        merchant.owe("C1", 100)
        right = dated(merchant.url)
        settings = KEYS[key][0](right, sql)
        if "customer" in key:
            settings = replace(settings, balances=None)
        words = complaint(settings)
    assert words.startswith(f"{key}: found {sql}: the database does not compare it with a value (")
    assert words.endswith(f"; cast it to {to_do}")


@pytest.mark.mariadb
@pytest.mark.parametrize("key", ["[source.customer] identifier", "[source] updated_at"])
def test_what_mariadb_cannot_compare_is_named(settings: SourceSettings, key: str) -> None:
    if "mysql" in settings.url:
        words = complaint(KEYS[key][0](replace(settings, balances=None), "point(1, 2)"))
        assert words.startswith(f"{key}: found point(1, 2): Illegal parameter data type")
        assert words.endswith("; cast it to a type that can be put in order, such as text")


@pytest.mark.postgresql
def test_a_row_far_down_is_found_by_the_thorough_check(postgresql_url: str) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.run(
            "INSERT INTO customers (number, name, changed)"
            " SELECT number, number::text, now() FROM generate_series(1, 3000) AS number"
        )
        merchant.run("UPDATE customers SET name = 'Lars' WHERE number = '3000'")
        wrong = customer("phone")(dated(merchant.url), "cast(name AS integer)")
        said = "phone: the database cannot compute it (InvalidTextRepresentation 22P02)"
        with closing(Source(wrong)) as source:
            source.check()
            entries = [entry for page in source.scan() for entry in page.entries]
        assert len(entries) == 3000
        assert [entry for entry in entries if isinstance(entry, Fault)] == [Fault("3000", said)]
        words = complaint(wrong, thorough=True)
    assert words.startswith("[source.customer] phone: found cast(name AS integer): ")


@pytest.mark.parametrize("server", SERVERS)
def test_what_may_not_be_read_is_named(request: pytest.FixtureRequest, server: str) -> None:
    with closing(Merchant(request.getfixturevalue(server))) as merchant:
        url = make_url(merchant.url)
        mysql = url.get_backend_name() == "mysql"
        whom = f"clerk_{url.database}"
        merchant.run(f"CREATE USER {whom} IDENTIFIED BY 'x'" if mysql else f"CREATE ROLE {whom} LOGIN")
        merchant.run(f"GRANT SELECT ON customers TO {whom}")
        clerk = url.set(username=whom, password="x").render_as_string(hide_password=False)
        with closing(Source(replace(dated(clerk), balances=None))) as source:
            source.check()
        words = complaint(dated(clerk))
        assert words.startswith("[source.balances] from: found balances: may not be read (")
        assert words.endswith("; grant SELECT on it to the user of [source] url")
        if not mysql:
            merchant.run(f"DROP OWNED BY {whom}")
        merchant.run(f"DROP USER {whom}")
