"""Erasure: what is deleted leaves the engine's files as well.

An engine marks a document as deleted and keeps its text in its files until it happens to rewrite them. Only a
generation that never held the text is sure to be without it: so one is built, and all others are removed.
"""

from customers.customer import Customer
from customers.errors import SourceError
from sync import generations
from sync.context import SyncContext, SyncResult
from sync.incremental import sync
from sync.mapping import Deleted
from sync.progress import Progress
from sync.pruning import prune_alone
from sync.reindexing import reindex


def forget(context: SyncContext, identifier: str, progress: Progress | None = None) -> SyncResult:
    """Erase a customer that the source has deleted: from the index, from the ones kept for a rollback, and
    from the state database.

    Raises SourceError where the source still has the customer, since every sync would bring it back, and
    whatever `reindex` raises.
    """
    there = [entry for entry in context.source.read([identifier]) if not isinstance(entry, Deleted)]
    if there:
        kind = "customer" if isinstance(there[0], Customer) else "row, which is in quarantine"
        raise SourceError(f"the source still has this {kind}: delete it there first, then forget it here")
    sync(context, progress)  # out of the tills' sight at once; the rest takes as long as a reindex
    return erase(context, progress)


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
