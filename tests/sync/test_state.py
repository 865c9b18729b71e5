"""The state database is made and migrated by whoever opens it first."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, create_engine, event, make_url, select, text

import migrations
from customers.errors import ConfigurationError, StateError, StateUnavailable
from sync import generations
from sync.incremental import sync
from sync.lease import LIVE, Lease
from sync.ledger import Ledger
from sync.quarantine import Quarantine
from sync.state import MIGRATION_LOCK, State
from sync.tables import JOBS, LEASE, METADATA, RUNS
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


def test_another_who_is_first_with_a_new_file_is_waited_for(sqlite_url: str) -> None:
    file = str(make_url(sqlite_url).database)
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.3, other.rollback).start()
        State(sqlite_url).close()


def test_another_who_keeps_the_file_locked_is_told(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was paused in the middle of writing, for example."""
    monkeypatch.setattr("sync.state.BUSY_MILLISECONDS", 50)
    State(sqlite_url).close()
    with closing(sqlite3.connect(str(make_url(sqlite_url).database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateUnavailable, match="another process has the file locked: let it go on"):
            State(sqlite_url)


@pytest.mark.mariadb
def test_nobody_else_migrates_before_the_version_is_committed(mariadb_url: str) -> None:
    other = create_engine(mariadb_url)
    seen: list[str] = []

    def look(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "release_lock" in statement:
            with other.connect() as connection:
                seen.extend(connection.scalars(text("SELECT version_num FROM alembic_version")))

    event.listen(Engine, "before_cursor_execute", look)
    try:
        State(mariadb_url).close()
    finally:
        event.remove(Engine, "before_cursor_execute", look)
        other.dispose()
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    assert seen == ScriptDirectory.from_config(config).get_heads()


@pytest.mark.mariadb
def test_a_migration_that_never_ends_is_said(mariadb_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.state.MIGRATION_SECONDS", 1)
    other = create_engine(mariadb_url)
    with other.connect() as connection:
        connection.execute(text(f"SELECT get_lock('customer-lookup-{MIGRATION_LOCK}', 1)"))
        with pytest.raises(StateUnavailable, match=r"\[state\] url: .* another process has been changing"):
            State(mariadb_url)
    other.dispose()


def test_the_code_and_the_migrations_agree(database_url: str) -> None:
    State(database_url).close()
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = compare_metadata(context, METADATA)
    engine.dispose()
    kinds = {str(found[0]) for found in differences if isinstance(found, tuple)}
    assert not kinds & {"add_table", "remove_column", "add_column"}


@pytest.mark.mariadb
def test_migrations_that_were_broken_off_are_gone_on_with(mariadb_url: str) -> None:
    """After each of their statements, as by a kill: MariaDB has kept those."""
    for statements in count(1):
        left = statements

        def break_off(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            nonlocal left
            left -= statement.startswith(("CREATE", "ALTER", "INSERT", "UPDATE"))
            if left == 0:
                raise KeyboardInterrupt

        event.listen(Engine, "after_cursor_execute", break_off)
        try:
            State(mariadb_url).close()
            break
        except KeyboardInterrupt:
            pass
        finally:
            event.remove(Engine, "after_cursor_execute", break_off)
        left = 0
        State(mariadb_url).close()
        _drop_everything(mariadb_url)
    assert statements >= 8


def _drop_everything(url: str) -> None:
    engine = create_engine(url)
    everything = MetaData()
    everything.reflect(engine)
    everything.drop_all(engine)
    engine.dispose()


# One row of each table, as every release could have left it.
FORMER = (
    "INSERT INTO generations (name, keys_version, mapping, status, created_at, watermark, documents)"
    " VALUES ('g1', '1-abc', 'm', 'live', 1.5, 2.5, 1)",
    "INSERT INTO ledger VALUES ('g1', 'k', {C1}, 'd')",
    "INSERT INTO quarantine VALUES ('g1', 'q', {C2}, NULL, 'name is empty', 3.5)",
    "INSERT INTO runs (job, holder, started_at, outcome, rows_read, written, unchanged, deleted, quarantined)"
    " VALUES ('sync', 'till-1', 4.5, 'done', 1, 1, 0, 0, 1)",
    "INSERT INTO jobs (job, last_success_at, runs, failures) VALUES ('sync', 5.5, 7, 1)",
    "INSERT INTO lease (name, token) VALUES ('live', 41)",
)


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_every_earlier_release_is_upgraded_with_its_data(database_url: str, revision: str) -> None:
    engine = create_engine(database_url)
    as_bytes = {"C1": "X'4331'", "C2": "X'4332'"}
    if engine.dialect.name == "postgresql":
        as_bytes = {"C1": "'C1'", "C2": "'C2'"}
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in FORMER:
            connection.exec_driver_sql(statement.format_map(as_bytes))
    engine.dispose()
    with closing(State(database_url)) as state:
        with state.read() as connection:
            live = generations.live(connection)
            assert live is not None
            assert (live.name, live.created_at, live.watermark, live.documents) == ("g1", 1.5, 2.5, 1)
            assert (live.stamp, live.surplus, live.nameless) == (None, None, None)
            assert Quarantine("g1").count(connection) == 1
            assert list(Ledger("g1").entries(connection)) == [("C1", "d")]
            assert Quarantine("g1").identifiers(connection) == ["C2"]
            assert connection.scalars(select(JOBS.c.runs)).all() == [7]
            assert connection.scalars(select(RUNS.c.holder)).all() == ["till-1"]
        with Lease(state, LIVE, "another"), state.read() as connection:
            assert connection.scalars(select(LEASE.c.token)).all() == [42]


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


def test_a_dialect_that_is_not_installed_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r'no dialect "sqlite\+pysqlite4" is installed') as refused:
        State("sqlite+pysqlite4://keeper:s3cret@/state.db")
    assert "s3cret" not in str(refused.value)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(StateUnavailable, match=r"127\.0\.0\.1") as refused:
        State(f"postgresql+psycopg://keeper:s3cret@127.0.0.1:{free_port()}/state")
    assert "s3cret" not in str(refused.value)


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_text("this is a letter to my grandmother, and no database at all")
    with pytest.raises(StateError, match=r"state\.db"):
        State(f"sqlite:///{tmp_path / 'state.db'}")


@pytest.mark.parametrize(
    "url",
    [
        "mysql+pymysql://keeper:s3cret@127.0.0.1:1/state?nosuch=1",
        "postgresql+psycopg://keeper:s3cret@127.0.0.1:1/state?nosuch=1",
        "postgresql+psycopg://keeper:s3cret@127.0.0.1:port/state",
    ],
)
def test_a_url_that_the_driver_does_not_take_is_said(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^\[state\] url: ") as refused:
        State(url)
    assert "s3cret" not in str(refused.value)


def test_a_database_of_a_newer_version_is_said(database_url: str) -> None:
    State(database_url).close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StateError, match=r"was made by another version of customer-lookup; run that one"):
        State(database_url)
