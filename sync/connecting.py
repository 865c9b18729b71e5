"""Connecting to a database by the URL of a configuration."""

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import ProgrammingError

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


def _refused(key: str, error: BaseException | None) -> ConfigurationError:
    return ConfigurationError(
        f"{key}: the driver refuses an option behind the ? ({type(error).__name__}); allowed: those that its"
        " documentation lists"
    )
