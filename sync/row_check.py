"""Tries the mapping on rows: what an expression makes of them, no statement without rows can tell."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Executable, FromClause, func, select
from sqlalchemy.exc import DBAPIError

from sync.mapping import BALANCE_FIELDS, TEXT_FIELDS
from sync.source_errors import code_of, is_retryable
from sync.values import to_amount, to_boolean, to_identifier, to_text, to_time
from sync.wrong_mapping import Mapped, wrong

# Rows that are tried at the start of every command.
ROWS = 1_000

CONVERTERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(TEXT_FIELDS, to_text),
    **dict.fromkeys(BALANCE_FIELDS[2:], to_amount),
    "identifier": to_identifier,
    "balance_identifier": to_identifier,
    "currency": to_text,
    "block_sales": to_boolean,
    "updated_at": to_time,
}


def check_rows(
    connection: Connection, relation: FromClause, mapped: dict[str, Mapped], *, thorough: bool
) -> None:
    """Raise ConfigurationError for the column of `relation` that fails on its rows, on all of them where
    `thorough`. A value is never told, only its type or the database's code."""
    everything = [relation.c[name] for name in mapped]
    try:
        samples = _rows(connection, select(*everything).limit(ROWS))
        if thorough:
            _rows(connection, select(*map(func.count, everything)))
    except DBAPIError as error:
        if is_retryable(error):
            raise
        for name, origin in mapped.items():
            _check_alone(connection, relation.c[name], origin, thorough=thorough)
        raise
    if connection.dialect.name != "sqlite":  # there each value has a type of its own
        _check_types(samples, mapped)


def _check_alone(connection: Connection, column: Any, origin: Mapped, *, thorough: bool) -> None:
    try:
        _rows(connection, select(column).limit(ROWS))
        if thorough:
            _rows(connection, select(func.count(column)))
    except DBAPIError as error:
        if is_retryable(error):
            raise
        why = f"the database cannot make it of every row ({code_of(error)})"
        raise wrong(origin, why) from error


def _check_types(samples: Sequence[Sequence[Any]], mapped: dict[str, Mapped]) -> None:
    """A column has one type: if that is none of ours, no row will ever be a customer."""
    for place, (name, origin) in enumerate(mapped.items()):
        value = next(_typed(row[place] for row in samples), None)
        try:
            if value is not None and name in CONVERTERS:
                CONVERTERS[name](value)
        except ValueError as error:
            raise wrong(origin, str(error)) from None


def _typed(values: Iterator[Any]) -> Iterator[Any]:
    """The values that are right or wrong by their type alone, unlike a text that is no number."""
    by_value = (str, bytes, int, float, Decimal, type(None))
    return (value for value in values if type(value) not in by_value)


def _rows(connection: Connection, statement: Executable) -> Sequence[Sequence[Any]]:
    with connection.begin():
        return connection.execute(statement).all()
