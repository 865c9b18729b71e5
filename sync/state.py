"""The state database: opens it, migrates it, and hands out transactions on it."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

import migrations
from customers.errors import ConfigurationError, StateError, StateUnavailable
from sync.clock import NOW
from sync.connecting import connected, why_no_url
from sync.source_errors import code_of, is_retryable, place

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10
# SQLite has one writer at a time; another one waits this long for its turn.
BUSY_MILLISECONDS = 15_000
# Any number that no other program uses for a lock of its own in the same database.
MIGRATION_LOCK = 7_316_204
# How long a process waits for another one that migrates.
MIGRATION_SECONDS = 60

_DAMAGED = (
    "the file is damaged; stop what uses it, move it and the -wal and -shm beside it away, and start again: a"
    " new one is made, and the next sync reindexes"
)
# SQLite's own words, the first two of them, for what a person can put right.
_SQLITE_CAUSES = {
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_IOERR": "the file cannot be read or written; see that its disk works",
    "SQLITE_NOTADB": "the file is no SQLite database; name another one, which is made if it is not there",
    "SQLITE_CANTOPEN": "the file cannot be opened; see that it may be read and written, or name another one",
    "SQLITE_READONLY": "the file cannot be written; see that it may be, or name another one",
    "SQLITE_FULL": "the disk is full; make room",
    "SQLITE_BUSY": "another process has the file locked: let it go on, or end it; then try again",
}


class State:
    """The state database. Safe to share between threads. Methods raise StateError or StateUnavailable."""

    def __init__(self, url: str, *, is_needed: bool = True) -> None:
        """Connects, and brings the tables to this version. Where it `is_needed` not to begin with, and cannot
        be used, that is tried again with each call. Raises ConfigurationError for a wrong `url`."""
        self._engine = _open(url)
        self._is_ready = False
        try:
            self._make_ready()
        except StateError as error:
            if is_needed:
                raise
            log.warning("%s", error, extra={"action": "start.state"})

    def _make_ready(self) -> None:
        if not self._is_ready:
            with self._translated(), _turn(self._engine), self._transaction() as connection:
                _migrate(connection)
            self._is_ready = True

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for looking; what it changes is not kept."""
        self._make_ready()
        with self._translated(), connected(self._engine, "[state] url") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: kept whole when the block ends, not at all when it raises."""
        self._make_ready()
        with self._translated(), self._transaction() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        immediate = connected(self._engine, "[state] url").execution_options(immediate=True)
        with immediate as connection, connection.begin():
            yield connection

    def now(self, connection: Connection) -> float:
        """Seconds since 1970 on the database's clock: the same for every machine that shares it."""
        return float(connection.scalar(text(f"SELECT {NOW[connection.dialect.name]}")) or 0.0)

    def check(self) -> None:
        """Raise StateError where the database is damaged, as far as a look at all of it tells. Only SQLite
        can be asked."""
        with self.read() as connection:
            if connection.dialect.name == "sqlite":
                found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
                if found != "ok":
                    raise StateError(f"[state] url: {place(self._engine.url)}: {_DAMAGED}")

    def scrub(self) -> None:
        """Have the database overwrite what was deleted, where it does not do so by itself."""
        scrubbing = {"sqlite": ["PRAGMA wal_checkpoint(TRUNCATE)"]}
        scrubbing["postgresql"] = [f"VACUUM {table}" for table in ("ledger", "quarantine", "generations")]
        with self._translated(), self._engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in scrubbing.get(connection.dialect.name, []):
                alone.exec_driver_sql(statement)

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            kind = StateUnavailable if is_retryable(error) else StateError
            raise kind(f"[state] url: {place(self._engine.url)}: {_why(error)}") from error
        except SQLAlchemyError as error:
            raise StateError(f"[state] url: {place(self._engine.url)}: {type(error).__name__}") from error
        except CommandError as error:  # it has a revision that we do not
            self.close()
            raise StateError(
                f"[state] url: {place(self._engine.url)}: was made by another version of customer-lookup; run"
                " that one, or name another database"
            ) from error


def _why(error: DBAPIError) -> str:
    """What is wrong, and what to do."""
    words = getattr(error.orig, "sqlite_errorname", "").split("_")
    cause = _SQLITE_CAUSES.get("_".join(words[:2]))
    if cause is not None:
        return cause
    if is_retryable(error):
        code = code_of(error)
        return f"cannot be reached or did not answer ({code}); see that it runs and that the url is right"
    return f"the database refused ({code_of(error)}); see what it is and what its user may do there"


def _open(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in NOW:
            raise ConfigurationError("[state] url: use sqlite, postgresql or mysql")
        _make_folder(parsed)
        engine = create_engine(parsed, pool_pre_ping=True, connect_args=_connect_arguments(parsed))
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise ConfigurationError(
            f"[state] url: not a database URL that can be used ({why_no_url(url, error)}); write it like"
            " sqlite:///var/state.db"
        ) from None
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"[state] url: the driver {error.name} is not installed; install it, or name another driver"
        ) from None
    if engine.dialect.name == "sqlite":
        _set_up_sqlite(engine)
    return engine


def _make_folder(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database:
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(
                f"[state] url: its folder cannot be made ({error.strerror}); name another file"
            ) from None


def _connect_arguments(url: URL) -> dict[str, Any]:
    driver = url.get_driver_name()
    if driver in {"psycopg", "pymysql"}:
        return {"connect_timeout": CONNECT_SECONDS}
    return {}


def _set_up_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # leaves BEGIN to the event below; the driver's own comes too late
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # an erased customer's identifier leaves the file too

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later cannot wait for its turn: a writer says so at once.
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Hold the right to migrate until the transaction inside the block is over. MySQL commits a changed table
    at once, but the number of its version only then: whoever came in between would change the table again."""
    if engine.dialect.name not in {"mysql", "mariadb"}:
        yield
        return
    lock = {"lock": f"customer-lookup-{MIGRATION_LOCK}", "seconds": MIGRATION_SECONDS}
    with connected(engine, "[state] url") as connection:
        if connection.scalar(text("SELECT get_lock(:lock, :seconds)"), lock) != 1:
            raise StateUnavailable(
                f"[state] url: {place(engine.url)}: another process has been changing its tables for"
                f" {MIGRATION_SECONDS} s; try again when it is done"
            )
        try:
            yield
        finally:
            connection.execute(text("SELECT release_lock(:lock)"), lock)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Readers and a writer side by side. For this change SQLite does not wait by itself, where several
    processes open a new file at once."""
    deadline = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _migrate(connection: Connection) -> None:
    """Apply the migrations that are missing. Two processes that start at once take turns."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
