"""The diary of the jobs: every run, how it ended, and how each job has fared."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, update

from customers.errors import CustomerLookupError, Stopped
from sync.context import SyncResult
from sync.lease import BUILD, LIVE
from sync.state import State
from sync.tables import JOBS, RUNS
from sync.upsert import upsert

RUNNING, DONE, FAILED, LOST, STOPPED = "running", "done", "failed", "lost", "stopped"
# Every job, with those whose later success shows that its failure is over. A verify proves that the index is
# what a failed reindex or rollback left it as: whole. A rollback that was refused has changed nothing.
CLEARED_BY = {
    "sync": ("sync", "reindex", "rollback"),
    "verify": ("verify", "reindex", "rollback"),
    "reindex": ("reindex", "verify", "rollback"),
    "rollback": ("rollback", "sync", "verify", "reindex"),
}
# The lease under which each job writes.
LEASE_OF = {"sync": LIVE, "verify": LIVE, "reindex": BUILD, "rollback": BUILD}
# Runs older than this are forgotten: 30 days, in seconds.
KEPT_SECONDS = 30 * 24 * 3600.0
# An error is one line on a page.
ERROR_LENGTH = 500
_NOTHING = {"rows_read": 0, "written": 0, "unchanged": 0, "deleted": 0, "quarantined": 0}


@dataclass(slots=True)
class Counts:
    """What a run's feed took in so far."""

    read: int = 0
    written: int = 0
    unchanged: int = 0
    deleted: int = 0


@dataclass(slots=True)
class Run:
    """A run that is under way: fill in what it worked on and what it did. `note` is a sentence on what was
    wrong, and has `failed` with it where that still is."""

    number: int
    state: State
    generation: str | None = None
    counts: Counts = field(default_factory=Counts)
    quarantined: int = 0
    note: str | None = None
    failed: bool = False
    began: float = field(default_factory=time.monotonic)

    def result(self) -> SyncResult:
        """What the run did so far, for whoever called."""
        counts = self.counts
        return SyncResult(
            read=counts.read,
            written=counts.written,
            unchanged=counts.unchanged,
            deleted=counts.deleted,
            quarantined=self.quarantined,
            seconds=time.monotonic() - self.began,
            generation=self.generation or "",
        )


@contextmanager
def recorded(state: State, job: str, holder: str) -> Iterator[Run]:
    """Note the run that happens inside the block. The caller holds the job's lease: whatever else is still
    noted as running has died."""
    run = _begin(state, job, holder)
    try:
        yield run
    except Stopped:
        _end(run, job, STOPPED, None)
        raise
    except BaseException as error:
        _end(run, job, FAILED, _one_line(error))
        raise
    _end(run, job, FAILED if run.failed else DONE, run.note and run.note[:ERROR_LENGTH])


def note_failure(state: State, job: str, holder: str, error: CustomerLookupError) -> None:
    """Note a run that could not even begin. It takes no lease: whoever is at the job goes on."""
    with state.write() as connection:
        now, why = state.now(connection), _one_line(error)
        ended = {"started_at": now, "finished_at": now, "outcome": FAILED, "error": why}
        connection.execute(insert(RUNS).values(job=job, holder=holder, **_NOTHING, **ended))
        _note_job(connection, job, runs=1, failures=1, last_error_at=now, last_error=why)


def _begin(state: State, job: str, holder: str) -> Run:
    with state.write() as connection:
        now = state.now(connection)
        mine = RUNS.c.job == job
        begun = select(JOBS.c.running_since).where(JOBS.c.job == job).scalar_subquery()
        left = and_(mine, RUNS.c.started_at >= begun, RUNS.c.outcome == RUNNING)
        connection.execute(update(RUNS).where(left).values(outcome=LOST, finished_at=now))
        connection.execute(delete(RUNS).where(mine, RUNS.c.started_at < now - KEPT_SECONDS))
        added = connection.execute(
            insert(RUNS).values(job=job, holder=holder, started_at=now, outcome=RUNNING, **_NOTHING)
        )
        _note_job(connection, job, running_since=now)
        number = added.inserted_primary_key[0] if added.inserted_primary_key else 0
    return Run(int(number), state)


def _end(run: Run, job: str, outcome: str, error: str | None) -> None:
    with run.state.write() as connection:
        now = run.state.now(connection)
        values = {
            "outcome": outcome,
            "finished_at": now,
            "error": error,
            "generation": run.generation,
            "rows_read": run.counts.read,
            "written": run.counts.written,
            "unchanged": run.counts.unchanged,
            "deleted": run.counts.deleted,
            "quarantined": run.quarantined,
        }
        mine = (RUNS.c.id == run.number) & (RUNS.c.outcome == RUNNING)
        if not connection.execute(update(RUNS).where(mine).values(**values)).rowcount:
            return  # we were paused, and whoever took over has noted us as lost: the job is theirs
        if outcome == STOPPED:  # neither a success nor a failure
            _note_job(connection, job, running_since=None)
        elif outcome == DONE:
            _note_job(connection, job, running_since=None, last_success_at=now, runs=1)
        else:
            ended = {"last_error_at": now, "last_error": error}
            _note_job(connection, job, running_since=None, runs=1, failures=1, **ended)


def _note_job(connection: Connection, job: str, *, runs: int = 0, failures: int = 0, **values: Any) -> None:
    """Change what is known of a job; `runs` and `failures` are added."""
    row = connection.execute(select(JOBS).where(JOBS.c.job == job)).first()
    known = row._asdict() if row is not None else {"runs": 0, "failures": 0}
    totals = {"runs": known["runs"] + runs, "failures": known["failures"] + failures}
    upsert(connection, JOBS, [{**known, "job": job, **values, **totals}])


def _one_line(error: BaseException) -> str:
    """Our own errors' words; of any other only its kind, since its words may quote a customer."""
    if isinstance(error, KeyboardInterrupt):
        return "stopped by somebody before it was done"
    words = str(error) if isinstance(error, CustomerLookupError) else ""
    return " ".join((words or type(error).__name__).split())[:ERROR_LENGTH]
