"""Who is to leave a generation, held back until it is known how many they are."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from sync.comparison import scratch_database
from sync.guard import refuse_truncated, told
from sync.ledger import to_bytes, to_identifier


class Leaving:
    """Identifiers, each with the reason why its row is left out; None: it is gone. On disk, whatever their
    number; `len` of it is that. `documents` is how many the generation had before anybody was to leave."""

    def __init__(self, documents: int) -> None:
        self._documents = documents
        self._scratch: sqlite3.Connection | None = None
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, reasons: Mapping[str, str | None]) -> None:
        """Hold these back. What was said of one before no longer counts."""
        if not reasons:
            return
        self.stay(reasons)
        rows = [(to_bytes(identifier), reason) for identifier, reason in reasons.items()]
        self._count += self._open().executemany("INSERT INTO leaving VALUES (?, ?)", rows).rowcount

    def stay(self, identifiers: Iterable[str]) -> None:
        """These do not leave after all."""
        if self._count:
            names = [(to_bytes(identifier),) for identifier in identifiers]
            statement = "DELETE FROM leaving WHERE identifier = ?"
            self._count -= self._open().executemany(statement, names).rowcount

    def guard(self, documents: int) -> None:
        """Raise SourceError where far too many are to leave from the `documents` that there are now."""
        refuse_truncated(documents - len(self), self._documents, unreadable=self.unreadable())

    def parts(self, size: int) -> Iterator[dict[str, str | None]]:
        """Let them go, `size` at a time."""
        statement = "SELECT identifier, reason FROM leaving ORDER BY identifier LIMIT ?"
        while self._count:
            rows = self._open().execute(statement, (size,)).fetchall()
            part = {to_identifier(identifier): reason for identifier, reason in rows}
            self.stay(part)
            yield part

    def unreadable(self) -> str | None:
        """How many of them have a row that is left out, and why: the end of a sentence."""
        if not self._count:
            return None
        reasons = self._open().execute(
            "SELECT count(*), reason FROM leaving WHERE reason IS NOT NULL GROUP BY reason ORDER BY 1 DESC"
        )
        found = reasons.fetchall()
        return told(sum(rows for rows, _ in found), found[0][1] if found else None)

    def close(self) -> None:
        """Let go of the disk."""
        if self._scratch is not None:
            self._scratch.close()

    def _open(self) -> sqlite3.Connection:
        if self._scratch is None:
            self._scratch = scratch_database()
            self._scratch.execute(
                "CREATE TABLE leaving (identifier BLOB PRIMARY KEY, reason TEXT) WITHOUT ROWID"
            )
        return self._scratch
