"""The source database's own clock: what time it is there, and since when its oldest transaction is open."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from sync.conditions import DATE_LENGTH, WESTERNMOST_HOURS, Since, is_number
from sync.mysql_behind import seconds_behind
from sync.values import parsed_time

# How our own connections are called in PostgreSQL, so that our long reads do not count as open transactions.
APPLICATION_NAME = "customer-lookup"

# A database's own clock in seconds since 1970. MySQL's now() is no way to it: where summer time ends, it has
# two hours that look the same.
_MYSQL_NOW = "timestampdiff(MICROSECOND, '1970-01-01', utc_timestamp(6)) / 1e6"
NOW = {
    "postgresql": "extract(epoch FROM clock_timestamp())",
    "mysql": _MYSQL_NOW,
    "mariadb": _MYSQL_NOW,
    "sqlite": "(julianday('now') - 2440587.5) * 86400.0",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the clock, in seconds since 1970.

    A transaction writes the time of its start (PostgreSQL's now()) into `updated_at`, and is seen only after
    its commit: everything older than `settled` is committed or was never written, as far as the database
    tells. `zone` is what the database's local time is ahead of UTC, in seconds.
    """

    now: float
    settled: float
    zone: float


def read_clock(connection: Connection) -> Reading:
    """Look at the clock of the database; of our own machine where its dialect is unknown."""
    return READERS.get(connection.dialect.name, _own)(connection)


def _postgresql(connection: Connection) -> Reading:
    # Other people's transactions are visible to a role with pg_read_all_stats; for others xact_start is NULL
    # and `overlap` has to be longer than the longest transaction. A replica shows none of its primary's, but
    # tells up to which commit it has come, if it has taken any since it started.
    row = connection.execute(
        text(
            f"SELECT {NOW['postgresql']},"
            " (SELECT extract(epoch FROM min(xact_start)) FROM pg_stat_activity"
            "  WHERE datname = current_database() AND pid <> pg_backend_pid()"
            "  AND application_name <> :application),"
            " extract(epoch FROM localtimestamp - (current_timestamp AT TIME ZONE 'UTC')),"
            " CASE WHEN pg_is_in_recovery() THEN"
            "  extract(epoch FROM coalesce(pg_last_xact_replay_timestamp(), pg_postmaster_start_time())) END,"
            " current_setting('max_prepared_transactions')::int > 0"
            "  AND has_table_privilege('pg_prepared_xacts', 'SELECT')"
        ),
        {"application": APPLICATION_NAME},
    ).one()
    now = float(row[0])
    prepared = _oldest_prepared(connection) if row[4] else None
    bounds = [float(bound) for bound in (row[1], row[3], prepared) if bound is not None]
    return Reading(now, min([now, *bounds]), float(row[2]))


def _oldest_prepared(connection: Connection) -> Any:
    """Two-phase commit: since when a transaction waits that no connection has open any more. When it began is
    not told: `overlap` has to be longer than from there to its PREPARE."""
    return connection.scalar(
        text(
            "SELECT extract(epoch FROM min(prepared)) FROM pg_prepared_xacts"
            " WHERE database = current_database()"
        )
    )


def _mysql(connection: Connection) -> Reading:
    row = connection.execute(
        text(f"SELECT {NOW['mysql']}, timestampdiff(SECOND, utc_timestamp(), now())")
    ).one()
    now = float(row[0])
    return Reading(now, now - seconds_behind(connection), float(row[1]))


def _sqlite(connection: Connection) -> Reading:
    # Nobody tells whether another process is writing, nor since when: `overlap` has to be longer than that.
    row = connection.execute(
        text(f"SELECT {NOW['sqlite']}, strftime('%s', 'now', 'localtime') - strftime('%s', 'now')")
    ).one()
    return Reading(float(row[0]), float(row[0]), float(row[1]))


def _own(_connection: Connection) -> Reading:
    now = datetime.now(UTC)
    local = now.astimezone().utcoffset() or timedelta()
    return Reading(now.timestamp(), now.timestamp(), local.total_seconds())


READERS: dict[str, Callable[[Connection], Reading]] = {
    "postgresql": _postgresql,
    "mysql": _mysql,
    "mariadb": _mysql,
    "sqlite": _sqlite,
}


def zone_at(connection: Connection, moment: float) -> float:
    """What the database's local time was ahead of UTC at `moment`, in seconds: daylight saving moves it."""
    moment = max(moment, 0.0)
    utc = datetime.fromtimestamp(moment, UTC)
    statement = ZONES.get(connection.dialect.name)
    if statement is None:
        return (utc.astimezone().utcoffset() or timedelta()).total_seconds()
    names = {"moment": int(moment), "utc": f"{utc:%Y-%m-%d %H:%M:%S}"}
    wanted = {name: value for name, value in names.items() if f":{name}" in statement}
    return float(connection.scalar(text(statement), wanted) or 0.0)


_MYSQL_ZONE = "SELECT timestampdiff(SECOND, :utc, from_unixtime(:moment))"
ZONES = {
    "postgresql": "SELECT extract(timezone FROM to_timestamp(:moment))",
    "mysql": _MYSQL_ZONE,
    "mariadb": _MYSQL_ZONE,
    "sqlite": "SELECT strftime('%s', :moment, 'unixepoch', 'localtime') - :moment",
}


def hours_behind(reading: Reading, newest: Any) -> float | None:
    """How far a time without a zone is behind both the database's local time and UTC, as which one is read;
    None for one that has a zone."""
    if isinstance(newest, str) and len(newest.strip()) > DATE_LENGTH:
        newest = parsed_time(newest)
    if not isinstance(newest, datetime) or newest.tzinfo is not None:
        return None
    return (reading.now + min(0.0, reading.zone) - newest.replace(tzinfo=UTC).timestamp()) / 3600


def as_column_value(moment: float, zone: float, sample: Any) -> Since:
    """`moment` (seconds since 1970) as it can be compared with an `updated_at` column which holds `sample`.
    Raises ValueError for a type that is no time."""
    return Since(moment, sample if is_number(sample) else _written(moment, zone, sample))


def _written(moment: float, zone: float, sample: Any) -> Any:
    """Nobody can tell whether a time without a zone is UTC or the database's local time, so the earlier of
    the two is taken."""
    naive = datetime.fromtimestamp(moment + min(0.0, zone), UTC).replace(tzinfo=None)
    if isinstance(sample, datetime):
        return naive if sample.tzinfo is None else datetime.fromtimestamp(moment, UTC)
    if isinstance(sample, date):
        return naive.date() - timedelta(days=1)
    if isinstance(sample, str):
        return _as_text(naive, sample)
    raise ValueError(f"is {type(sample).__name__}, not a time")


def _as_text(naive: datetime, sample: str) -> str:
    """Times as text compare as text. Others than the sample may be written otherwise: with a T, which a blank
    sorts before, or with any zone, of which the westernmost has the least time."""
    if len(sample.strip()) <= DATE_LENGTH:
        return (naive - timedelta(days=1)).date().isoformat()
    return (naive - timedelta(hours=WESTERNMOST_HOURS)).strftime("%Y-%m-%d %H:%M:%S")
