"""Live balances are asked for by a process that lives for months; the keys may change meanwhile."""

from collections.abc import Iterator
from contextlib import closing, suppress
from decimal import Decimal

import pytest

from customers.errors import SourceError
from sync.source import Source
from tests.sync.merchant import Merchant, dated

PARTS = {"postgresql": "ALTER COLUMN number TYPE {type}{using}", "mysql": "MODIFY number {type}"}


def become(merchant: Merchant, kind: str, using: str = "") -> None:
    """Make the customers' numbers another type of key."""
    part = PARTS[merchant.engine.dialect.name].format(type=kind, using=f" USING {using}" if using else "")
    for table in ("customers", "balances"):
        merchant.run(f"ALTER TABLE {table} {part}")


def owed(source: Source, number: str) -> Decimal | None:
    account = source.balances([number], "DKK", 5.0).get(number)
    return account.balance if account else None


@pytest.fixture(
    params=[pytest.param("postgresql_url"), pytest.param("mariadb_url", marks=pytest.mark.mariadb)]
)
def url(request: pytest.FixtureRequest) -> str:
    """Databases whose columns have one type. SQLite's have any."""
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def numbered(url: str) -> Iterator[Merchant]:
    with closing(Merchant(url, key="INTEGER")) as merchant:
        merchant.run("INSERT INTO customers (number, name) VALUES (1, 'Lars Hansen')")
        merchant.run("INSERT INTO balances (number, currency, amount) VALUES (1, 'DKK', -7)")
        yield merchant


def test_numbers_become_text(numbered: Merchant) -> None:
    with closing(Source(dated(numbered.url))) as source:
        assert owed(source, "1") == -7
        become(numbered, "VARCHAR(60)")
        for table in ("customers", "balances"):
            numbered.run(f"UPDATE {table} SET number = concat('C-', number)")
        assert owed(source, "C-1") == -7


def test_numbers_become_text_that_looks_like_numbers(numbered: Merchant) -> None:
    """PostgreSQL refuses to compare the two, once; MariaDB compares them."""
    with closing(Source(dated(numbered.url))) as source:
        assert owed(source, "1") == -7
        become(numbered, "VARCHAR(60)")
        with suppress(SourceError):
            owed(source, "1")
        assert owed(source, "1") == -7


def test_text_becomes_numbers(numbered: Merchant) -> None:
    become(numbered, "VARCHAR(60)")
    with closing(Source(dated(numbered.url))) as source:
        assert owed(source, "1") == -7
        become(numbered, "INTEGER", "number::INTEGER")
        assert owed(source, "1") == -7
