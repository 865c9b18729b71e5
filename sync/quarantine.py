"""Quarantine: the rows that are left out of a generation, and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select

from customers.document import identifier_key
from sync.chunks import chunks
from sync.generations import live, note
from sync.guard import told
from sync.ledger import KEYS, to_bytes, to_identifier
from sync.nameless import Nameless
from sync.state import State
from sync.tables import GENERATIONS, QUARANTINE
from sync.upsert import upsert


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A row that was left out. `identifier` is None where the row has none. `reason` holds no values;
    `since` is when it was first met (aware, UTC)."""

    identifier: str | None
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Reject:
    """A row to leave out. `digest` is that of the document that the engine refused, None: it became none."""

    identifier: str
    reason: str
    digest: str | None = None


def entries(state: State) -> list[QuarantineEntry]:
    """What is left out of the live generation, oldest first; of rows without an identifier a few."""
    with state.read() as connection:
        generation = live(connection)
        if generation is None:
            return []
        mine = QUARANTINE.c.generation == generation.name
        rows = connection.execute(select(QUARANTINE).where(mine).order_by(QUARANTINE.c.since)).all()
    return [
        QuarantineEntry(
            None if row.identifier is None else to_identifier(row.identifier),
            row.reason,
            datetime.fromtimestamp(row.since, UTC),
        )
        for row in rows
    ]


def count(state: State) -> int:
    """How many rows are left out of the live generation."""
    with state.read() as connection:
        generation = live(connection)
        return 0 if generation is None else Quarantine(generation.name).count(connection)


def rejects(reasons: Mapping[str, str | None]) -> list[Reject]:
    """The rows to leave out, of identifiers with the reason why; None: there is none."""
    return [Reject(identifier, reason) for identifier, reason in reasons.items() if reason is not None]


class Quarantine:
    """The quarantine of one generation. Every call works in the caller's transaction."""

    def __init__(self, generation: str) -> None:
        self._generation = generation
        self._mine = QUARANTINE.c.generation == generation

    def add(self, connection: Connection, rejects: Sequence[Reject], now: float) -> None:
        """Leave these rows out. One that is here already keeps its first time."""
        self._add(connection, {identifier_key(reject.identifier): reject for reject in rejects}, now)

    def replace_nameless(self, connection: Connection, nameless: Nameless, now: float) -> None:
        """Leave out the rows that have no identifier: these, and no others. They cannot be told apart, so
        they are numbered."""
        reasons = enumerate(nameless.listed())
        listed = {f"nameless-{number}": Reject("", reason) for number, reason in reasons}
        others = QUARANTINE.c.identifier.is_(None), QUARANTINE.c.identifier_key.not_in(list(listed))
        connection.execute(delete(QUARANTINE).where(self._mine, *others))
        self._add(connection, listed, now)
        note(connection, self._generation, nameless=len(nameless))

    def _add(self, connection: Connection, rejects: Mapping[str, Reject], now: float) -> None:
        since = self._since(connection, list(rejects))
        rows = [
            {
                "generation": self._generation,
                "identifier_key": key,
                "identifier": to_bytes(reject.identifier) or None,
                "digest": reject.digest,
                "reason": reject.reason,
                "since": since.get(key, now),
            }
            for key, reject in rejects.items()
        ]
        upsert(connection, QUARANTINE, rows)

    def _since(self, connection: Connection, keys: Sequence[str]) -> dict[str, float]:
        known: dict[str, float] = {}
        for part in chunks(keys, KEYS):
            statement = select(QUARANTINE.c.identifier_key, QUARANTINE.c.since).where(
                self._mine, QUARANTINE.c.identifier_key.in_(part)
            )
            known.update((key, since) for key, since in connection.execute(statement))
        return known

    def known(self, connection: Connection) -> dict[str, str | None]:
        """identifier_key -> digest of what the engine refused (None: the row became no document)."""
        statement = select(QUARANTINE.c.identifier_key, QUARANTINE.c.digest).where(self._mine)
        return {row.identifier_key: row.digest for row in connection.execute(statement)}

    def identifiers(self, connection: Connection) -> list[str]:
        """The identifiers that are left out."""
        named = QUARANTINE.c.identifier.is_not(None)
        kept = connection.scalars(select(QUARANTINE.c.identifier).where(self._mine, named))
        return [to_identifier(identifier) for identifier in kept]

    def release(self, connection: Connection, identifiers: Iterable[str]) -> None:
        """These are indexed, or gone from the source."""
        keys = [identifier_key(identifier) for identifier in identifiers]
        for part in chunks(keys, KEYS):
            connection.execute(delete(QUARANTINE).where(self._mine, QUARANTINE.c.identifier_key.in_(part)))

    def count(self, connection: Connection) -> int:
        """How many rows are left out, listed or not."""
        return self.count_named(connection) + self._count_nameless(connection)

    def count_named(self, connection: Connection) -> int:
        """How many identifiers are left out: the rows without one not counted."""
        return self._count(connection, QUARANTINE.c.identifier.is_not(None))

    def _count_nameless(self, connection: Connection) -> int:
        counted = select(GENERATIONS.c.nameless).where(GENERATIONS.c.name == self._generation)
        noted = connection.scalar(counted)
        return self._count(connection, QUARANTINE.c.identifier.is_(None)) if noted is None else int(noted)

    def _count(self, connection: Connection, those: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(QUARANTINE).where(self._mine, those)
        return int(connection.scalar(statement) or 0)

    def reasons(self, connection: Connection, looked_at: int | None = None) -> Counter[str]:
        """How many rows each reason leaves out: as far as so many tell of those that have an identifier, and
        for the others as if those that are not listed had the commonest reason of those that are."""
        named = self._reasons(connection, QUARANTINE.c.identifier.is_not(None), looked_at)
        nameless = self._reasons(connection, QUARANTINE.c.identifier.is_(None), None)
        unlisted = self._count_nameless(connection) - nameless.total()
        if unlisted > 0:
            # None is listed where a process of the version before has cleared the list meanwhile.
            [(reason, _rows)] = nameless.most_common(1) or [("identifier is missing", 0)]
            nameless[reason] += unlisted
        return named + nameless

    def _reasons(
        self, connection: Connection, those: ColumnElement[bool], looked_at: int | None
    ) -> Counter[str]:
        found = select(QUARANTINE.c.reason).where(self._mine, those).limit(looked_at).subquery()
        statement = select(found.c.reason, func.count()).group_by(found.c.reason)
        return Counter({reason: int(rows) for reason, rows in connection.execute(statement)})

    def unreadable(self, connection: Connection) -> str | None:
        """How many rows are left out, and why most of them are: the end of a sentence."""
        found = self.reasons(connection)
        return told(found.total(), found.most_common(1)[0][0] if found else None)

    def clear(self, connection: Connection) -> None:
        """Forget the generation."""
        connection.execute(delete(QUARANTINE).where(self._mine))
