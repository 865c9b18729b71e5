"""Erasure: what is deleted leaves the engine's files as well.

An engine marks a document as deleted and keeps its text in its files until it happens to rewrite them. Only a
generation that never held the text is sure to be without it: so one is built, and all others are removed.
"""

from dataclasses import dataclass

from sqlalchemy import select

from customers.customer import Customer
from customers.document import identifier_key
from customers.errors import SourceError
from sync import generations
from sync.context import SyncContext, SyncResult
from sync.incremental import sync
from sync.mapping import Deleted
from sync.progress import Progress
from sync.pruning import prune_alone
from sync.reindexing import reindex
from sync.tables import LEDGER, QUARANTINE
from sync.trust import distrust


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What `forget` did. `was_known` is whether anything of ours named the customer; `result` is that of the
    rebuild, None: nothing of ours can hold the customer, nor anybody else who was deleted."""

    result: SyncResult | None
    was_known: bool


def forget(context: SyncContext, identifier: str, progress: Progress | None = None) -> Forgotten:
    """Erase a customer that the source has deleted: from the index, from the ones kept for a rollback, and
    from the state database.

    Raises SourceError where the source still has the customer, since every sync would bring it back, and
    whatever `reindex` raises.
    """
    there = [entry for entry in context.source.read([identifier]) if not isinstance(entry, Deleted)]
    if there:
        kind = "customer" if isinstance(there[0], Customer) else "row, which is in quarantine"
        raise SourceError(f"the source still has this {kind}: delete it there first, then forget it here")
    was_known = _is_named(context, identifier)
    if not was_known and not _may_hold_the_deleted(context):
        context.state.scrub()  # it may have been in quarantine, and be gone from there
        return Forgotten(None, was_known=False)
    sync(context, progress)  # out of the tills' sight at once; the rest takes as long as a reindex
    return Forgotten(erase(context, progress), was_known)


def _is_named(context: SyncContext, identifier: str) -> bool:
    """Whether any generation has a document, or a row that is left out, of this identifier."""
    key = identifier_key(identifier)
    with context.state.read() as connection:
        for table in (LEDGER, QUARANTINE):
            named = select(table.c.generation).where(table.c.identifier_key == key).limit(1)
            if connection.scalar(named) is not None:
                return True
    is_live = any(found.live for found in context.index.generations())
    return is_live and context.index.get(identifier) is not None


def _may_hold_the_deleted(context: SyncContext) -> bool:
    """Whether files of ours may hold the text of somebody whom the ledger does not name any more, or never
    did: it is not the ledger of this index."""
    with context.state.read() as connection:
        known = generations.known(connection)
    there = {generation.name for generation in context.index.generations()}
    if there - {found.name for found in known}:
        return True
    return any(found.deletes_since is not None for found in known) or (
        bool(there) and distrust(context) is not None
    )


def erase(context: SyncContext, progress: Progress | None = None) -> SyncResult:
    """Erase all that was ever deleted. Raises what `reindex` raises."""
    result = reindex(context, keep_previous=False, progress=progress)
    context.state.scrub()
    return result


def tidy(context: SyncContext, progress: Progress | None = None) -> SyncResult | None:
    """What the scheduler does after each verify: remove the generations that nobody needs, and erase what was
    deleted `keep_previous` ago, if anything. Raises LeaseHeld while a reindex is under way."""
    prune_alone(context)
    return erase(context, progress) if is_due(context) else None


def is_due(context: SyncContext) -> bool:
    """Whether the live generation's files may hold somebody who was deleted `keep_previous` ago."""
    with context.state.read() as connection:
        live = generations.live(connection)
        now = context.state.now(connection)
    if live is None or live.deletes_since is None:
        return False
    return now >= live.deletes_since + context.settings.keep_previous.total_seconds()
