"""What a verify found is told to whoever does not see its command end: log, diary and report have it."""

import logging

import pytest

from sync.context import SyncContext
from sync.incremental import sync
from sync.report import JobState, report
from sync.verification import verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import LONG_AGO, Merchant, dated

FOUND = "0 missing, 1 stale, 0 extra, 0 wrong in the ledger"


@pytest.fixture
def context(sqlite_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """One customer is stale where no sync looks."""
    sqlite_merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    context = make_context(dated(sqlite_merchant.url))
    sync(context)
    sqlite_merchant.rename("C1", "Lars Holm", quietly=True)
    return context


def state_of(context: SyncContext, job: str) -> JobState:
    return next(state for state in report(context.state, context.index).jobs if state.job == job)


def test_a_difference_is_a_failure(context: SyncContext, caplog: pytest.LogCaptureFixture) -> None:
    verify(context)
    problem = f"verify: {FOUND}; 0 repaired; run `customer-lookup verify --repair`"
    (said,) = report(context.state, context.index).problems
    assert said.startswith(f"{problem} (when it last failed, ")
    told = state_of(context, "verify")
    assert (told.runs, told.failures, told.note) == (1, 1, None)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == [problem]


def test_a_repair_is_a_success_that_is_told(context: SyncContext, caplog: pytest.LogCaptureFixture) -> None:
    verify(context)
    caplog.clear()
    verify(context, repair=True)
    assert report(context.state, context.index).problems == ()
    told = state_of(context, "verify")
    assert (told.runs, told.failures, told.note) == (2, 1, f"{FOUND}; 1 repaired")
    assert [record.levelname for record in caplog.records if FOUND in record.getMessage()] == ["WARNING"]
    assert state_of(context, "reindex").note is None


def test_nothing_found_is_nothing_told(context: SyncContext, caplog: pytest.LogCaptureFixture) -> None:
    verify(context, repair=True)
    caplog.clear()
    verify(context, repair=True)
    assert state_of(context, "verify").note is None
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_an_index_that_is_not_ours_is_a_failure_until_it_is_built_anew(context: SyncContext) -> None:
    generation = sync(context).generation
    with context.index.writer(generation) as writer:
        writer.delete(["nobody"])
        writer.flush()
    verify(context, repair=True)
    (problem,) = report(context.state, context.index).problems
    assert "somebody else wrote to it; the next sync reindexes" in problem
    sync(context)
    assert report(context.state, context.index).problems == ()
