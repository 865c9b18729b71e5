"""Pieces of the statements that read the source: what is compared with what."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeGuard

from sqlalchemy import (
    ColumnElement,
    Dialect,
    LargeBinary,
    Text,
    and_,
    bindparam,
    case,
    cast,
    collate,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.types import NullType

from sync.values import LARGEST_MILLISECONDS, LARGEST_SECONDS, unit_of

# Text that sorts before it is no time.
FIRST_YEAR = "0001"
# Text that is no longer is a date without a time.
DATE_LENGTH = len("2024-12-31")
# How far the local time of any zone may be behind UTC. A bound for text lies so much earlier.
WESTERNMOST_HOURS = 12
# How many of each unit that a number may count in make a second, and from which number on it does (see
# values.unit_of). Negative ones are before 1970, whatever their unit.
UNITS = ((1, -LARGEST_SECONDS), (1_000, LARGEST_SECONDS), (1_000_000, LARGEST_MILLISECONDS))


@dataclass(frozen=True, slots=True)
class Since:
    """A moment, in seconds since 1970 and `written` as the greatest time of a column is."""

    seconds: float
    written: Any


def is_number(value: Any) -> TypeGuard[int | float | Decimal]:
    """Whether it is one that can be a time."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def value(what: Any) -> Any:
    """A parameter without a declared type: the database compares it as the column's own type."""
    return bindparam(None, what, type_=NullType(), unique=True)


def values(several: Sequence[Any]) -> Any:
    """The same for `IN (…)`."""
    return bindparam(None, list(several), type_=NullType(), unique=True, expanding=True)


def at_or_after(moment: ColumnElement[Any], since: Since | None, dialect: Dialect) -> ColumnElement[bool]:
    """Whether a time is not before `since`; None: whether it is one at all."""
    if since is None:
        return moment.is_not(None)
    written = since.written
    if is_number(written):
        return or_(*_numbered(moment, since.seconds, unit_of(float(written))))
    later: ColumnElement[bool] = moment >= value(written)
    if dialect.name != "sqlite" or not isinstance(written, str):
        return later
    if len(written) > DATE_LENGTH:
        # SQLite reads times as text however they are written; for others it is NULL.
        bound = func.julianday(written, f"+{WESTERNMOST_HOURS} hours")
        later = and_(later, func.coalesce(func.julianday(moment) >= bound, true()))
    # Among text it may have numbers, which all sort before it. Where the least is none, an index serves.
    least = select(func.min(moment)).correlate(None).scalar_subquery()
    begin = case((least < "", value(int(since.seconds))), else_=value(written))
    return and_(moment >= begin, or_(later, *_numbered(moment, since.seconds, UNITS[-1][0], "")))


def _numbered(
    moment: ColumnElement[Any], seconds: float, greatest: int, end: Any = None
) -> list[ColumnElement[bool]]:
    """Whether a number is not before a moment, each by its own unit up to the `greatest`: for each unit the
    range, so that an index serves. The last one goes on to `end`."""
    units = [(unit, least) for unit, least in UNITS if unit <= greatest]
    ends = [*(value(least) for _, least in units[1:]), None if end is None else value(end)]
    ranges: list[ColumnElement[bool]] = []
    for (unit, least), below in zip(units, ends, strict=True):
        later: ColumnElement[bool] = moment >= value(max(int(seconds * unit), least))
        ranges.append(later if below is None else and_(later, moment < below))
    return ranges


def undated(moment: ColumnElement[Any], dialect: Dialect, *, is_text: bool) -> ColumnElement[bool]:
    """Whether a time is NULL, or what stands for it: MySQL's zero date, and in a column of text whatever
    sorts before all times, as blanks do."""
    missing: list[ColumnElement[bool]] = [moment.is_(None)]
    if is_text:
        missing.append(and_(moment >= "", moment < FIRST_YEAR))
    elif dialect.name in {"mysql", "mariadb"}:
        missing.append(moment == literal_column("0"))
    return or_(*missing)


def as_written(key: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    """What tells identifiers apart that are equal to the database, as `k5` and `K5` are by MariaDB's own
    collation."""
    if dialect.name in {"mysql", "mariadb"}:
        return cast(key, LargeBinary)
    if dialect.name == "sqlite":
        return collate(key, "BINARY")
    return collate(cast(key, Text), "C") if dialect.name == "postgresql" else key
