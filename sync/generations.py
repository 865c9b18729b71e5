"""What the state database knows of each generation of the index."""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from sync.tables import GENERATIONS, LEDGER, QUARANTINE

BUILDING = "building"
PROMOTING = "promoting"
LIVE = "live"
PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Known:
    """A generation as the state database has it. Times are seconds since 1970: `watermark` on the source's
    clock, the others on the state database's. `checkpoint` is where its building may go on. More in
    sync/tables.py."""

    name: str
    keys_version: str
    mapping: str
    status: str
    created_at: float
    watermark: float | None
    synced_at: float | None
    scanned_at: float | None
    scan_seconds: float | None
    retired_at: float | None
    documents: int | None
    in_doubt: bool
    checkpoint: Any
    deletes_since: float | None
    stamp: int | None
    surplus: int | None
    nameless: int | None


def new_name() -> str:
    """A name that sorts by time and meets no other."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def create(connection: Connection, name: str, *, keys_version: str, mapping: str, now: float) -> None:
    """Note a generation that is about to be built. `mapping` is the version of the mapping."""
    connection.execute(
        insert(GENERATIONS).values(
            name=name, keys_version=keys_version, mapping=mapping, status=BUILDING, created_at=now
        )
    )


def known(connection: Connection) -> list[Known]:
    """All generations, oldest first."""
    rows = connection.execute(select(GENERATIONS).order_by(GENERATIONS.c.created_at))
    return [_known(row) for row in rows]


def find(connection: Connection, name: str) -> Known | None:
    """The generation of this name."""
    row = connection.execute(select(GENERATIONS).where(GENERATIONS.c.name == name)).first()
    return None if row is None else _known(row)


def live(connection: Connection) -> Known | None:
    """The generation that answers, as far as the state database knows."""
    row = connection.execute(select(GENERATIONS).where(GENERATIONS.c.status == LIVE)).first()
    return None if row is None else _known(row)


def note(connection: Connection, name: str, **values: Any) -> None:
    """Change what is known of a generation; `checkpoint` is anything that JSON can keep."""
    if "checkpoint" in values:
        values["checkpoint"] = json.dumps(values["checkpoint"])
    connection.execute(update(GENERATIONS).where(GENERATIONS.c.name == name).values(**values))


def note_deletes(connection: Connection, name: str, now: float) -> None:
    """Note that documents were deleted from a generation; the first time counts."""
    first = (GENERATIONS.c.name == name) & GENERATIONS.c.deletes_since.is_(None)
    connection.execute(update(GENERATIONS).where(first).values(deletes_since=now))


def make_live(connection: Connection, name: str, now: float) -> None:
    """Note that `name` answers from now on, and that the one before is the previous one."""
    former = GENERATIONS.c.status == LIVE
    connection.execute(
        update(GENERATIONS).where(former, GENERATIONS.c.name != name).values(status=PREVIOUS, retired_at=now)
    )
    note(connection, name, status=LIVE, retired_at=None, checkpoint=None)


def forget(connection: Connection, name: str) -> None:
    """Delete all that is known of a generation: its ledger and its quarantine too."""
    connection.execute(delete(LEDGER).where(LEDGER.c.generation == name))
    connection.execute(delete(QUARANTINE).where(QUARANTINE.c.generation == name))
    connection.execute(delete(GENERATIONS).where(GENERATIONS.c.name == name))


def _known(row: Row[Any]) -> Known:
    values = row._asdict()
    values["checkpoint"] = json.loads(values["checkpoint"]) if values["checkpoint"] else None
    return Known(**values)
