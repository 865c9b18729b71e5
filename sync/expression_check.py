"""Tries one expression of the mapping, without touching a row."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Select, TextClause, literal_column, select, text
from sqlalchemy.exc import DBAPIError

from customers.errors import ConfigurationError
from sync.relations import condition, expression, relation
from sync.source_errors import code_of, first_line, is_retryable
from sync.wrong_mapping import Mapped, refused, shown, wrong

# PostgreSQL's type of several values in parentheses.
RECORD = 2249


def check_expression(connection: Connection, mapped: Mapped) -> None:
    """Raise ConfigurationError where the expression does not give one value for each row."""
    place = mapped.place
    base = relation(place.from_, place.query, connection.dialect)
    value: Any = expression(mapped.sql, place.columns, connection.dialect)
    if mapped.is_condition:
        value = condition(mapped.sql, connection.dialect)
    statement = select(value).select_from(base)
    if connection.dialect.name == "sqlite":
        statement = statement.distinct()  # only what it compares has to have a collation that there is
    try:
        values, has_row = _looked_at(connection, statement)
    except DBAPIError as error:
        if is_retryable(error):
            raise
        if (values := _values_of(connection, mapped, base)) > 1:
            raise wrong(mapped, f"gives {values} values") from error
        raise refused(mapped, error) from error
    if values > 1:
        raise wrong(mapped, "gives several values")
    if has_row:
        raise wrong(mapped, "is an aggregate, which makes one row of the whole table")


def check_use(connection: Connection, mapped: Mapped, statement: Select[Any], to_do: str) -> None:
    """Raise ConfigurationError where the database cannot do with the expression what `statement` does."""
    _check(connection, mapped, statement, first_line, to_do)


def check_comparison(connection: Connection, mapped: Mapped, statement: Select[Any], to_do: str) -> None:
    """Like `check_use`, of a statement with a value of the merchant's, which the database might quote."""

    def unquoted(error: DBAPIError) -> str:
        return f"the database does not compare it with a value ({code_of(error)})"

    _check(connection, mapped, statement, unquoted, to_do)


def _check(
    connection: Connection,
    mapped: Mapped,
    statement: Select[Any],
    said: Callable[[DBAPIError], str],
    to_do: str,
) -> None:
    try:
        _looked_at(connection, statement)
    except DBAPIError as error:
        if is_retryable(error):
            raise
        raise ConfigurationError(
            f"{mapped.key}: found {shown(mapped.sql)}: {said(error)}; {to_do}"
        ) from error


def _values_of(connection: Connection, mapped: Mapped, base: TextClause) -> int:
    """How many columns the expression makes where nothing encloses it."""
    try:
        return _looked_at(connection, select(literal_column(f"{mapped.sql}\n")).select_from(base))[0]
    except DBAPIError as error:
        if is_retryable(error):
            raise
        return 1


def _looked_at(connection: Connection, statement: Select[Any]) -> tuple[int, bool]:
    """How many columns it has, and whether it has a row although it reads none."""
    with connection.begin():
        result = connection.execute(statement.where(text("1 = 0")))
        columns = result.cursor.description if result.cursor is not None else ()
        is_record = connection.dialect.name == "postgresql" and any(column[1] == RECORD for column in columns)
        return len(columns) + is_record, bool(result.all())
