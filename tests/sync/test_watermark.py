"""From where a pass reads. Customers are renamed rather than added, since counting finds those however late,
and `overlap` is short, since a long one hides what is wrong here."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from customers.customer import Customer
from customers.document import to_document
from customers.errors import EngineUnavailable, SourceError
from sync import generations
from sync.clock import Reading
from sync.context import SyncContext, SyncResult
from sync.incremental import sync
from sync.pages import Page
from sync.reindexing import reindex
from sync.rollback import rollback
from sync.settings import SyncSettings
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.memory_index import MemoryIndex
from tests.sync.merchant import Merchant, dated

Job = Callable[[SyncContext], SyncResult]

MINUTE = 60.0
OVERLAP_SECONDS = 5.0
# Longer ago than what the overlap makes up for.
LONG_AGO_SECONDS = 20.0
OVERLAPPING = SyncSettings(overlap=timedelta(seconds=OVERLAP_SECONDS))


@pytest.fixture
def context(sqlite_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """One customer, who is indexed."""
    sqlite_merchant.add("C1", "Lars Hansen")
    context = make_context(dated(sqlite_merchant.url), settings=OVERLAPPING)
    sync(context)
    return context


class Late:
    """Another process's transaction, which renames a customer: begun long ago, and not committed yet."""

    def __init__(self, merchant: Merchant, context: SyncContext, patch: pytest.MonkeyPatch) -> None:
        self._merchant = merchant
        self._clock = context.source.clock
        self._is_open = True
        patch.setattr(context.source, "clock", self._read_clock)

    def commit(self) -> None:
        """Have it seen."""
        self._is_open = False
        renamed(self._merchant, "Lars Holm", LONG_AGO_SECONDS)

    def _read_clock(self) -> Reading:
        reading = self._clock()
        return replace(reading, settled=reading.now - LONG_AGO_SECONDS) if self._is_open else reading


@pytest.fixture
def late(sqlite_merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch) -> Late:
    """Open, since long ago."""
    return Late(sqlite_merchant, context, monkeypatch)


def noted_watermark(context: SyncContext) -> float | None:
    with context.state.read() as connection:
        live = generations.live(connection)
    return live.watermark if live else None


def renamed(merchant: Merchant, name: str, seconds_ago: float) -> None:
    """Rename C1, at that time."""
    merchant.run(
        "UPDATE customers SET name = :name, changed = strftime('%Y-%m-%d %H:%M:%f', 'now', :ago)",
        name=name,
        ago=f"-{seconds_ago} seconds",
    )


@pytest.mark.parametrize(
    ("watermark", "synced_at"),
    [(+30 * MINUTE, -30 * MINUTE), (-10 * MINUTE, -30 * MINUTE), (+30 * MINUTE, +30 * MINUTE)],
    ids=["still ahead", "no longer ahead", "and the state database's"],
)
def test_a_clock_of_the_source_that_was_ahead_is_put_right(
    sqlite_merchant: Merchant,
    context: SyncContext,
    caplog: pytest.LogCaptureFixture,
    watermark: float,
    synced_at: float,
) -> None:
    """The last pass was half an hour ago. What was changed soon after it, with a time before its watermark,
    was never read."""
    with context.state.write() as connection:
        live = generations.live(connection)
        assert live is not None
        now = context.state.now(connection)
        generations.note(connection, live.name, synced_at=now + synced_at, watermark=now + watermark)
    renamed(sqlite_merchant, "Lars Holm", 29 * MINUTE)
    sync(context)
    assert verify(context) == VerifyResult()
    assert ("the clock was put back" in caplog.text) == (watermark > 0)


def test_a_deletion_is_found_when_the_state_database_s_clock_is_put_back(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    """The source was given a rest until that clock was where it had been."""
    with context.state.write() as connection:
        live = generations.live(connection)
        assert live is not None
        ended = context.state.now(connection) + 60 * MINUTE
        generations.note(connection, live.name, scanned_at=ended, scan_seconds=0.1)
    sqlite_merchant.delete("C1")
    sync(context, paced=True)
    assert context.index.get("C1") is None


def test_a_pass_reads_what_the_overlap_goes_back_by(sqlite_merchant: Merchant, context: SyncContext) -> None:
    renamed(sqlite_merchant, "Lars Holm", OVERLAP_SECONDS / 2)
    sync(context)
    assert verify(context) == VerifyResult()


def test_a_pass_that_breaks_off_is_not_taken_for_done(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    memory = MemoryIndex(context.search)
    context = replace(context, index=memory)
    sync(context)
    before = noted_watermark(context)
    sqlite_merchant.rename("C1", "Lars Holm")
    memory.breaking = "before:flush"
    with pytest.raises(EngineUnavailable):
        sync(context)
    assert noted_watermark(context) == before
    sync(context)
    assert noted_watermark(context) != before
    assert verify(context) == VerifyResult()


def test_what_is_committed_late_during_a_reindex(
    context: SyncContext, late: Late, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = context.source.scan

    def scan_and_commit(after: str | None = None) -> Iterator[Page]:
        yield from scan(after)
        late.commit()

    monkeypatch.setattr(context.source, "scan", scan_and_commit)
    reindex(context)
    assert verify(context) == VerifyResult()


@pytest.mark.parametrize("job", [sync, reindex, rollback])
def test_what_is_committed_late_after_a_job(context: SyncContext, late: Late, job: Job) -> None:
    reindex(context)
    job(context)
    late.commit()
    sync(context)
    assert verify(context) == VerifyResult()


@pytest.mark.usefixtures("late")
def test_a_source_that_fell_behind_is_read_back_to_there_at_once(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    """A replica, with what it shows only now and the watermark has passed by."""
    renamed(sqlite_merchant, "Lars Holm", LONG_AGO_SECONDS / 2)
    sync(context)
    assert verify(context) == VerifyResult()


def test_what_changed_while_no_reindex_was_at_it(
    sqlite_merchant: Merchant, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that goes on reads no more what it had read by then."""
    context = make_context(dated(sqlite_merchant.url), settings=SyncSettings(overlap=timedelta(0)))
    monkeypatch.setattr("sync.feed.BATCH", 1)
    monkeypatch.setattr("sync.source.PAGE", 1)
    for number in range(1, 6):
        sqlite_merchant.add(f"C{number}", "Lars Hansen")
    scan = context.source.scan

    def dying(after: str | None = None) -> Iterator[Page]:
        for number, page in enumerate(scan(after)):
            if number == 4:
                raise SourceError("the power went out")
            yield page

    with monkeypatch.context() as patch:
        patch.setattr(context.source, "scan", dying)
        with pytest.raises(SourceError):
            reindex(context)
    sqlite_merchant.rename("C1", "Lars Holm")
    time.sleep(0.1)
    assert reindex(context, resume=True).read < 5
    assert verify(context) == VerifyResult()


def test_the_last_look_before_a_generation_goes_live(
    sqlite_merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a sync brings to the live generation, while a reindex catches up, its successor must know."""
    undated = context.source.undated

    def undated_and_rename() -> Iterator[Page]:
        yield from undated()
        monkeypatch.setattr(context.source, "undated", undated)
        sqlite_merchant.rename("C1", "Lars Holm")

    monkeypatch.setattr(context.source, "undated", undated_and_rename)
    reindex(context)
    found = context.index.get("C1")
    assert found is not None
    assert found.name == "Lars Holm"


def test_a_rollback_reads_back_even_where_the_numbers_agree(context: SyncContext) -> None:
    former = reindex(context).generation
    reindex(context)
    with context.index.writer(former) as writer:  # behind the ledger's back
        writer.write([to_document(Customer("C1", name="Ida Ny"), context.search)])
        writer.flush()
    rollback(context)
    assert verify(context) == VerifyResult()
