"""Tries the mapping on rows: what an expression makes of them, no statement without rows can tell."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Executable, FromClause, func, select
from sqlalchemy.exc import DBAPIError

from sync.conditions import value
from sync.mapping import BALANCE_FIELDS, GOES_BY, TEXT_FIELDS
from sync.source_errors import code_of, is_about_a_value, is_retryable
from sync.values import to_amount, to_boolean, to_identifier, to_text, to_time
from sync.wrong_mapping import Mapped, wrong

# Rows that are tried at the start of every command.
ROWS = 1_000
# Of these, how many at least are tried alone where some of them fail.
PROBES = 20

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
        samples = []
        if is_about_a_value(error) and not thorough:
            samples = _here_and_there(connection, relation, everything)
        if not samples:
            for name, origin in mapped.items():
                _check_alone(connection, relation.c[name], origin, thorough=thorough)
            raise
    if connection.dialect.name != "sqlite":  # there each value has a type of its own
        _check_types(samples, mapped)


def _here_and_there(
    connection: Connection, relation: FromClause, everything: Sequence[Any]
) -> Sequence[Sequence[Any]]:
    """Some rows, each read by itself: a few that cannot be computed will be left out by the sync. None where
    most cannot, or what the sync itself goes by."""
    key = next(relation.c[name] for name in ("identifier", "balance_identifier") if name in relation.c)
    goes_by = [relation.c[name] for name in GOES_BY if name in relation.c]
    found: list[Sequence[Any]] = []
    try:
        rows = _rows(connection, select(key, *goes_by).where(key.is_not(None)).limit(ROWS))
    except DBAPIError:
        return []
    probed = [row[0] for row in rows[:: max(1, len(rows) // PROBES)]]
    failed = 0
    for identifier in probed:
        try:
            found += _rows(connection, select(*everything).where(key == value(identifier)))
        except DBAPIError:
            failed += 1
    return found if failed <= len(probed) // 2 else []


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
        sample = next(_typed(row[place] for row in samples), None)
        try:
            if sample is not None and name in CONVERTERS:
                CONVERTERS[name](sample)
        except ValueError as error:
            raise wrong(origin, str(error)) from None


def _typed(values: Iterator[Any]) -> Iterator[Any]:
    """The values that are right or wrong by their type alone, unlike a text that is no number."""
    by_value = (str, bytes, int, float, Decimal, type(None))
    return (each for each in values if type(each) not in by_value)


def _rows(connection: Connection, statement: Executable) -> Sequence[Sequence[Any]]:
    with connection.begin():
        return connection.execute(statement).all()
