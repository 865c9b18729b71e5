"""A process is killed or paused anywhere; afterwards the index equals the table, and nobody waits long."""

import os
import random
import signal
import time
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from customers.errors import EngineError, LeaseHeld
from sync.context import SyncContext
from sync.incremental import sync
from sync.reindexing import reindex
from sync.verification import verify
from tests.index.meilisearch_server import SERVER
from tests.sync.killing import DONE, JOBS, PATIENCE_SECONDS, REFUSED, Setup, is_paused, kill_after, start
from tests.sync.merchant import Merchant, dated
from tests.sync.recovery import change, prepare, recover
from tests.sync.tally import TALLY

# The lease of a process that is paused, in seconds: each pause outlasts it.
PAUSED_TTL = 0.5
# Random kills for each pair of an engine and a database: 102 for an engine.
MOMENTS = 34


@pytest.fixture
def embedded(sqlite_merchant: Merchant, tmp_path: Path) -> Setup:
    """The quickest."""
    return Setup(dated(sqlite_merchant.url), tmp_path)


def kill_at(context: SyncContext, setup: Setup, merchant: Merchant, job: str, step: int) -> bool:
    """Whether the job was killed before its end."""
    prepare(context, job)
    change(merchant, step + 10)
    process = start(setup, job, step)
    process.join(PATIENCE_SECONDS)
    assert process.exitcode in {DONE, -signal.SIGKILL}
    seconds = recover(context, merchant)
    if process.exitcode != DONE:
        TALLY.recover(seconds)
    if job == "reindex":
        reindex(context, resume=True)
        TALLY.compare(verify(context))
        assert len(context.index.generations()) <= 2
    return process.exitcode != DONE


@pytest.mark.parametrize("job", JOBS)
def test_a_killed_job_is_made_up_for(sqlite_merchant: Merchant, quick: Setup, job: str) -> None:
    with quick.opened() as context:
        change(sqlite_merchant, 1)
        sync(context)
        for step in (8, 14):
            kill_at(context, quick, sqlite_merchant, job, step)


@pytest.mark.soak
@pytest.mark.parametrize("job", JOBS)
def test_a_job_killed_at_every_step_is_made_up_for(sqlite_merchant: Merchant, quick: Setup, job: str) -> None:
    with quick.opened() as context:
        change(sqlite_merchant, 1)
        sync(context)
        step = 1
        while kill_at(context, quick, sqlite_merchant, job, step):
            step += 1
        print(f"{job}: killed at {step - 1} steps, 0 differences")  # noqa: T201


@pytest.mark.soak
def test_jobs_killed_at_random_moments_are_made_up_for(merchant: Merchant, setup: Setup) -> None:
    dice = random.Random(7)
    killed: Counter[str] = Counter()
    reach = dict.fromkeys(JOBS, 0.1)  # about as long as a job takes, in seconds
    with setup.opened() as context:
        change(merchant, 1)
        sync(context)
        for turn in count(10):
            job = dice.choice(list(JOBS))
            prepare(context, job)
            change(merchant, turn)
            if kill_after(setup, job, dice.uniform(0.0, reach[job]), PATIENCE_SECONDS):
                killed[job] += 1
                TALLY.kills["Meilisearch" if setup.meilisearch else "the embedded engine"] += 1
                TALLY.recover(recover(context, merchant))
                reach[job] *= 1.2
            else:  # it was too quick for us
                recover(context, merchant)
                reach[job] *= 0.8
            if killed.total() == MOMENTS:
                break
    print(f"killed {dict(killed)}, 0 differences")  # noqa: T201


@pytest.mark.soak
def test_a_killed_process_is_replaced_after_its_lease(sqlite_merchant: Merchant, embedded: Setup) -> None:
    with embedded.opened() as context:
        change(sqlite_merchant, 1)
        sync(context)
        change(sqlite_merchant, 2)
        start(embedded, "sync", 12).join(PATIENCE_SECONDS)
        began = time.monotonic()
        while True:
            try:
                sync(context)
                break
            except LeaseHeld:
                time.sleep(0.5)
        TALLY.lease = time.monotonic() - began
        TALLY.compare(verify(context))
    assert TALLY.lease < 65


def take_over(context: SyncContext) -> bool:
    """Whether we can do the paused one's job. The embedded engine lets nobody else write while it is open."""
    while True:
        try:
            sync(context)
        except LeaseHeld:
            time.sleep(0.1)
        except EngineError:
            return False
        else:
            return True


def held(context: SyncContext, generation: str) -> dict[str, str]:
    """What a generation holds, once whatever is under way in Meilisearch has ended."""
    if SERVER.is_real:
        SERVER.wait()
    return dict(context.index.digests(generation))


def pause_at(setup: Setup, merchant: Merchant, step: int, *, late: bool = False) -> bool:
    """Whether the job was paused before its end."""
    with setup.opened() as context:
        change(merchant, step + 10)
        process = start(setup, "sync", step, signal.SIGSTOP, ttl=PAUSED_TTL, late=late)
        pid = process.pid or 0
        if not is_paused(pid):
            return False
        merchant.rename(f"C{step + 10}", "Lars Holm")
        taken_over = take_over(context)
        assert taken_over or not setup.meilisearch
        (live,) = (found.name for found in context.index.generations() if found.live)
        before = held(context, live)
        os.kill(pid, signal.SIGCONT)
        process.join(PATIENCE_SECONDS)
        assert process.exitcode == REFUSED
        assert held(context, live) == before
        if not taken_over:
            sync(context)
        TALLY.compare(verify(context))
        return True


def test_a_process_that_slept_past_its_lease_writes_nothing(
    sqlite_merchant: Merchant, embedded: Setup
) -> None:
    with embedded.opened() as context:
        change(sqlite_merchant, 1)
        sync(context)
    assert pause_at(embedded, sqlite_merchant, 1)


def test_a_process_that_slept_just_before_it_sent_writes_nothing(
    sqlite_merchant: Merchant, quick: Setup
) -> None:
    with quick.opened() as context:
        change(sqlite_merchant, 1)
        sync(context)
    assert pause_at(quick, sqlite_merchant, 1, late=True)


@pytest.mark.soak
@pytest.mark.parametrize("late", [False, True], ids=["between", "late"])
def test_a_process_that_is_paused_at_every_step_does_no_harm(
    sqlite_merchant: Merchant, quick: Setup, late: bool
) -> None:
    with quick.opened() as context:
        change(sqlite_merchant, 1)
        for number in range(7, 11):  # whom the first four steps delete
            sqlite_merchant.add(f"C{number}", "Ida Ny")
        sync(context)
    step = 1
    while pause_at(quick, sqlite_merchant, step, late=late):
        step += 1
    assert step > 1
    print(f"paused at {step - 1} steps: nothing was written")  # noqa: T201
