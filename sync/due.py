"""When the index was last proven whole, and what follows: when a verify is due, and whether it is overdue."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from sync.state import State
from sync.tables import JOBS

# A verify that is this many times its interval late is worth a word.
OVERDUE_TIMES = 3


def seconds_to_verify(state: State, interval: timedelta) -> float:
    """How long until the next verify, 0 where it should have been already. It counts from the last success,
    and before the first one from the reindex that read everything, so that a process which never lives for
    an interval comes to it all the same."""
    with state.read() as connection:
        verified_at, built_at = _successes(connection)
        now = state.now(connection)
    seconds = interval.total_seconds()
    since = verified_at or built_at or now
    return min(max(since + seconds - now, 0.0), seconds)


def overdue(connection: Connection, now: float, interval: timedelta) -> str | None:
    """A sentence for a person where no verify has succeeded for far too long."""
    verified_at, built_at = _successes(connection)
    since = verified_at or built_at
    if since is None or now - since <= OVERDUE_TIMES * interval.total_seconds():
        return None
    what = "the last success was" if verified_at else "none has succeeded since the index was built"
    moment = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return (
        f"verify: {what} at {moment}, more than {OVERDUE_TIMES} times [sync] verify"
        f" ({interval.total_seconds():.0f} s) ago: is the worker running?"
        " `customer-lookup verify --repair` does it now"
    )


def _successes(connection: Connection) -> tuple[float | None, float | None]:
    """When a verify, and a reindex, last succeeded."""
    rows = connection.execute(select(JOBS.c.job, JOBS.c.last_success_at))
    at = {row.job: row.last_success_at for row in rows}
    return at.get("verify"), at.get("reindex")
