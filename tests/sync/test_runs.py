"""The diary of the jobs, and what is told of it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, insert, update

from customers.settings import SearchSettings
from sync.lease import BUILD, LIVE, TTL_SECONDS, Lease
from sync.report import JobState, report
from sync.runs import DONE, recorded
from sync.state import State
from sync.tables import JOBS, RUNS
from tests.sync.memory_index import MemoryIndex

DAY = 24 * 3600


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with closing(State(f"sqlite:///{tmp_path / 'state.db'}")) as state:
        yield state


def jobs(state: State) -> dict[str, JobState]:
    return {job.job: job for job in report(state, MemoryIndex(SearchSettings())).jobs}


def kill_a(job: str, state: State) -> None:
    """Leave the diary as a process does that was killed at work: its lease kept others out for a time."""
    with recorded(state, job, "killed"):
        pass
    with state.write() as connection:
        connection.execute(update(JOBS).values(running_since=state.now(connection) - TTL_SECONDS))


@pytest.mark.parametrize(("lease", "job"), [(LIVE, "sync"), (LIVE, "verify"), (BUILD, "reindex")])
def test_a_job_is_running_while_its_lease_is_held(state: State, lease: str, job: str) -> None:
    with Lease(state, lease, "at work"), recorded(state, job, "at work"):
        assert jobs(state)[job].running_since is not None
    assert jobs(state)[job].running_since is None


@pytest.mark.parametrize(
    ("killed", "lease", "working"),
    [
        ("reindex", LIVE, "sync"),
        ("verify", LIVE, "sync"),
        ("sync", LIVE, "verify"),
        ("sync", BUILD, "reindex"),
    ],
)
def test_a_killed_job_is_not_running_while_another_works(
    state: State, killed: str, lease: str, working: str
) -> None:
    kill_a(killed, state)
    with Lease(state, lease, "at work"), recorded(state, working, "at work"):
        found = jobs(state)
    assert found[killed].running_since is None
    assert found[working].running_since is not None


def test_a_long_diary_is_not_read_by_each_run(state: State) -> None:
    """A month of passes, one every few seconds, are hundreds of thousands of runs."""
    done = {"job": "sync", "holder": "a", "outcome": DONE}
    counts = {"rows_read": 0, "written": 0, "unchanged": 0, "deleted": 0, "quarantined": 0}
    with state.write() as connection:
        now = state.now(connection)
        runs = [{**done, **counts, "started_at": now - DAY + number} for number in range(20_000)]
        connection.execute(insert(RUNS), runs)
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    @event.listens_for(state._engine, "checkout")
    def watch(connection: object, *_: object) -> None:
        connection.set_progress_handler(count, 1_000)  # type: ignore[attr-defined]

    with recorded(state, "sync", "b"):
        pass
    assert steps < 20  # thousands of SQLite's instructions
