"""doctor compares what each place has: the source, the state database and the index."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from customers.settings import SearchSettings
from index.tantivy_engine import TantivyIndex
from tests.customer_lookup.conftest import Invoke

CUSTOMERS = 40


@pytest.fixture
def indexed(folder: Path, lookup_toml: Path, invoke: Invoke) -> Path:
    """The folder of a shop that is large enough to be guarded, and indexed."""
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        rows = [(f"K-{number}", "Lars Hansen") for number in range(3, CUSTOMERS)]
        shop.executemany("INSERT INTO customers (customer_no, name) VALUES (?, ?)", rows)
    assert invoke("sync", "--config", lookup_toml).exit_code == 0
    assert invoke("doctor", "--config", lookup_toml).exit_code == 0
    return folder


def test_an_index_that_lost_its_customers_is_wrong(indexed: Path, lookup_toml: Path, invoke: Invoke) -> None:
    with closing(TantivyIndex(indexed / "index", SearchSettings())) as index:
        (generation,) = index.generations()
        with index.writer(generation.name) as writer:
            writer.delete([identifier for identifier, _ in index.digests(generation.name)])
            writer.flush()
    result = invoke("doctor", "--config", lookup_toml)
    assert f"index and state: the index has 0 documents where the ledger has {CUSTOMERS}; " in result.stdout
    assert result.exit_code == 1
    invoke("sync", "--config", lookup_toml)
    assert invoke("doctor", "--config", lookup_toml).exit_code == 0


def test_an_index_that_is_gone_is_wrong(indexed: Path, lookup_toml: Path, invoke: Invoke) -> None:
    shutil.rmtree(indexed / "index")
    result = invoke("doctor", "--config", lookup_toml)
    assert (
        "wrong   index and state: the index is empty or was removed; the next sync reindexes" in result.stdout
    )
    assert result.exit_code == 1


def test_a_state_database_of_another_index_is_wrong(indexed: Path, lookup_toml: Path, invoke: Invoke) -> None:
    (indexed / "state.db").unlink()
    result = invoke("doctor", "--config", lookup_toml)
    assert (
        "wrong   index and state: the index is not the one that this state database describes"
        in result.stdout
    )
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("deleted", "said", "exit_code"),
    [
        pytest.param("true", f"the source has 0 customers where the index has {CUSTOMERS}: ", 1, id="all"),
        pytest.param("customer_no > 'K-12'", f"customers where the index has {CUSTOMERS}: ", 1, id="most"),
        pytest.param("customer_no LIKE 'K-1%'", "the source has not lost", 0, id="some"),
    ],
)
def test_a_source_that_lost_most_customers_is_wrong(
    indexed: Path, lookup_toml: Path, invoke: Invoke, *, deleted: str, said: str, exit_code: int
) -> None:
    with closing(sqlite3.connect(indexed / "shop.db")) as shop, shop:
        shop.execute(f"DELETE FROM customers WHERE {deleted}")
    result = invoke("doctor", "--config", lookup_toml)
    (line,) = (line for line in result.stdout.splitlines() if " source and state: " in line)
    assert said in line
    assert result.exit_code == exit_code
    assert invoke("sync", "--config", lookup_toml).exit_code == exit_code


def test_a_source_without_a_customer_is_worth_a_word(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute("DELETE FROM customers")
    result = invoke("doctor", "--config", lookup_toml)
    assert "advice  source rows: there is no customer to try; is this the right database?" in result.stdout
    assert result.exit_code == 0
