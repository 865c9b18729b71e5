"""One pass: what changed in the source since the last one is brought to the live generation."""

import logging
import time

from customers.errors import ConfigurationError, EngineError
from sync import generations, reindexing
from sync.clock import Reading
from sync.context import SyncContext, SyncResult
from sync.feed import Feed
from sync.lease import LIVE, Lease
from sync.passes import (
    match_keys,
    note_nameless,
    read_all,
    read_undated,
    read_window,
    resolve_doubts,
    retry,
    told_by_time,
)
from sync.progress import Progress, Silent
from sync.promotion import finish_promotion
from sync.runs import Run, recorded
from sync.trust import NOTHING_YET, distrust, refuse_outdated

log = logging.getLogger(__name__)

# How often the rows are counted until it is believed that the source has more of them than it tells.
COUNTS = 3
# How old the `updated_at` of what came just now may be: it leaves out fractions of a second, a transaction
# takes a moment, and a replica lags a little.
RECENT_SECONDS = 5.0


def sync(context: SyncContext, progress: Progress | None = None, *, paced: bool = False) -> SyncResult:
    """Bring the live generation up to the source. Where there is none, or not the one that the ledger
    describes, reindex instead, from where an earlier one was broken off.

    `paced`: read what no time tells only when that keeps reading under `max_source_load`. Raises LeaseHeld,
    SourceError, StateError, EngineError; what is confirmed by then stays, and the next pass goes on there.
    Raises ConfigurationError where somebody has built the index with newer settings than ours.
    """
    progress = progress or Silent()
    with Lease(context.state, LIVE, context.holder) as lease:
        try:
            finish_promotion(context)
            refuse_outdated(context)
            reason = distrust(context)
        except (ConfigurationError, EngineError):
            with recorded(context.state, "sync", context.holder):
                raise
        if reason is None:
            with recorded(context.state, "sync", context.holder) as run:
                return _pass(context, lease, run, progress, paced=paced)
    log.warning("reindex needed: %s", reason, extra={"action": "sync.distrust"})
    note = None if reason == NOTHING_YET else f"it was needed: {reason}"
    return reindexing.reindex(context, resume=True, note=note, progress=progress)


def _pass(context: SyncContext, lease: Lease, run: Run, progress: Progress, *, paced: bool) -> SyncResult:
    reading = context.source.clock()
    with context.state.read() as connection:
        live = generations.live(connection)
        now = context.state.now(connection)
    if live is None:
        raise AssertionError("the lease is held and the generation was there a moment ago")
    run.generation = live.name
    progress.start("sync", None)
    with Feed(context, lease, live.name, progress) as feed:
        run.counts = feed.counts
        resolve_doubts(context, feed)
        since = context.begin_of_pass(_last_read(live, reading, now))
        read_window(context.source, feed, since, reading.zone)
        noted = {"watermark": reading.settled}
        if is_due(context, live, now, paced=paced):
            noted |= _read_rest(context, feed, reading)
        if told_by_time(context.source.settings) or "scanned_at" in noted:
            noted["synced_at"] = now
        feed.flush(**noted)
        run.quarantined = feed.quarantined_count()
    progress.finish()
    return run.result()


def _last_read(live: generations.Known, reading: Reading, now: float) -> float:
    """The moment on the source's clock up to which everything is read. That clock may have been ahead at the
    last pass, and be put right: the state database's tells how long ago that was, if not put back too."""
    watermark = live.watermark or 0.0
    passed = now - live.synced_at if live.synced_at is not None else 0.0
    if watermark > reading.now or passed < 0:
        log.warning(
            "the clock was put back by %.0f s or more since the last pass: what that may hide is read again",
            max(watermark - reading.now, -passed),
            extra={"action": "sync.clock"},
        )
    return 0.0 if passed < 0 else min(watermark, reading.settled, reading.now - passed)


def _read_rest(context: SyncContext, feed: Feed, reading: Reading) -> dict[str, float]:
    """What no `updated_at` tells: everything where there is none, else the rows where it is NULL, those that
    are left out for what another row says, and what was deleted."""
    began = time.monotonic()
    if told_by_time(context.source.settings):
        read_undated(context.source, feed)
        retry(context, feed)
        if not _has_as_many(context, feed, reading):
            match_keys(context, feed)
            note_nameless(context, feed)
    else:
        read_all(context, feed)
    with context.state.read() as connection:
        return {"scanned_at": context.state.now(connection), "scan_seconds": time.monotonic() - began}


def _has_as_many(context: SyncContext, feed: Feed, reading: Reading) -> bool:
    """Whether the source has exactly the rows that it must have: counting is cheap where reading every key is
    not. Fewer: some went away. More: some came just now, and are read; or no time tells of them."""
    for _ in range(COUNTS):
        feed.confirm()
        with context.state.read() as connection:
            known = generations.find(connection, feed.generation)
            left_out = feed.quarantine.count_named(connection)
        if known is None or known.surplus is None:
            return False
        staying = (known.documents or 0) - len(feed.leaving)
        more = context.source.count() - staying - left_out - known.surplus
        if more <= 0:
            return more == 0
        read_window(context.source, feed, reading.now - RECENT_SECONDS, reading.zone)
    return False


def is_due(context: SyncContext, live: generations.Known, now: float, *, paced: bool) -> bool:
    """Whether the source has rested long enough since it was last read whole. A clock that was put back tells
    nothing about that."""
    if not paced or live.scanned_at is None:
        return True
    rest = (live.scan_seconds or 0.0) / context.settings.max_source_load
    return not live.scanned_at <= now < live.scanned_at + rest
