"""Pieces of the statements that read the source: what is compared with what."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    LargeBinary,
    Text,
    and_,
    bindparam,
    cast,
    collate,
    func,
    literal_column,
    or_,
    true,
)
from sqlalchemy.types import NullType

# Text that sorts before it is no time.
FIRST_YEAR = "0001"
# Text that is no longer is a date without a time.
DATE_LENGTH = len("2024-12-31")
# How far the local time of any zone may be behind UTC. A bound for text lies so much earlier.
WESTERNMOST_HOURS = 12


def value(what: Any) -> Any:
    """A parameter without a declared type: the database compares it as the column's own type."""
    return bindparam(None, what, type_=NullType(), unique=True)


def values(several: Sequence[Any]) -> Any:
    """The same for `IN (…)`."""
    return bindparam(None, list(several), type_=NullType(), unique=True, expanding=True)


def at_or_after(moment: ColumnElement[Any], since: Any, dialect: Dialect) -> ColumnElement[bool]:
    """Whether a time is not before `since`; None: whether it is one at all."""
    if since is None:
        return moment.is_not(None)
    later: ColumnElement[bool] = moment >= value(since)
    if dialect.name != "sqlite" or not isinstance(since, str) or len(since) <= DATE_LENGTH:
        return later
    # SQLite reads times as text however they are written; for others it is NULL.
    bound = func.julianday(since, f"+{WESTERNMOST_HOURS} hours")
    return and_(later, func.coalesce(func.julianday(moment) >= bound, true()))


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
