"""Builds a new generation beside the live one, and switches to it at once."""

import time
from dataclasses import dataclass

from customers.keys import keys_version
from sync import generations
from sync.context import SyncContext, SyncResult
from sync.feed import Feed
from sync.guard import refuse_truncated
from sync.identifiers import named
from sync.lease import BUILD, LIVE, Lease
from sync.ledger import Ledger
from sync.mapping import Fault
from sync.passes import (
    match_keys,
    note_nameless,
    read_all,
    read_undated,
    read_window,
    told_by_time,
)
from sync.progress import Progress, Silent
from sync.promotion import promote, prove
from sync.pruning import prune
from sync.quarantine import Quarantine
from sync.runs import Run, recorded
from sync.trust import live_generation, mapping_version, refuse_outdated

# How long a reindex that is done waits for a sync pass to end, before it goes live (seconds).
PATIENCE_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class _Build:
    """A generation under way: reading goes on at `after`; `watermark` is the source's time at the start."""

    name: str
    after: str | None
    watermark: float
    zone: float


def reindex(
    context: SyncContext,
    *,
    resume: bool = False,
    force: bool = False,
    dry_run: bool = False,
    keep_previous: bool = True,
    note: str | None = None,
    progress: Progress | None = None,
) -> SyncResult:
    """Read the whole source into a new generation, and make it live once it holds all of it.

    `resume` goes on with a build that was broken off, if its mapping is still the same. `force` accepts a
    source with far fewer customers than the live generation. `dry_run` reads and maps, and writes nothing.
    Without `keep_previous` only the new generation stays, and there is nothing to roll back to.
    `note` is what the diary says of it. Raises LeaseHeld while another reindex runs, SourceError, StateError,
    EngineError, or ConfigurationError where somebody has built it with newer settings than ours; the live
    generation stays as it was.
    """
    progress = progress or Silent()
    if dry_run:
        return _dry_run(context, progress)
    with (
        Lease(context.state, BUILD, context.holder) as lease,
        recorded(context.state, "reindex", context.holder) as run,
    ):
        run.note = note
        refuse_outdated(context)
        prune(context, lease, keep_build=resume)
        build = _resumed(context) if resume else None
        build = build or _created(context)
        run.generation = build.name
        _fill(context, lease, run, build, progress)
        _go_live(context, lease, run, build, force=force, progress=progress)
        prune(context, lease, keep_previous=keep_previous)
    return run.result()


def _dry_run(context: SyncContext, progress: Progress) -> SyncResult:
    began = time.monotonic()
    progress.start("dry run", context.source.count())
    read = quarantined = 0
    for page in context.source.scan():
        faults = [entry for entry in page.entries if isinstance(entry, Fault)]
        quarantined += sum(fault.identifier is not None for fault in faults)
        read += len(page.entries) - len(faults)
        progress.advance(len(page.entries))
    progress.finish()
    quarantined += len(context.source.nameless())
    return SyncResult(read=read, quarantined=quarantined, seconds=time.monotonic() - began)


def _created(context: SyncContext) -> _Build:
    reading = context.source.clock()
    name = generations.new_name()
    with context.state.write() as connection:
        now = context.state.now(connection)
        version = mapping_version(context.source.settings)
        generations.create(
            connection, name, keys_version=keys_version(context.search), mapping=version, now=now
        )
        generations.note(connection, name, watermark=reading.settled, synced_at=now)
    context.index.create(name)
    return _Build(name, None, reading.settled, reading.zone)


def _resumed(context: SyncContext) -> _Build | None:
    """The newest build that was broken off and can still be used."""
    zone = context.source.clock().zone
    usable = (keys_version(context.search), mapping_version(context.source.settings))
    there = {generation.name for generation in context.index.generations() if not generation.live}
    with context.state.read() as connection:
        for known in reversed(generations.known(connection)):
            broken_off = known.status == generations.BUILDING and known.checkpoint and known.name in there
            if broken_off and (known.keys_version, known.mapping) == usable:
                after = known.checkpoint["after"]
                return _Build(known.name, after, known.watermark or 0.0, zone)
    return None


def _fill(context: SyncContext, lease: Lease, run: Run, build: _Build, progress: Progress) -> None:
    """Read everything, with a checkpoint at every confirmation."""
    began = time.monotonic()
    progress.start("reindex", context.source.count())
    with Feed(context, lease, build.name, progress, fresh=True) as feed:
        run.counts = feed.counts
        for page in context.source.scan(build.after):
            # A page that ends with a row that nobody can be named by is read again by a resumed build.
            last = named([page.last])
            feed.take(page.entries, **({"checkpoint": {"after": last[0]}} if last else {}))
        with context.state.read() as connection:
            now = context.state.now(connection)
        feed.flush(scanned_at=now, scan_seconds=time.monotonic() - began)
        note_nameless(context, feed)
    progress.finish()


def _go_live(
    context: SyncContext, lease: Lease, run: Run, build: _Build, *, force: bool, progress: Progress
) -> None:
    """Take in what changed meanwhile, prove the new generation whole, and promote it.

    A sync pass keeps the live generation fresh all the while, so only the last look happens under its lease:
    what the live generation knows must not be unknown to its successor.
    """
    _refuse_small(context, build, force=force)
    watermark = _catch_up(context, lease, build.name, build.watermark, progress)
    with Lease(context.state, LIVE, context.holder, patience=PATIENCE_SECONDS) as live_lease:
        watermark = _catch_up(context, lease, build.name, watermark, progress)
        run.quarantined = _complete(context, lease, build.name, watermark, progress, force=force)
        _refuse_small(context, build, force=force)  # catching up may have emptied it again
        prove(context, lease, build.name, progress)
        live_lease.check()
        promote(context, lease, build.name)


def _refuse_small(context: SyncContext, build: _Build, *, force: bool) -> None:
    live = live_generation(context)
    with context.state.read() as connection:
        found = Ledger(build.name).count(connection)
        unreadable = Quarantine(build.name).unreadable(connection)
    refuse_truncated(found, live.documents if live else 0, force=force, unreadable=unreadable)


def _catch_up(
    context: SyncContext, lease: Lease, generation: str, watermark: float, progress: Progress
) -> float:
    """Bring what changed since `watermark`. Returns the source's time at its start."""
    reading = context.source.clock()
    with Feed(context, lease, generation, progress) as feed:
        read_window(context.source, feed, context.begin_of_pass(watermark), reading.zone)
        read_undated(context.source, feed)
        feed.flush()
    return reading.settled


def _complete(
    context: SyncContext, lease: Lease, generation: str, watermark: float, progress: Progress, *, force: bool
) -> int:
    """Bring what `updated_at` does not tell. Returns how many rows are quarantined."""
    with Feed(context, lease, generation, progress) as feed:
        with context.state.read() as connection:
            now = context.state.now(connection)
        if told_by_time(context.source.settings):
            match_keys(context, feed, force=force)
        else:
            read_all(context, feed, force=force)
        feed.flush(watermark=watermark, synced_at=now)
        with context.state.write() as connection:
            generations.note(connection, generation, documents=feed.ledger.count(connection))
        return feed.quarantined_count()
