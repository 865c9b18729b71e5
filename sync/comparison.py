"""Compares what several places hold, whatever their size: on disk, in a scratch database that vanishes."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

from sync.chunks import chunks
from sync.ledger import to_bytes, to_identifier

# Rows on their way into the scratch database, and out of it, at a time.
CHUNK = 10_000
# The scratch database's share of memory, in KiB.
CACHE = 16_384


def scratch_database() -> sqlite3.Connection:
    """An empty database for what need not outlive us: it takes little memory whatever it holds."""
    # A database without a name is a private file, removed by the operating system whatever happens to us.
    scratch = sqlite3.connect("", isolation_level=None)
    scratch.execute("PRAGMA journal_mode = OFF")
    scratch.execute("PRAGMA synchronous = OFF")
    scratch.execute(f"PRAGMA cache_size = -{CACHE}")
    return scratch


class Comparison:
    """Sides are sets of (identifier, digest); each is named by the caller. `sizes` says how
    many identifiers each had when it was complete. Used in a `with` block."""

    def __init__(self) -> None:
        self._scratch = scratch_database()
        self.sizes: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scratch.close()

    def fill(self, side: str, entries: Iterable[tuple[str, str]]) -> int:
        """Load one side, once. Returns how many identifiers it has."""
        self.begin(side)
        for chunk in chunks(entries, CHUNK):
            self.add(side, chunk)
        return self.complete(side)

    def begin(self, side: str) -> None:
        """Make an empty side, for `add`."""
        self._scratch.execute(f"CREATE TABLE {side} (identifier BLOB NOT NULL, digest TEXT NOT NULL)")

    def add(self, side: str, entries: Iterable[tuple[str, str]]) -> None:
        """Load a part of a side."""
        rows = [(to_bytes(identifier), digest) for identifier, digest in entries]
        self._scratch.execute("BEGIN")
        self._scratch.executemany(f"INSERT INTO {side} VALUES (?, ?)", rows)
        self._scratch.execute("COMMIT")

    def change(self, side: str, identifiers: Iterable[str], digest: str) -> None:
        """Give these another digest."""
        rows = [(digest, to_bytes(identifier)) for identifier in identifiers]
        self._scratch.executemany(f"UPDATE {side} SET digest = ? WHERE identifier = ?", rows)

    def complete(self, side: str) -> int:
        """Make a side ready for comparing. Returns how many identifiers it has."""
        self._scratch.execute(f"CREATE INDEX {side}_identifier ON {side} (identifier)")
        counted = self._scratch.execute(f"SELECT count(DISTINCT identifier) FROM {side}")
        self.sizes[side] = int(counted.fetchone()[0])
        return self.sizes[side]

    def tally(self, side: str) -> dict[str, int]:
        """How often a side has each digest."""
        return dict(self._scratch.execute(f"SELECT digest, count(*) FROM {side} GROUP BY digest"))

    def identifiers(self, side: str) -> Iterator[str]:
        """The identifiers of a side, in order."""
        return self._identifiers(f"SELECT DISTINCT identifier FROM {side} ORDER BY identifier")

    def absent(self, side: str, *, from_: str) -> Iterator[str]:
        """The identifiers of `side` that `from_` does not have."""
        return self._identifiers(
            f"SELECT DISTINCT identifier FROM {side}"
            f" WHERE NOT EXISTS (SELECT 1 FROM {from_} WHERE {from_}.identifier = {side}.identifier)"
        )

    def different(self, side: str, other: str) -> Iterator[str]:
        """The identifiers that both have, with different digests."""
        return self._identifiers(
            f"SELECT DISTINCT {side}.identifier FROM {side}"
            f" JOIN {other} ON {other}.identifier = {side}.identifier"
            f" WHERE {side}.digest <> {other}.digest"
        )

    def repeated(self, side: str) -> Iterator[str]:
        """The identifiers that `side` has more than once."""
        return self._identifiers(f"SELECT identifier FROM {side} GROUP BY identifier HAVING count(*) > 1")

    def digests(self, side: str, identifiers: Sequence[str]) -> dict[str, str]:
        """The digests that a side has for these."""
        marks = ",".join("?" * len(identifiers))
        rows = self._scratch.execute(
            f"SELECT identifier, digest FROM {side} WHERE identifier IN ({marks})",
            [to_bytes(identifier) for identifier in identifiers],
        )
        return {to_identifier(identifier): digest for identifier, digest in rows}

    def _identifiers(self, statement: str) -> Iterator[str]:
        cursor = self._scratch.execute(statement)
        while rows := cursor.fetchmany(CHUNK):
            yield from (to_identifier(row[0]) for row in rows)
