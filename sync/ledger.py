"""The ledger: what a generation of the index holds, as far as the engine has confirmed it.

Before a document is written or deleted its entry is put in doubt (an empty digest); once the engine has
confirmed, the entry gets the new digest or goes. A crash between the two leaves doubt, and what is in doubt
is written again by the next pass, whatever the source says by then.
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from sqlalchemy import Connection, delete, func, select

from customers.document import identifier_key
from sync.chunks import chunks
from sync.tables import LEDGER
from sync.upsert import upsert

DOUBT = ""
# Parameters of one statement: SQLite and MariaDB are slow or refuse beyond some thousands.
KEYS = 900


def to_bytes(identifier: str) -> bytes:
    """An identifier as the state database keeps it: any text at all, also what its text type would refuse."""
    return identifier.encode("utf-8", "surrogatepass")


def to_identifier(kept: bytes) -> str:
    """The way back from `to_bytes`."""
    return bytes(kept).decode("utf-8", "surrogatepass")


class Ledger:
    """The ledger of one generation. Every call works in the caller's transaction."""

    def __init__(self, generation: str) -> None:
        self.generation = generation
        self._mine = LEDGER.c.generation == generation

    def digests(self, connection: Connection, identifiers: Iterable[str]) -> dict[str, str]:
        """The digest of each of `identifiers` that is known."""
        by_key = {identifier_key(identifier): identifier for identifier in identifiers}
        known: dict[str, str] = {}
        for keys in chunks(list(by_key), KEYS):
            statement = select(LEDGER.c.identifier_key, LEDGER.c.digest).where(
                self._mine, LEDGER.c.identifier_key.in_(keys)
            )
            known.update((by_key[key], digest) for key, digest in connection.execute(statement))
        return known

    def record(self, connection: Connection, digests: Iterable[tuple[str, str]]) -> None:
        """Note (identifier, digest) as confirmed."""
        rows = [
            {
                "generation": self.generation,
                "identifier_key": identifier_key(identifier),
                "identifier": to_bytes(identifier),
                "digest": digest,
            }
            for identifier, digest in digests
        ]
        # In the order of the table's key, its pages are each visited once.
        rows.sort(key=itemgetter("identifier_key"))
        upsert(connection, LEDGER, rows)

    def doubt(self, connection: Connection, identifiers: Iterable[str]) -> None:
        """Note that these are about to change, or may have changed."""
        self.record(connection, ((identifier, DOUBT) for identifier in identifiers))

    def forget(self, connection: Connection, identifiers: Sequence[str]) -> None:
        """Note that these are gone from the index."""
        for part in chunks(identifiers, KEYS):
            keys = [identifier_key(identifier) for identifier in part]
            connection.execute(delete(LEDGER).where(self._mine, LEDGER.c.identifier_key.in_(keys)))

    def doubted(self, connection: Connection) -> list[str]:
        """The identifiers in doubt: what an earlier pass began and never confirmed."""
        statement = select(LEDGER.c.identifier).where(self._mine, LEDGER.c.digest == DOUBT)
        return [to_identifier(kept) for kept in connection.scalars(statement)]

    def entries(self, connection: Connection) -> Iterator[tuple[str, str]]:
        """Every (identifier, digest), streamed."""
        statement = select(LEDGER.c.identifier, LEDGER.c.digest).where(self._mine)
        streaming = connection.execution_options(stream_results=True, max_row_buffer=5_000)
        for part in streaming.execute(statement).partitions(5_000):
            yield from ((to_identifier(kept), digest) for kept, digest in part)

    def count(self, connection: Connection) -> int:
        """How many documents the generation should have."""
        statement = select(func.count()).select_from(LEDGER).where(self._mine)
        return int(connection.scalar(statement) or 0)

    def clear(self, connection: Connection) -> None:
        """Forget the generation."""
        connection.execute(delete(LEDGER).where(self._mine))
