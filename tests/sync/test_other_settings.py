"""Processes with other settings do not undo each other: the one that was started first changes nothing."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from customers.errors import ConfigurationError
from customers.settings import SearchSettings
from sync.context import SyncContext
from sync.incremental import sync
from sync.reindexing import reindex
from sync.report import report
from sync.scheduler import Scheduler
from sync.verification import verify
from tests.sync.conftest import MakeContext, name_of
from tests.sync.merchant import Merchant, dated


def now(context: SyncContext) -> float:
    with context.state.read() as connection:
        return context.state.now(connection)


@pytest.fixture
def worker(sqlite_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """It was started, and has indexed Lars."""
    sqlite_merchant.add("C1", "Lars Hansen")
    context = make_context(dated(sqlite_merchant.url))
    worker = replace(context, settings_read_at=now(context), holder="shop1 process 7 (worker)")
    sync(worker)
    return worker


@pytest.fixture
def person(sqlite_merchant: Merchant, worker: SyncContext, make_context: MakeContext) -> SyncContext:
    """Who has mapped the name otherwise since, at the same index."""
    settings = dated(sqlite_merchant.url)
    context = make_context(replace(settings, customer={**settings.customer, "name": "name || ' & Co'"}))
    return replace(context, settings_read_at=now(context))


JOBS: dict[str, Callable[[SyncContext], Any]] = {
    "sync": sync,
    "reindex": reindex,
    "verify": lambda context: verify(context, repair=True),
}


@pytest.mark.parametrize("job", JOBS)
def test_a_worker_with_old_settings_does_not_undo_a_reindex(
    worker: SyncContext, person: SyncContext, job: str
) -> None:
    generation = reindex(person).generation
    for _ in range(2):
        with pytest.raises(ConfigurationError, match=r"^shop1 process 7 \(worker\) .*: restart it"):
            JOBS[job](worker)
    found = report(person.state, person.index)
    assert found.generation == generation
    assert name_of(person, "C1") == "Lars Hansen & Co"
    (problem,) = found.problems
    assert problem.startswith(f"{job}: shop1 process 7 (worker) was started before ")
    assert verify(person).equal
    assert sync(person).generation == generation
    JOBS[job](replace(person, settings_read_at=now(person)))
    assert report(person.state, person.index).problems == ()


def test_the_scheduler_says_it_and_goes_on(
    worker: SyncContext, person: SyncContext, caplog: pytest.LogCaptureFixture
) -> None:
    generation = reindex(person).generation
    Scheduler(worker).sync()
    (said,) = (record.getMessage() for record in caplog.records if record.levelno == logging.ERROR)
    assert said.startswith("sync failed: shop1 process 7 (worker) was started before ")
    assert report(person.state, person.index).generation == generation


def test_the_search_settings_count_too(worker: SyncContext) -> None:
    other = replace(worker, search=SearchSettings(default_region="SE"), holder="another")
    with pytest.raises(ConfigurationError, match=r"^another was started before "):
        sync(other)


def test_who_was_started_later_is_right(
    sqlite_merchant: Merchant, worker: SyncContext, person: SyncContext
) -> None:
    """A restarted worker makes the index of its own settings, whoever was there before."""
    before = reindex(person).generation
    restarted = replace(worker, settings_read_at=now(worker))
    assert sync(restarted).generation != before
    assert name_of(restarted, "C1") == "Lars Hansen"
    with pytest.raises(ConfigurationError, match="restart it"):
        sync(person)
