"""How the sync fares, for whoever shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Row, select

from customers.errors import EngineError, KeysVersionMismatch
from index.interface import CustomerIndex, Generation
from sync import generations
from sync.due import overdue
from sync.quarantine import Quarantine
from sync.runs import CLEARED_BY, DONE, LEASE_OF, RUNNING
from sync.shortfall import shortfall
from sync.state import State
from sync.tables import JOBS, LEASE, RUNS
from sync.trust import unlike


@dataclass(frozen=True, slots=True)
class JobState:
    """How one job (`sync`, `verify`, `reindex`, `rollback`) has fared. Times are aware, UTC. `running_since`
    is set while a process holds the job's lease. `last_error` is one line without personal data, and so is
    `note`, on what the last run put right."""

    job: str
    last_success_at: datetime | None = None
    last_error_at: datetime | None = None
    last_error: str | None = None
    running_since: datetime | None = None
    runs: int = 0
    failures: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SyncState:
    """`synced_at` is when the index last caught up: all that the source had committed by then is findable.
    `documents` counts the live generation, `quarantined` the rows left out of it. `problems` are sentences
    for a person: what is wrong, and what to do."""

    synced_at: datetime | None = None
    generation: str | None = None
    documents: int | None = None
    quarantined: int = 0
    jobs: tuple[JobState, ...] = ()
    problems: tuple[str, ...] = ()


def report(state: State, index: CustomerIndex, verify_interval: timedelta | None = None) -> SyncState:
    """The newest report. Raises StateError; an index that cannot be read is one of its problems, and so is a
    verify that is overdue, where its interval is given."""
    problems: list[str] = []
    with state.read() as connection:
        before = generations.live(connection)
    generation = _live(index, problems)
    comparable = not problems
    with state.read() as connection:
        known = generations.live(connection)
        now = state.now(connection)
        held = _held(connection, now)
        rows = connection.execute(select(JOBS).order_by(JOBS.c.job)).all()
        jobs = tuple(_job(row, held, _note(connection, row.job)) for row in rows)
        quarantined = Quarantine(known.name).count(connection) if known else 0
        missing = shortfall(connection, known, quarantined) if known else None
        late = overdue(connection, now, verify_interval) if verify_interval else None
    failing = [_sentence(job) for job in jobs if is_failing(job, jobs)]
    is_settled = known == before and comparable  # else somebody notes it just now
    if generation is not None and (is_settled or known is None or known.name != generation.name):
        different = unlike(generation, known)
        if different and not any(different in sentence for sentence in failing):  # a verify may have found it
            problems.append(different)
    problems += failing
    problems += [f"quarantine: {missing}"] if missing else []
    problems += [late] if late else []
    return SyncState(
        synced_at=_moment(known.synced_at) if known else None,
        generation=generation.name if generation else None,
        documents=generation.documents if generation else None,
        quarantined=quarantined,
        jobs=jobs,
        problems=tuple(problems),
    )


def is_failing(job: JobState, jobs: Iterable[JobState]) -> bool:
    """Whether the job failed, and nothing has succeeded since that shows it to be over."""
    failed_at = job.last_error_at
    if failed_at is None:
        return False
    clearing = [other for other in jobs if other.job in CLEARED_BY.get(job.job, (job.job,))]
    return not any(other.last_success_at and other.last_success_at >= failed_at for other in clearing)


def _sentence(job: JobState) -> str:
    """What went wrong, with the job's name before it, once, and when that was: it may be over by now, and
    nothing has tried since."""
    words = (job.last_error or "failed").removeprefix(f"{job.job}: ")
    when = f" (when it last failed, {job.last_error_at:%Y-%m-%d %H:%M:%S} UTC)" if job.last_error_at else ""
    return f"{job.job}: {words}{when}"


def _live(index: CustomerIndex, problems: list[str]) -> Generation | None:
    """The live generation; one of other search keys answers too, until it is built anew."""
    try:
        _check_keys(index, problems)
        return next((found for found in index.generations() if found.live), None)
    except EngineError as error:
        problems.append(str(error))
        return None


def _check_keys(index: CustomerIndex, problems: list[str]) -> None:
    try:
        index.check()
    except KeysVersionMismatch as error:
        problems.append(str(error))


def _held(connection: Connection, now: float) -> dict[str, float]:
    """The leases under which a process is at work, and since when it has them."""
    held = select(LEASE).where(LEASE.c.holder.is_not(None), LEASE.c.expires_at > now)
    return {row.name: row.acquired_at for row in connection.execute(held)}


def _running_since(row: Row[tuple[object, ...]], held: Mapping[str, float]) -> datetime | None:
    """When the run began that is under way; one that was killed began before anybody has its lease."""
    begun, taken = row.running_since, held.get(LEASE_OF.get(row.job, ""))
    return _moment(begun) if begun is not None and taken is not None and taken <= begun else None


def _note(connection: Connection, job: str) -> str | None:
    """What the last run that ended has put right."""
    ended = select(RUNS).where(RUNS.c.job == job, RUNS.c.outcome != RUNNING)
    last = connection.execute(ended.order_by(RUNS.c.started_at.desc()).limit(1)).first()
    return last.error if last is not None and last.outcome == DONE else None


def _job(row: Row[tuple[object, ...]], held: Mapping[str, float], note: str | None) -> JobState:
    return JobState(
        job=row.job,
        last_success_at=_moment(row.last_success_at),
        last_error_at=_moment(row.last_error_at),
        last_error=row.last_error,
        running_since=_running_since(row, held),
        runs=row.runs,
        failures=row.failures,
        note=note,
    )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
