"""The state database is made and migrated by whoever opens it first."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from customers.errors import ConfigurationError, StateError, StateUnavailable
from sync.incremental import sync
from sync.ledger import Ledger
from sync.state import State
from sync.tables import METADATA
from sync.verification import VerifyResult, verify
from tests.databases import free_port
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated


@pytest.fixture
def state(database_url: str) -> Iterator[State]:
    """A state database of each kind in turn."""
    with closing(State(database_url)) as state:
        yield state


def test_many_that_open_it_at_once_take_turns(database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for state in pool.map(State, [database_url] * 4):
            state.close()


def test_the_code_and_the_migrations_agree(database_url: str) -> None:
    State(database_url).close()
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = compare_metadata(context, METADATA)
    engine.dispose()
    kinds = {str(found[0]) for found in differences if isinstance(found, tuple)}
    assert not kinds & {"add_table", "remove_column", "add_column"}


def test_any_identifier_is_kept(state: State) -> None:
    identifiers = ["abc", "ABC", "abc ", "Ærø", "a\x00b", "\ud800", "👍" * 500]
    ledger = Ledger("g")
    with state.write() as connection:
        ledger.record(connection, [(identifier, f"digest-{identifier!a}"[:64]) for identifier in identifiers])
    with state.read() as connection:
        assert set(ledger.digests(connection, [*identifiers, "nobody"])) == set(identifiers)
        assert {identifier for identifier, _digest in ledger.entries(connection)} == set(identifiers)
        assert ledger.count(connection) == len(identifiers)
    with state.write() as connection:
        ledger.doubt(connection, ["abc", "new"])
        assert sorted(ledger.doubted(connection)) == ["abc", "new"]
        ledger.forget(connection, ["abc", "new", "ABC"])
        assert ledger.count(connection) == len(identifiers) - 2


def test_what_raises_is_not_kept(state: State) -> None:
    with suppress(ZeroDivisionError), state.write() as connection:
        Ledger("g").doubt(connection, ["C1"])
        _ = 1 / 0
    with state.read() as connection:
        assert Ledger("g").count(connection) == 0


def test_a_sync_works_with_every_kind(
    sqlite_merchant: Merchant, database_url: str, make_context: MakeContext, tmp_path: Path
) -> None:
    if database_url == sqlite_merchant.url:
        database_url = f"sqlite:///{tmp_path / 'state.db'}"
    context = make_context(dated(sqlite_merchant.url), state_url=database_url)
    sqlite_merchant.add("C1", "Lars Hansen")
    sqlite_merchant.add(None, "Nobody")
    assert sync(context).quarantined == 1
    sqlite_merchant.rename("C1", "Lars Holm")
    assert sync(context).written == 1
    assert verify(context, repair=True) == VerifyResult()


@pytest.mark.parametrize("url", ["nonsense", "oracle://x", "sqlite:////proc/nowhere/state.db"])
def test_a_wrong_url_is_a_configuration_error(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"\[state\] url"):
        State(url)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(StateUnavailable, match=r"127\.0\.0\.1") as refused:
        State(f"postgresql+psycopg://keeper:s3cret@127.0.0.1:{free_port()}/state")
    assert "s3cret" not in str(refused.value)


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_text("this is a letter to my grandmother, and no database at all")
    with pytest.raises(StateError, match=r"state\.db"):
        State(f"sqlite:///{tmp_path / 'state.db'}")
