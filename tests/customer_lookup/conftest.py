"""A small shop, and its lookup.toml, for every test of the command."""

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from customer_lookup.commands import main
from tests.log_restored import log_restored

Invoke = Callable[..., Result]

SHOP = """
CREATE TABLE customers (
    customer_no TEXT PRIMARY KEY, name TEXT, phone TEXT, blocked INTEGER DEFAULT 0,
    modified_at TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE INDEX customers_modified_at ON customers (modified_at, customer_no);
INSERT INTO customers (customer_no, name, phone) VALUES
    ('C-1', 'Astrid Lindqvist', '+46 70 123 45 67'),
    ('C-2', 'Lars Hansen', '12 34 56 78'),
    ('C-3', 'Ingeborg Dahl', '004791234567');
"""

LOOKUP = """
[source]
url = "sqlite:///shop.db"
from = "customers"
updated_at = "modified_at"

[source.customer]
identifier = "customer_no"
name = "name"
phone = "phone"
block_sales = "blocked"

[source.balances]
currency = "'DKK'"
balance = "-12.50"

[index]
engine = "embedded"
path = "index"

[state]
url = "sqlite:///state.db"

[sync]
interval = "1s"

[service]
host = "127.0.0.1"
port = 0
"""


def make_shop(folder: Path) -> Path:
    """Put shop.db, and the lookup.toml that reads it, into a folder."""
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.executescript(SHOP)
    (folder / "lookup.toml").write_text(LOOKUP, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the shop."""
    return make_shop(tmp_path)


@pytest.fixture
def lookup_toml(folder: Path) -> Path:
    """The shop's lookup.toml."""
    return folder / "lookup.toml"


@pytest.fixture
def process_restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Puts back what the program sets in its process: logging and the answer to SIGTERM."""
    monkeypatch.delenv("CUSTOMER_LOOKUP_CONFIG", raising=False)
    terminate = signal.getsignal(signal.SIGTERM)
    with log_restored():
        yield
    signal.signal(signal.SIGTERM, terminate)


@pytest.fixture
def invoke(process_restored: None) -> Invoke:
    """Runs `customer-lookup ARGUMENTS` in this process."""
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])
