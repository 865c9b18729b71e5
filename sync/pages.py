"""Streams of rows, cut into pages of customers that survive a dropped connection."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from customers.customer import Customer
from customers.errors import SourceError, SourceUnavailable
from sync.chunks import chunks
from sync.mapping import Deleted, Fault, Mapping, Row
from sync.source_errors import ValueRefusedError

Entry = Customer | Deleted | Fault
# Rows with one identifier, and their position: the identifier as the database has it, or (updated_at,
# identifier). No rows where they are yet to be read.
Item = tuple[Any, Sequence[Row]]

# How often a page is tried again after the connection dropped, and how long to wait before it (seconds).
RETRIES = 4
PAUSES = (0.5, 2.0, 8.0, 20.0)

_NAN = object()


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in the order of the source. `last` is the position of the last one: where to go on reading."""

    entries: tuple[Entry, ...]
    last: Any


class Way(Protocol):
    """A way to read a segment."""

    def items(self, position: Any) -> Iterable[Item]:
        """What there is from a position on, in order: as many rows as make a segment, or fewer."""
        ...

    def read(self, items: Sequence[Item]) -> Iterator[Entry]:
        """What these say."""
        ...


class Together:
    """All rows of a segment by one statement: what `stream(position)` gives. `moment` is the place of
    updated_at in a row, where it is in the position."""

    def __init__(self, stream: Callable[[Any], Iterator[Row]], mapping: Mapping, moment: int | None) -> None:
        self._stream = stream
        self._mapping = mapping
        self._moment = moment

    def items(self, position: Any) -> Iterator[Item]:
        """See Way.items."""
        for group in grouped(self._stream(position)):
            row = group[0]
            yield (row[0] if self._moment is None else (row[self._moment], row[0])), group

    def read(self, items: Sequence[Item]) -> Iterator[Entry]:
        """See Way.read."""
        return entries(self._mapping, (group for _, group in items))


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


def segments(usual: Way, apart: Way, after: Any, *, segment: int, page: int) -> Iterator[Page]:
    """Pages from the position `after` on, asked for again from the last one for the next segment, and after a
    dropped connection. Where the database cannot compute a value, the rest of a segment is read `apart`."""
    position, failures, way = after, 0, usual
    seen: frozenset[Any] = frozenset()
    while True:
        rows, moved = 0, False
        try:
            for items in chunks(way.items(position), page):
                rows += sum(max(len(group), 1) for _, group in items)
                places = list(map(_met, items))
                fresh = [item for item, place in zip(items, places, strict=True) if place not in seen]
                found = Page(tuple(way.read(fresh)), items[-1][0])
                seen = frozenset(places)
                position, failures = found.last, 0
                moved = moved or bool(fresh)
                yield found
        except ValueRefusedError:
            if way is apart:
                raise
            way = apart
            continue
        except SourceUnavailable as error:
            failures += 1
            _wait(failures, error)
            continue
        if not moved:
            _refuse_standstill(rows, segment)
        if not moved or rows < segment:  # the statement had room for more
            return
        way = usual


def _wait(failures: int, error: SourceUnavailable) -> None:
    """Before another attempt, of which there are only so many."""
    if failures > RETRIES:
        raise error
    time.sleep(PAUSES[failures - 1])


def _refuse_standstill(rows: int, segment: int) -> None:
    """A whole segment of rows with one key hides what comes after it, so it is not the end of the table."""
    if rows >= segment:
        raise SourceError(
            f"[source.customer] identifier: {segment} rows or more share one; map what is unique"
        )


def _met(item: Item) -> Any:
    """The position, equal to itself when it is met again: NaN is not, and would be met for ever."""
    place = item[0]
    return tuple(map(_itself, place)) if isinstance(place, tuple) else _itself(place)


def _itself(value: Any) -> Any:
    return _NAN if value != value else value  # noqa: PLR0124 - so NaN is told, of any type
