"""Jobs at their times, in the background."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo

import pytest

from customers.errors import EngineUnavailable, SourceUnavailable
from sync.backoff import Backoff
from sync.context import SyncContext
from sync.incremental import sync
from sync.lease import BUILD, LIVE, Lease
from sync.pages import Page
from sync.report import report
from sync.scheduler import Scheduler
from sync.settings import SyncSettings
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated

QUICK = SyncSettings(interval=timedelta(seconds=0.2), verify=timedelta(seconds=0.3))


@pytest.fixture
def context(sqlite_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Reads a merchant on SQLite, very often."""
    return make_context(dated(sqlite_merchant.url), settings=QUICK)


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60  # a machine that does much else is no failure
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def has(context: SyncContext, identifier: str) -> bool:
    return any(found.live for found in context.index.generations()) and bool(context.index.get(identifier))


def test_changes_arrive_by_themselves(sqlite_merchant: Merchant, context: SyncContext) -> None:
    sqlite_merchant.add("C1", "Lars Hansen")
    scheduler = Scheduler(context)
    scheduler.start()
    eventually(lambda: has(context, "C1"))
    sqlite_merchant.add("C2", "Ida Ny")
    sqlite_merchant.delete("C1")
    eventually(lambda: has(context, "C2") and not has(context, "C1"))
    scheduler.stop(60.0)


def test_verify_repairs_what_sync_cannot_see(sqlite_merchant: Merchant, context: SyncContext) -> None:
    sqlite_merchant.add("C1", "Lars Hansen", changed="'2020-01-01 00:00:00'")
    scheduler = Scheduler(context)
    scheduler.start()
    eventually(lambda: has(context, "C1"))
    sqlite_merchant.rename("C1", "Lars Holm", quietly=True)
    eventually(lambda: getattr(context.index.get("C1"), "name", None) == "Lars Holm")
    scheduler.stop(60.0)


def test_a_verify_that_meets_a_sync_comes_soon_after_it(
    sqlite_merchant: Merchant, make_context: MakeContext
) -> None:
    """It was left out until its next time, an hour later; and both are due at the same moments."""
    seldom = SyncSettings(interval=timedelta(hours=1), verify=timedelta(hours=1))
    context = make_context(dated(sqlite_merchant.url), settings=seldom)
    sync(context)
    scheduler = Scheduler(context)
    with Lease(context.state, LIVE, "a sync"):
        scheduler.start()
        scheduler.verify()
        assert verifies(context) == 0
    eventually(lambda: verifies(context) == 1)
    scheduler.stop(60.0)


def verifies(context: SyncContext) -> int:
    jobs = report(context.state, context.index).jobs
    return sum(job.runs for job in jobs if job.job == "verify")


def test_what_another_process_does_is_left_to_it(sqlite_merchant: Merchant, context: SyncContext) -> None:
    with Lease(context.state, LIVE, "another"):
        Scheduler(context).sync()
    assert report(context.state, context.index).jobs == ()


def test_a_failure_is_noted_and_does_not_end_the_schedule(
    sqlite_merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler = Scheduler(context)
    scheduler.sync()

    def broken() -> None:
        raise SourceUnavailable("source sqlite:///merchant.db: cannot be reached")

    with monkeypatch.context() as patch:
        patch.setattr(context.source, "clock", broken)
        scheduler.sync()
    state = report(context.state, context.index)
    (problem,) = state.problems
    (failed_at,) = (job.last_error_at for job in state.jobs if job.job == "sync")
    assert problem == (
        "sync: source sqlite:///merchant.db: cannot be reached (when it last failed,"
        f" {failed_at:%Y-%m-%d %H:%M:%S} UTC)"
    )
    scheduler.sync()
    assert report(context.state, context.index).problems == ()


def test_an_index_that_cannot_be_reached_is_noted_too(
    sqlite_merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler = Scheduler(context)
    scheduler.sync()

    def broken() -> None:
        raise EngineUnavailable("nothing listens at http://search.example:7700")

    with monkeypatch.context() as patch:
        patch.setattr(context.index, "generations", broken)
        scheduler.sync()
        scheduler.verify()
    jobs = {job.job: job for job in report(context.state, context.index).jobs}
    for name in ("sync", "verify"):
        assert (jobs[name].failures, jobs[name].last_error) == (
            1,
            "nothing listens at http://search.example:7700",
        )


def test_a_job_that_fails_is_left_alone_for_longer_each_time() -> None:
    backoff = Backoff()
    for longest in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0):
        assert longest / 2 <= backoff.failed() <= longest
    backoff.succeeded()
    assert backoff.failed() <= 1.0


def test_a_long_job_is_broken_off_and_lets_go_of_its_lease(
    sqlite_merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_merchant.add("C1", "Lars Hansen")
    started = threading.Event()
    scan = context.source.scan

    def endless(after: str | None = None) -> Iterator[Page]:
        started.set()
        while True:
            yield from scan(after)

    monkeypatch.setattr(context.source, "scan", endless)
    scheduler = Scheduler(context)
    scheduler.start()
    assert started.wait(60)
    assert scheduler.stop(60.0)
    with Lease(context.state, BUILD, "another"):
        (job,) = report(context.state, context.index).jobs
    assert (job.job, job.failures, job.running_since) == ("reindex", 0, None)


def test_stopping_waits_only_so_long(
    context: SyncContext, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    started, ended = threading.Event(), threading.Event()

    def long(*_arguments: object, **_options: object) -> None:
        started.set()
        ended.wait(60)

    monkeypatch.setattr("sync.scheduler.sync", long)
    scheduler = Scheduler(context)
    scheduler.start()
    assert started.wait(60)
    began = time.monotonic()
    scheduler.stop(0.2)
    assert time.monotonic() - began < 30
    assert "abandoned" in caplog.text
    ended.set()


class ShiftedDatetime(datetime):
    """The machine's clock, put wrong by `shift` seconds."""

    shift = 0.0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "ShiftedDatetime":
        return cls.fromtimestamp(time.time() + cls.shift, tz)


@pytest.fixture
def shifted(monkeypatch: pytest.MonkeyPatch) -> type[ShiftedDatetime]:
    """What the scheduler takes for now."""
    monkeypatch.setattr(ShiftedDatetime, "shift", 0.0)
    for module in ("apscheduler.schedulers.base", "sync.scheduler"):
        monkeypatch.setattr(f"{module}.datetime", ShiftedDatetime)
    monkeypatch.setattr("sync.scheduler.LOOK_SECONDS", 0.1, raising=False)
    return ShiftedDatetime


def test_a_clock_that_is_put_back_holds_up_nothing(
    sqlite_merchant: Merchant,
    context: SyncContext,
    shifted: type[ShiftedDatetime],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No sync ran until the clock was where it had been."""
    sqlite_merchant.add("C1", "Lars Hansen")
    scheduler = Scheduler(context)
    scheduler.start()
    eventually(lambda: has(context, "C1") and verifies(context) > 0)
    shifted.shift = -3600.0
    before = verifies(context)
    sqlite_merchant.add("C2", "Ida Ny")
    eventually(lambda: has(context, "C2") and verifies(context) > before)
    assert scheduler.stop(60.0)
    assert "the machine's clock was put back by 3600 s" in caplog.text


def test_a_clock_that_is_years_behind_is_put_right(
    sqlite_merchant: Merchant, context: SyncContext, shifted: type[ShiftedDatetime]
) -> None:
    """Every time that went by was counted, one by one: with an empty battery in the machine, for hours."""
    shifted.shift = -10 * 365 * 24 * 3600.0
    sqlite_merchant.add("C1", "Lars Hansen")
    scheduler = Scheduler(context)
    scheduler.start()
    eventually(lambda: has(context, "C1"))
    shifted.shift = 0.0
    sqlite_merchant.add("C2", "Ida Ny")
    eventually(lambda: has(context, "C2"))
    assert scheduler.stop(60.0)
