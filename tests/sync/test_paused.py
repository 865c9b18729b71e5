"""A process that was paused past its lease: what it says when it wakes, and what is said to the next one
meanwhile."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from customers.errors import EngineError, LeaseHeld
from sync.context import SyncContext
from sync.incremental import sync
from sync.reindexing import reindex
from sync.report import report
from sync.verification import VerifyResult, verify
from tests.sync.killing import BEGAN, PATIENCE_SECONDS, PROCESSES, REFUSED, Setup, is_paused, start
from tests.sync.merchant import Merchant, dated
from tests.sync.recovery import change

TTL_SECONDS = 0.5
# Steps of a job of the embedded engine, as `Counting` counts them: after its first write.
WRITTEN = {"reindex": 6, "sync": 4}


@pytest.fixture
def embedded(sqlite_merchant: Merchant, tmp_path: Path) -> Setup:
    return Setup(dated(sqlite_merchant.url), tmp_path)


@contextmanager
def paused(setup: Setup, job: str) -> Iterator[tuple[ForkServerProcess, Callable[[], str]]]:
    """A process that is paused in the middle of `job`, and a way to wake it and hear how it ended."""
    listener, told = PROCESSES.Pipe(duplex=False)
    process = start(setup, job, WRITTEN[job], signal.SIGSTOP, ttl=TTL_SECONDS, told=told)
    told.close()
    assert is_paused(process.pid or 0)
    assert listener.recv() == BEGAN

    def wake() -> str:
        os.kill(process.pid or 0, signal.SIGCONT)
        process.join(PATIENCE_SECONDS)
        assert process.exitcode == REFUSED
        return str(listener.recv())

    with listener:
        try:
            yield process, wake
        finally:
            process.kill()
            process.join()


def once_free(job: Callable[[SyncContext], object], context: SyncContext) -> None:
    """Do the job as soon as the lease is over."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            job(context)
        except LeaseHeld:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


def test_a_reindex_that_was_replaced_says_who_is_at_it(sqlite_merchant: Merchant, embedded: Setup) -> None:
    """It ended in a ValueError of Tantivy, whose files the next one had removed."""
    with embedded.opened("the next one") as context:
        change(sqlite_merchant, 1)
        sync(context)
        with paused(embedded, "reindex") as (_, wake):
            once_free(reindex, context)
            said = wake()
        assert re.match("build: this process was paused for so long that another one took over", said), said
        assert verify(context) == VerifyResult()
        (job,) = (job for job in report(context.state, context.index).jobs if job.job == "reindex")
        assert job.failures == 0  # it is noted as lost: the next one has done the job


def test_who_has_the_index_open_is_named_while_it_is_paused(
    sqlite_merchant: Merchant, embedded: Setup
) -> None:
    with embedded.opened("the next one") as context:
        change(sqlite_merchant, 1)
        sync(context)
        change(sqlite_merchant, 2)
        with paused(embedded, "sync") as (process, wake):
            with pytest.raises(EngineError) as refused:
                once_free(sync, context)
            said = str(refused.value)
            assert f"process {process.pid} on {os.uname().nodename}" in said
            assert str(embedded.folder / "index") in said
            assert "end it" in said
            assert "Lock" not in said
            wake()
        sync(context)
        assert verify(context) == VerifyResult()
