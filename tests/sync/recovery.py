"""What the next process does after one that broke down, and what must be true then."""

import time

from sqlalchemy import text, update

from sync import generations
from sync.context import SyncContext
from sync.guard import GUARDED_FROM
from sync.incremental import sync
from sync.reindexing import reindex
from sync.tables import LEASE
from sync.verification import verify
from tests.sync.merchant import Merchant
from tests.sync.tally import TALLY


def change(merchant: Merchant, turn: int) -> None:
    """One more customer, one with another name, and one less."""
    merchant.add(f"C{turn}", f"Lars Hansen {turn}")
    merchant.rename(f"C{turn - 1}", f"Mette Holm {turn}")
    merchant.delete(f"C{turn - 4}")


def recover(context: SyncContext, merchant: Merchant) -> float:
    """What the next process does, once the time of the killed one's lease is over: how many seconds it took
    until the index equalled the table."""
    with context.state.write() as connection:
        connection.execute(update(LEASE).values(expires_at=0.0))
    began = time.monotonic()
    sync(context)
    seconds = time.monotonic() - began
    TALLY.compare(verify(context))
    with merchant.engine.connect() as connection:
        rows = connection.execute(text("SELECT number, name FROM customers")).all()
    assert all(getattr(context.index.get(row.number), "name", None) == row.name for row in rows)
    (live,) = (found for found in context.index.generations() if found.live)
    assert live.documents == len(rows)
    return seconds


def prepare(context: SyncContext, job: str) -> None:
    """A rollback needs a generation to go back to; one that all the killed ones before have only added to is
    taken for another table by the guard."""
    if job == "rollback":
        with context.state.read() as connection:
            known = generations.known(connection)
        previous = [found for found in known if found.status == generations.PREVIOUS]
        if not previous or (previous[-1].documents or 0) >= GUARDED_FROM - 2:
            reindex(context)
