"""Streams of rows, cut into pages of customers that survive a dropped connection."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from customers.customer import Customer
from customers.errors import SourceError, SourceUnavailable
from sync.mapping import Deleted, Fault, Mapping, Row

Entry = Customer | Deleted | Fault
Stream = Callable[[Any], Iterator[Row]]

# How often a page is tried again after the connection dropped, and how long to wait before it (seconds).
RETRIES = 4
PAUSES = (0.5, 2.0, 8.0, 20.0)

_NAN = object()


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in the order of the source. `last` is the position of the last one: where to go on reading."""

    entries: tuple[Entry, ...]
    last: Any


def grouped(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Neighbouring rows with the same identifier: one customer's balances."""
    group: list[Row] = []
    for row in rows:
        if group and row[0] == group[0][0]:
            group.append(row)
            continue
        if group:
            yield group
        group = [row]
    if group:
        yield group


def entries(mapping: Mapping, groups: Iterable[Sequence[Row]]) -> Iterator[Entry]:
    """What each group of rows says."""
    return map(mapping.entry, groups)


def segments(
    stream: Stream, mapping: Mapping, after: Any, *, moment: int | None, segment: int, page: int
) -> Iterator[Page]:
    """Pages from `stream(position)`, asked again from the last position for the next segment, and after a
    dropped connection. A position is the identifier as the database has it, or (updated_at, identifier) where
    `moment` is the place of updated_at in a row."""
    position, failures = after, 0
    seen: frozenset[Any] = frozenset()
    while True:
        rows, moved = 0, False
        try:
            for groups in _batches(grouped(stream(position)), page):
                rows += sum(map(len, groups))
                fresh = [group for group in groups if _met(group, moment) not in seen]
                seen = frozenset(_met(group, moment) for group in groups)
                position, failures = _position(groups[-1], moment), 0
                moved = moved or bool(fresh)
                yield Page(tuple(entries(mapping, fresh)), position)
        except SourceUnavailable:
            failures += 1
            if failures > RETRIES:
                raise
            time.sleep(PAUSES[failures - 1])
            continue
        if not moved:
            _refuse_standstill(rows, segment)
        if not moved or rows < segment:  # the statement had room for more
            return


def _refuse_standstill(rows: int, segment: int) -> None:
    """A whole segment of rows with one key hides what comes after it, so it is not the end of the table."""
    if rows >= segment:
        raise SourceError(
            f"[source.customer] identifier: {segment} rows or more share one; map what is unique"
        )


def _position(group: list[Row], moment: int | None) -> Any:
    row = group[0]
    return row[0] if moment is None else (row[moment], row[0])


def _met(group: list[Row], moment: int | None) -> Any:
    """The position, equal to itself when it is met again: NaN is not, and would be met for ever."""
    row = group[0]
    key = _NAN if row[0] != row[0] else row[0]
    if moment is None:
        return key
    return (_NAN if row[moment] != row[moment] else row[moment], key)


def _batches(groups: Iterator[list[Row]], size: int) -> Iterator[list[list[Row]]]:
    while batch := list(islice(groups, size)):
        yield batch
