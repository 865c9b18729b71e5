"""Connecting to a database by the URL of a configuration."""

from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import NoSuchModuleError, ProgrammingError

from customers.errors import ConfigurationError


def connected(engine: Engine, key: str) -> Connection:
    """A connection. Raises ConfigurationError that names `key` for an option which the driver does not know,
    and whatever the driver raises for the rest."""
    try:
        return engine.connect()
    except TypeError as error:
        raise _refused(key, error) from error
    except ProgrammingError as error:
        if engine.dialect.driver == "psycopg" and not getattr(error.orig, "sqlstate", None):
            raise _refused(key, error.orig) from error
        raise


def why_no_url(url: str, error: Exception) -> str:
    """Why a URL cannot be used. The error's own words may quote the password."""
    if isinstance(error, NoSuchModuleError):
        return f'no dialect "{make_url(url).drivername}" is installed'
    return type(error).__name__


def limit_time(connection: Connection, timeout: float) -> None:
    """Have the database itself give up after `timeout` seconds, where it can."""
    milliseconds = max(1, int(timeout * 1000))
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL statement_timeout = {milliseconds}"))
    elif getattr(connection.dialect, "is_mariadb", False):
        connection.execute(text(f"SET SESSION max_statement_time = {timeout:.3f}"))
    elif connection.dialect.name == "mysql":
        connection.execute(text(f"SET SESSION max_execution_time = {milliseconds}"))


def _refused(key: str, error: BaseException | None) -> ConfigurationError:
    return ConfigurationError(
        f"{key}: the driver refuses an option behind the ? ({type(error).__name__}); allowed: those that its"
        " documentation lists"
    )
