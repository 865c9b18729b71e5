"""doctor says what is fine, what could be better, and what is wrong."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from customer_lookup.missing_indexes import missing_indexes
from sync.settings import BalanceSettings, SourceSettings
from tests.customer_lookup.conftest import LOOKUP, Invoke


def test_all_is_well(lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    result = invoke("doctor", "--config", lookup_toml)
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["ok"] * 6 + ["advice"]
    assert "3 customers" in result.stdout


def test_nothing_indexed_yet_is_no_fault(lookup_toml: Path, invoke: Invoke) -> None:
    result = invoke("doctor", "--config", lookup_toml)
    assert result.exit_code == 0
    assert "advice  index: nothing is indexed" in result.stdout


def test_a_missing_index_comes_with_its_statement(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute("DROP INDEX customers_modified_at")
    statement = "CREATE INDEX customers_modified_at ON customers (modified_at, customer_no)"
    assert (
        f"advice  source indexes: a sync reads whole tables; make one: {statement}"
        in invoke("doctor", "--config", lookup_toml).stdout
    )
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute(statement)
    assert "ok      source indexes" in invoke("doctor", "--config", lookup_toml).stdout


@pytest.mark.parametrize(
    ("moment", "is_doubted"),
    [
        ("datetime('now', '-5 hours')", True),
        ("datetime('now')", False),
        ("datetime('now', '+2 hours')", False),
        ("datetime('now', '-2 days')", False),
        ("strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-5 hours')", False),
        ("date('now')", False),
    ],
)
def test_times_of_another_zone_are_doubted(
    folder: Path, lookup_toml: Path, invoke: Invoke, moment: str, is_doubted: bool
) -> None:
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute(f"UPDATE customers SET modified_at = {moment}")
    said = "advice  source: [source] updated_at: the newest is 5.0 hours behind the database's clock"
    result = invoke("doctor", "--config", lookup_toml)
    assert (said in result.stdout) is is_doubted
    assert ("ok      source:" in result.stdout) is not is_doubted


def test_the_statements_work_in_every_database(database_url: str) -> None:
    settings = SourceSettings(
        url=database_url,
        from_="customers",
        customer={"identifier": "no"},
        updated_at="changed",
        balances=BalanceSettings(
            currency="currency", identifier="no", updated_at="changed", from_="accounts"
        ),
    )
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE customers (no INT PRIMARY KEY, changed TIMESTAMP)"))
        connection.execute(text("CREATE TABLE accounts (no INT, currency CHAR(3), changed TIMESTAMP)"))
    statements = missing_indexes(settings)
    assert len(statements) == 2
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
    assert missing_indexes(settings) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param("[index]", '[index]\nname = "x"', "ok      index", id="name"),
        pytest.param(
            "port = 0",
            'port = 0\napi_keys = ["short"]',
            "advice  api keys: an api key is shorter",
            id="short",
        ),
        pytest.param(
            'updated_at = "modified_at"', "", "advice  source indexes: no updated_at", id="no-updated-at"
        ),
    ],
)
def test_what_is_found_is_said(lookup_toml: Path, invoke: Invoke, right: str, wrong: str, said: str) -> None:
    lookup_toml.write_text(LOOKUP.replace(right, wrong), encoding="utf-8")
    invoke("sync", "--config", lookup_toml)
    assert said in invoke("doctor", "--config", lookup_toml).stdout
