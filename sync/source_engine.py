"""The connection to the merchant's database: read only, and bounded in time."""

import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from customers.errors import ConfigurationError
from sync.clock import APPLICATION_NAME
from sync.connecting import why_no_url

CONNECT_SECONDS = 10
# The longest that one statement, or one fetch of a streamed one, may take.
STATEMENT_SECONDS = 300
# How long to wait for a table that others have locked; then the next pass tries again.
LOCK_SECONDS = 30
# How long data on the wire may stay unacknowledged before the connection counts as dead.
SILENCE_MILLISECONDS = 30_000
# Pages are read by one thread, identifiers by another, live balances by the service's.
CONNECTIONS = 4
# No connection is used for longer, outside of a transaction: the address may lead to another
# database by then. Passes begin with new ones anyhow; live balances do not.
RECYCLE_SECONDS = 60
# Drivers whose package is called otherwise.
_PACKAGES = {"MySQLdb": "mysqlclient", "psycopg2": "psycopg2-binary"}


def open_source(url: str) -> Engine:
    """An engine for `url`; connects when used. Raises ConfigurationError for a URL that cannot be one."""
    try:
        parsed = make_url(url)
        _refuse_memory(parsed)
        engine = create_engine(
            parsed,
            pool_pre_ping=True,
            pool_recycle=RECYCLE_SECONDS,
            pool_size=CONNECTIONS,
            max_overflow=CONNECTIONS,
            pool_timeout=CONNECT_SECONDS,
            connect_args=_connect_arguments(parsed),
        )
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise ConfigurationError(
            f"[source] url: not a database URL that can be used ({why_no_url(url, error)}); write it like"
            " postgresql+psycopg://user:password@host/database"
        ) from None
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"[source] url: the driver {error.name} is not installed; name another driver, or install it:"
            f" {sys.executable} -m pip install {_PACKAGES.get(error.name or '', error.name)}"
        ) from None
    if parsed.get_driver_name() == "pysqlite":
        event.listen(engine, "do_connect", _open_what_is_there)
        _leave_replaced_file(engine)
    _set_up_connections(engine)
    _close_left_behind(engine)
    return engine


def _refuse_memory(url: URL) -> None:
    """SQLite without a file is an empty database of our own, not a merchant's."""
    if url.get_backend_name() == "sqlite" and (not url.database or ":memory:" in url.database):
        raise ConfigurationError(
            "[source] url: found SQLite in memory; allowed: a file, such as sqlite:///path/to/shop.db"
        )


def _connect_arguments(url: URL) -> dict[str, Any]:
    driver = url.get_driver_name()
    if driver == "psycopg":
        return {
            "connect_timeout": CONNECT_SECONDS,
            "application_name": APPLICATION_NAME,
            "tcp_user_timeout": SILENCE_MILLISECONDS,
            "options": f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout={LOCK_SECONDS}s"
            " -c default_transaction_read_only=on",
        }
    if driver == "pymysql":
        return {
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": STATEMENT_SECONDS,
            "init_command": "SET SESSION TRANSACTION READ ONLY",
        }
    if driver == "pysqlite":
        return {"timeout": CONNECT_SECONDS}
    return {}


def _set_up_connections(engine: Engine) -> None:
    """By the dialect's name, or by the driver's."""
    set_up = _SET_UP.get(engine.dialect.name) or _SET_UP.get(engine.dialect.driver)
    if set_up is not None:
        event.listen(engine, "connect", lambda connection, _record: set_up(connection))


def _close_left_behind(engine: Engine) -> None:
    """A connection that was in use while the engine let go of all others is closed when it is given back."""

    def note_pool(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["pool"] = engine.pool

    def close(_connection: Any, record: ConnectionPoolEntry) -> None:
        if record.info.get("pool") is not engine.pool:
            record.invalidate()

    event.listen(engine, "connect", note_pool)
    event.listen(engine, "checkin", close)


def _open_what_is_there(_dialect: Any, _record: Any, arguments: Sequence[Any], _options: Any) -> None:
    """SQLite makes an empty database where there is no file, in the place of the merchant's."""
    if not str(arguments[0]).startswith("file:") and _file_at(arguments[0]) is None:
        missing = sqlite3.OperationalError("unable to open database file")
        missing.sqlite_errorname = "SQLITE_CANTOPEN"
        raise missing


def _leave_replaced_file(engine: Engine) -> None:
    """A connection to a file that was replaced or removed reads on in the old one, which is nobody's now."""
    file = str(engine.url.database)

    def note_file(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _file_at(file)

    def check_file(_connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        # Not at its first use: the pool gives up where a connection that it has just made is refused too.
        if record.info.get("is_used") and record.info["file"] != _file_at(file):
            raise DisconnectionError("its file was replaced")  # the pool connects anew
        record.info["is_used"] = True

    event.listen(engine, "connect", note_file)
    event.listen(engine, "checkout", check_file)


def _file_at(path: str) -> tuple[int, int] | None:
    """Which file it is, None where there is none, or none can be looked at, or where `path` is SQLite's own
    form of a URI."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _set_up_sqlite(connection: Any) -> None:
    connection.execute("PRAGMA query_only = ON")
    # Its text may be any bytes, and the driver would give up the whole answer for one that is not UTF-8.
    connection.text_factory = lambda text: text.decode("utf-8", "replace")


def _set_up_mysql(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION lock_wait_timeout = {LOCK_SECONDS}")


def _set_up_psycopg(connection: Any) -> None:
    from sync.postgresql_times import as_text_where_odd  # noqa: PLC0415 - the driver is there only where wanted

    as_text_where_odd(connection)


_SET_UP: dict[str, Callable[[Any], None]] = {
    "sqlite": _set_up_sqlite,
    "mysql": _set_up_mysql,
    "mariadb": _set_up_mysql,
    "psycopg": _set_up_psycopg,
}
