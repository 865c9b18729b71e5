"""Whatever fails on the way through a table, and however it is cut: each row is read once, in order."""

from collections.abc import Iterator, Sequence
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from customers.errors import SourceUnavailable
from sync.mapping import Fault
from sync.pages import Entry, Item, segments
from sync.source_errors import ValueRefusedError


class Table:
    """Rows by number, of which some cannot be computed. The connection drops at some of the calls."""

    def __init__(self, rows: int, spoilt: set[int], drops: set[int], segment: int, *, eager: bool) -> None:
        self.rows = rows
        self.spoilt = spoilt
        self.segment = segment
        self.eager = eager
        self._drops = drops
        self._calls = 0

    def part(self, position: int | None) -> list[int]:
        first = 0 if position is None else position
        return list(range(first, min(first + self.segment, self.rows)))

    def call(self) -> None:
        self._calls += 1
        if self._calls in self._drops:
            raise SourceUnavailable("gone")


class Usual:
    """All rows by one statement, which fails at once (as one that sorts does) or where the row is met."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def items(self, position: int | None) -> Iterator[Item]:
        table = self._table
        table.call()
        part = table.part(position)
        if table.eager and table.spoilt.intersection(part):
            raise ValueRefusedError("no", "22P02")
        for number in part:
            table.call()
            if number in table.spoilt:
                raise ValueRefusedError("no", "22P02")
            yield number, [(number,)]

    def read(self, items: Sequence[Item]) -> Iterator[Entry]:
        return (Fault(str(place), "read") for place, _ in items)


class Alone:
    """Row by row."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def items(self, position: int | None) -> Iterator[Item]:
        self._table.call()
        return ((place, ()) for place in self._table.part(position))

    def read(self, items: Sequence[Item]) -> Iterator[Entry]:
        for place, _ in items:
            self._table.call()
            yield Fault(str(place), "spoilt" if place in self._table.spoilt else "read")


ROWS = st.integers(0, 40)


@given(ROWS, st.sets(ROWS), st.sets(st.integers(1, 200), max_size=4), st.integers(2, 12), st.data())
def test_every_row_is_read_once_in_order(
    rows: int, spoilt: set[int], drops: set[int], segment: int, data: st.DataObject
) -> None:
    page = data.draw(st.integers(1, segment))
    table = Table(rows, spoilt, drops, segment, eager=data.draw(st.booleans()))
    with patch("sync.pages.PAUSES", (0.0,) * 4):
        pages: Any = list(segments(Usual(table), Alone(table), None, segment=segment, page=page))
    expected = [Fault(str(number), "spoilt" if number in spoilt else "read") for number in range(rows)]
    assert [entry for part in pages for entry in part.entries] == expected
    assert all(len(part.entries) <= page for part in pages)
