"""Proves that the index equals the source, by reading both back."""

import logging
import time
from dataclasses import dataclass, replace

from customers.errors import NoLiveGeneration
from sync import differences, generations
from sync.comparison import Comparison
from sync.context import SyncContext
from sync.feed import Feed
from sync.guard import is_truncated, refuse_truncated
from sync.lease import LIVE, Lease
from sync.mapping import Fault
from sync.passes import digests_of, note_nameless
from sync.progress import Progress, Silent
from sync.promotion import finish_promotion
from sync.repairing import repair as put_right
from sync.report import is_failing, report
from sync.runs import CLEARED_BY, Run, recorded
from sync.trust import NOTHING_YET, distrust, live_generation, refuse_outdated

log = logging.getLogger(__name__)

# Passes come as long as the last one was no longer ago than so many intervals, or seconds.
PASSES_IN_A_ROW = 3
USUAL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """`missing` customers are in the source and not in the index, `stale` ones are there with other content,
    `extra` ones are in the index alone, and of `misnoted` ones only the ledger says something else than
    both. `repaired` is how many of them all are right now. `coming` ones are none of these: they changed
    since the last pass, and the next one brings them, if a repair has not. `distrusted` says, in a sentence,
    why the index needs a reindex even so: what somebody else did to it may be more than identifiers and
    digests show."""

    missing: int = 0
    stale: int = 0
    extra: int = 0
    misnoted: int = 0
    repaired: int = 0
    coming: int = 0
    distrusted: str | None = None

    @property
    def found(self) -> int:
        """How many customers differ, or differed."""
        return self.missing + self.stale + self.extra + self.misnoted

    @property
    def summary(self) -> str:
        """The counts, for a person."""
        counts = f"{self.missing:,} missing, {self.stale:,} stale, {self.extra:,} extra"
        counts += f", {self.misnoted:,} wrong in the ledger; {self.repaired:,} repaired"
        return f"{counts}; {self.coming:,} changed since the last pass" if self.coming else counts

    @property
    def equal(self) -> bool:
        """Whether nothing was found, or everything that was found is repaired."""
        return self.found == self.repaired and self.distrusted is None


def verify(context: SyncContext, *, repair: bool = False, progress: Progress | None = None) -> VerifyResult:
    """Compare the source with the index itself, and the ledger with both; `repair` what differs.

    Memory stays flat whatever the size. Raises NoLiveGeneration where there is nothing to compare, or the
    index is not the one that the ledger describes: that takes a reindex. Raises LeaseHeld, SourceError,
    StateError, EngineError as well, and ConfigurationError where somebody has built the index with newer
    settings than ours.
    """
    with (
        Lease(context.state, LIVE, context.holder) as lease,
        recorded(context.state, "verify", context.holder) as run,
    ):
        finish_promotion(context)
        refuse_outdated(context)
        result = _verify(context, lease, run, repair=repair, progress=progress or Silent())
        _tell(run, result)
    return result


def _tell(run: Run, result: VerifyResult) -> None:
    """The diary and the log know what was found: the worker that verifies at night has no other reader."""
    if result.equal and not result.found:
        return
    run.note, run.failed = result.summary, not result.equal
    if result.distrusted:
        run.note += f"; {result.distrusted}; the next sync reindexes"
    elif run.failed:
        run.note += "; run `customer-lookup verify --repair`"
    level, action = (logging.ERROR, "differs") if run.failed else (logging.WARNING, "repaired")
    log.log(level, "verify: %s", run.note, extra={"action": f"verify.{action}"})


def _verify(
    context: SyncContext, lease: Lease, run: Run, *, repair: bool, progress: Progress
) -> VerifyResult:
    live = _comparable(context)
    run.generation = live.name
    reading = context.source.clock()
    with Comparison() as sides, Feed(context, lease, live.name, progress) as feed:
        run.counts = feed.counts
        reason = _disowned(context, feed, repair=repair)
        began = _fill(context, sides, feed, progress, repair=repair)
        differences.find(context, sides, feed)
        if _next_pass_is_sure(context, sides, began["synced_at"]):
            differences.set_apart(context.source, sides, context.begin_of_pass(live.watermark), reading.zone)
        reason = reason or _disowned(context, feed, repair=repair)  # reading takes long enough for anybody
        if repair:
            put_right(context, feed, sides.identifiers(differences.FOUND))
            feed.flush(**began)
        run.quarantined = feed.quarantined_count()
        result = VerifyResult(**sides.tally(differences.FOUND), distrusted=reason)
    return replace(result, repaired=result.found) if repair else result


def _next_pass_is_sure(context: SyncContext, sides: Comparison, now: float) -> bool:
    """Whether it will bring what changed: something is left to be brought, passes came until we began at
    `now`, the last one did not fail, and the guard will let it."""
    if not sides.tally(differences.FOUND) or is_truncated(sides.sizes["source"], sides.sizes["engine"]):
        return False
    jobs = report(context.state, context.index).jobs
    if any(job.job == "sync" and is_failing(job, jobs) for job in jobs):
        return False
    passed = [job.last_success_at for job in jobs if job.job in CLEARED_BY["sync"] and job.last_success_at]
    usual = max(PASSES_IN_A_ROW * context.settings.interval.total_seconds(), USUAL_SECONDS)
    return any(abs(now - moment.timestamp()) < usual for moment in passed)


def _comparable(context: SyncContext) -> generations.Known:
    """The live generation. Another index than the ledger's is no difference to be repaired."""
    engine = live_generation(context)
    with context.state.read() as connection:
        live = generations.live(connection)
    if live is None or engine is None or engine.name != live.name:
        reason = distrust(context) or NOTHING_YET
        raise NoLiveGeneration(f"verify: {reason}; run `customer-lookup reindex`")
    return live


def _disowned(context: SyncContext, feed: Feed, *, repair: bool) -> str | None:
    """Why the index is not to be trusted, whatever is repaired in it; asked before that."""
    reason = distrust(context)
    if reason is not None and repair:
        feed.doubts.disown()
    return reason


def _fill(
    context: SyncContext, sides: Comparison, feed: Feed, progress: Progress, *, repair: bool
) -> dict[str, float]:
    """Read all sides. Returns what to note about when, and how long."""
    with context.state.read() as connection:
        now = context.state.now(connection)
    began = time.monotonic()
    progress.start("verify", context.source.count())
    sides.begin("source")
    for page in context.source.scan():
        sides.add("source", digests_of(page.entries, context.search))
        if repair:
            feed.take(entry for entry in page.entries if isinstance(entry, Fault))
        progress.advance(len(page.entries))
    seconds = time.monotonic() - began
    found = sides.complete("source")
    expected = sides.fill("engine", context.index.digests(feed.generation))
    with context.state.read() as connection:
        sides.fill("ledger", feed.ledger.entries(connection))
    progress.finish()
    if repair:
        refuse_truncated(found, expected, unreadable=feed.leaving.unreadable())
        note_nameless(context, feed)
    return {"synced_at": now, "scanned_at": now + seconds, "scan_seconds": seconds}
