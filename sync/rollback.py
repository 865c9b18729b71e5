"""Makes the generation before the live one answer again."""

import logging

from customers.errors import NoLiveGeneration
from customers.keys import keys_version
from sync import generations
from sync.context import SyncContext, SyncResult
from sync.feed import Feed
from sync.lease import BUILD, LIVE, Lease
from sync.passes import note_nameless, read_all, resolve_doubts
from sync.progress import Progress, Silent
from sync.promotion import finish_promotion, promote, prove, reconcile
from sync.reindexing import PATIENCE_SECONDS
from sync.runs import recorded

log = logging.getLogger(__name__)


def rollback(context: SyncContext, progress: Progress | None = None) -> SyncResult:
    """Bring the previous generation up to the source, and make it live: whoever the source has deleted since
    does not come back. Raises NoLiveGeneration where none is kept, LeaseHeld, SourceError, StateError,
    EngineError; the live generation stays as it was then."""
    progress = progress or Silent()
    with (
        Lease(context.state, BUILD, context.holder),
        Lease(context.state, LIVE, context.holder, patience=PATIENCE_SECONDS) as lease,
        recorded(context.state, "rollback", context.holder) as run,
    ):
        finish_promotion(context)
        run.generation = _previous(context)
        reading = context.source.clock()
        progress.start("rollback", context.source.count())
        with Feed(context, lease, run.generation, progress) as feed:
            run.counts = feed.counts
            with context.state.read() as connection:
                now = context.state.now(connection)
            resolve_doubts(context, feed)
            read_all(context, feed)
            feed.flush(watermark=reading.settled, synced_at=now)
            note_nameless(context, feed)
            run.quarantined = feed.quarantined_count()
        reconcile(context, lease, run.generation, progress)
        prove(context, lease, run.generation, progress)
        promote(context, lease, run.generation)
        progress.finish()
    return run.result()


def _previous(context: SyncContext) -> str:
    there = {found.name: found.keys for found in context.index.generations()}
    with context.state.read() as connection:
        known = generations.known(connection)
    names = [found.name for found in known if found.status == generations.PREVIOUS and found.name in there]
    if not names:
        raise NoLiveGeneration("rollback: no earlier generation is kept; run `customer-lookup reindex`")
    if there[names[-1]] != keys_version(context.search):
        raise NoLiveGeneration(
            "rollback: the earlier generation was built by another version of the search keys;"
            " run `customer-lookup reindex`"
        )
    return names[-1]
