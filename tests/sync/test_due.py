"""When the next verify is due, and how it is said that none has been for too long."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert

from sync.context import SyncContext
from sync.due import seconds_to_verify
from sync.incremental import sync
from sync.reindexing import reindex
from sync.report import report
from sync.scheduler import Scheduler
from sync.settings import SyncSettings
from sync.state import State
from sync.tables import JOBS
from sync.verification import verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated
from tests.sync.test_scheduler import eventually, verifies

HOUR = timedelta(hours=1)
MINUTE = 60.0


@pytest.fixture
def context(sqlite_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Indexed just now, and verified once an hour."""
    settings = SyncSettings(interval=HOUR, verify=HOUR, keep_previous=timedelta(seconds=0.1))
    context = make_context(dated(sqlite_merchant.url), settings=settings)
    sync(context)
    return context


def note(state: State, **successes: float) -> None:
    """As if these jobs had last succeeded so many seconds ago, and no others ever."""
    with state.write() as connection:
        now = state.now(connection)
        connection.execute(delete(JOBS))
        for job, ago in successes.items():
            connection.execute(insert(JOBS).values(job=job, last_success_at=now - ago, runs=1, failures=0))


@pytest.mark.parametrize(
    ("successes", "seconds"),
    [
        ({}, 60 * MINUTE),
        ({"reindex": 20 * MINUTE}, 40 * MINUTE),
        ({"reindex": 20 * MINUTE, "verify": 50 * MINUTE}, 10 * MINUTE),
        ({"verify": 90 * MINUTE}, 0.0),
        ({"verify": -5000 * MINUTE}, 60 * MINUTE),  # the clock was put back
    ],
)
def test_a_verify_is_due_after_the_last_one(
    context: SyncContext, successes: dict[str, float], seconds: float
) -> None:
    note(context.state, **successes)
    assert seconds_to_verify(context.state, HOUR) == pytest.approx(seconds, abs=30)


def started(context: SyncContext, condition: Callable[[], bool]) -> None:
    scheduler = Scheduler(context)
    scheduler.start()
    try:
        eventually(condition)
    finally:
        assert scheduler.stop(60.0)


def test_a_machine_that_is_switched_off_each_night_is_verified(context: SyncContext) -> None:
    """The time was counted from the start of the process: with `verify = "1d"` it never came."""
    note(context.state, verify=2 * HOUR.total_seconds())
    started(context, lambda: verifies(context) == 2)


def test_what_keep_previous_no_longer_keeps_goes_soon_after_the_start(context: SyncContext) -> None:
    """It went after the next verify only, which a process that is started often never came to."""
    reindex(context)
    verify(context)
    assert len(context.index.generations()) == 2
    started(context, lambda: len(context.index.generations()) == 1)
    assert verifies(context) == 1


@pytest.mark.parametrize(
    ("successes", "said"),
    [
        ({}, None),
        ({"verify": 170 * MINUTE}, None),
        ({"reindex": 170 * MINUTE}, None),
        ({"reindex": 10 * MINUTE, "verify": 190 * MINUTE}, "the last success was at "),
        ({"reindex": 190 * MINUTE}, "none has succeeded since the index was built at "),
    ],
)
def test_a_verify_that_is_overdue_is_a_problem(
    context: SyncContext, successes: dict[str, float], said: str | None
) -> None:
    note(context.state, **successes)
    problems = report(context.state, context.index, HOUR).problems
    if said is None:
        assert problems == ()
    else:
        (problem,) = problems
        assert problem.startswith(f"verify: {said}")
        assert "`customer-lookup verify --repair`" in problem
