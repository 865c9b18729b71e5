"""What went wrong in the merchant's database, in our own words.

A database's own message may quote a value (`invalid input syntax for type integer: "…"`), so it is not passed
on; its class and code are, which a database administrator can look up.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, make_url
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from customers.errors import SourceError, SourceUnavailable

# SQLSTATE classes and MySQL codes that say "the connection, a lock, a timeout, a shutdown": try again later.
RETRYABLE_STATES = ("08", "40", "53", "55", "57", "58")
RETRYABLE_CODES = {
    1040,
    1053,
    1158,
    1159,
    1160,
    1161,
    1205,
    1213,
    1317,
    1927,
    1969,
    2002,
    2003,
    2006,
    2013,
    2055,
}
# SQLSTATE classes, MySQL's codes and SQLite's words that say "not of this value": a text that is no number, a
# number too large, two values where there must be one.
VALUE_STATES = ("21", "22")
VALUE_CODES = {1242, 1264, 1292, 1365, 1366, 1367, 1406, 1411, 1441, 1690, 3037, 3140, 3141, 3144, 3146, 3147}
VALUE_WORDS = ("malformed JSON", "integer overflow", "string or blob too big")
# MySQL's codes for a user, a password or a database that it does not know.
_NOBODY = {1044, 1045, 1049, 1698}
# PostgreSQL's words for the same (libpq passes no code on): a password, a user, a database, its pg_hba.conf.
_NOBODY_WORDS = re.compile(
    r"FATAL: .*(password authentication|does not exist|pg_hba\.conf|not permitted to log in)"
)
# What libpq puts before the server's words, or its own.
_CONNECTING = re.compile(r"^.*\bfailed: (?=\S)")
_LET_NOBODY_IN = "let nobody in ({}); see that user, password and database in [source] url are right"
_FORBIDDEN = "its user may not read something that the mapping names ({}); grant it SELECT there"
# What may say behind the ? of a URL where the database is.
_PLACES = {"host", "hostaddr", "port", "service", "unix_socket"}
# SQLite's own words for what a person can put right.
_SQLITE_CAUSES = {
    "SQLITE_NOTADB": "the file is no SQLite database ({}); name the merchant's in [source] url",
    "SQLITE_CANTOPEN": "the file cannot be opened ({}); see that it is there, is one and may be read",
    "SQLITE_CORRUPT": "the file is damaged ({}); have the merchant repair it or bring back a backup",
}


def place(url: URL) -> str:
    """Where a database is, for a message: without user and password."""
    asked = {name: value for name, value in url.query.items() if name in _PLACES}
    where = URL.create(url.drivername, host=url.host, port=url.port, database=url.database, query=asked)
    return where.render_as_string(hide_password=True)


def place_of(url: str) -> str:
    """Like `place`, of a URL that is known to be one."""
    return place(make_url(url))


class ValueRefusedError(SourceError):
    """The database cannot compute a value, of some row or of all. `code` is the kind of error."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Raise SourceUnavailable or SourceError instead of the driver's errors."""
    try:
        yield
    except PoolTimeout:
        raise SourceUnavailable(f"source {place(url)}: no connection became free in time") from None
    except DBAPIError as error:
        raise _translation(url, error) from error
    except SQLAlchemyError as error:
        raise SourceError(f"source {place(url)}: {type(error).__name__}") from error


def _translation(url: URL, error: DBAPIError) -> SourceError:
    if is_retryable(error):
        return SourceUnavailable(
            f"source {place(url)}: cannot be reached or did not answer ({code_of(error)}); see that it runs"
            " and that [source] url is right; only `run` and `worker` try again by themselves"
        )
    words = "the database refused ({}); run `customer-lookup doctor`"
    if _number(error) in _NOBODY or _NOBODY_WORDS.search(_connecting_words(error)):
        words = _LET_NOBODY_IN
    if is_forbidden(error):
        words = _FORBIDDEN
    words = _SQLITE_CAUSES.get(getattr(error.orig, "sqlite_errorname", ""), words)
    message = f"source {place(url)}: {words.format(code_of(error))}"
    return ValueRefusedError(message, code_of(error)) if is_about_a_value(error) else SourceError(message)


def is_retryable(error: DBAPIError) -> bool:
    """Whether the same statement may work later."""
    if error.connection_invalidated:
        return True
    number = _number(error)
    if number is not None:  # first: MariaDB has one state, HY000, for a lock and for a wrong name
        return number in RETRYABLE_CODES
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return str(state).startswith(RETRYABLE_STATES)
    if "sqlite" in type(error.orig).__module__:
        return "locked" in str(error.orig) or "busy" in str(error.orig)
    if _NOBODY_WORDS.search(_connecting_words(error)):
        return False
    return isinstance(error, OperationalError | InterfaceError)


def is_about_a_value(error: DBAPIError) -> bool:
    """Whether the same statement may work for other rows."""
    number = _number(error)
    if number is not None:
        return number in VALUE_CODES
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return str(state).startswith(VALUE_STATES)
    if "sqlite" in type(error.orig).__module__:
        return str(error.orig).startswith(VALUE_WORDS)
    return isinstance(error, DataError)


def code_of(error: DBAPIError) -> str:
    """The kind of error and its code, such as `UndefinedColumn 42703`: never a value. Of a connection that
    did not come about it is what the driver says: it has seen no value yet."""
    kind = type(error.orig).__name__
    state = _number(error) or getattr(error.orig, "sqlstate", None)
    return f"{kind} {state}" if state else _connecting_words(error) or kind


def _connecting_words(error: DBAPIError) -> str:
    """Why psycopg got no connection; empty where it had one."""
    had_none = isinstance(error, OperationalError) and error.statement is None
    if not had_none or "psycopg" not in type(error.orig).__module__:
        return ""
    lines = str(error.orig).strip().splitlines() or [""]
    return " ".join(_CONNECTING.sub("", lines[0]).split())


def _number(error: DBAPIError) -> int | None:
    """MySQL's error code, the first argument of its drivers' errors."""
    arguments = getattr(error.orig, "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else None


def is_forbidden(error: DBAPIError) -> bool:
    """Whether it is about who may read it: PostgreSQL's 42501, MySQL's 1142 and 1143."""
    return getattr(error.orig, "sqlstate", None) == "42501" or _number(error) in {1142, 1143}


def first_line(error: DBAPIError) -> str:
    """The database's own words, for statements that touch no row and so cannot quote one. Of PostgreSQL's
    the first line, since others repeat the statement."""
    if _number(error) is not None and error.orig is not None:
        return " ".join(str(error.orig.args[-1]).split())
    lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
    return lines[0].strip()
