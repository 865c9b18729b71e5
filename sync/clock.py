"""The source database's own clock: what time it is there, and since when its oldest transaction is open."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from sync.conditions import DATE_LENGTH, WESTERNMOST_HOURS, Since, is_number
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

# How long to leave InnoDB's list of transactions alone, and when each database was last asked for it.
TRX_CACHE_SECONDS = 0.15
_ASKED: WeakKeyDictionary[Engine, float] = WeakKeyDictionary()


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
    behind = max(_oldest_mysql_transaction(connection), _mysql_lag(connection))
    return Reading(now, now - behind, float(row[1]))


def _oldest_mysql_transaction(connection: Connection) -> float:
    """Age in seconds of the oldest transaction that may have written; 0 where the PROCESS privilege that it
    takes to see others' is missing. Ours are read only, so that they do not count. `trx_started` is in the
    zone of the machine, whatever `time_zone` is."""
    _outwait_cache(connection.engine)
    try:
        age = connection.scalar(
            text(
                f"SELECT timestampdiff(MICROSECOND, {system_to_utc('min(trx_started)')}, utc_timestamp(6))"
                " FROM information_schema.innodb_trx"
                " WHERE trx_is_read_only = 0 AND trx_mysql_thread_id <> connection_id()"
            )
        )
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return 0.0
    return max(0.0, float(age or 0) / 1e6)


def system_to_utc(moment: str) -> str:
    """MySQL's SQL for a time in its machine's zone, in UTC. Where clocks on the wall are put back, an hour
    comes twice: the first one is taken, which is where the hour before it leads."""
    earlier = f"convert_tz({moment} - INTERVAL 1 HOUR, 'SYSTEM', '+00:00') + INTERVAL 1 HOUR"
    return f"least(convert_tz({moment}, 'SYSTEM', '+00:00'), {earlier})"


def _mysql_lag(connection: Connection) -> float:
    """How many seconds a replica is behind its primary, 0 where it is none. It has the primary's times in its
    rows and shows them late. It takes the privilege REPLICA MONITOR (MySQL: REPLICATION CLIENT); without it,
    and while the replica is stopped, nobody tells, and `overlap` has to be longer than the lag. To wait for a
    stopped one is no way out: one that was made the primary may say for good that it is."""
    is_mariadb = getattr(connection.dialect, "is_mariadb", False)
    try:
        rows = connection.execute(
            text(f"SHOW {'ALL REPLICAS' if is_mariadb else 'REPLICA'} STATUS")
        ).mappings()
        found = [row.get("Seconds_Behind_Master") or row.get("Seconds_Behind_Source") for row in rows]
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return 0.0
    whole = max((int(seconds) for seconds in found if seconds), default=0)
    return whole + 1.0 if whole else 0.0


def _outwait_cache(engine: Engine) -> None:
    """InnoDB shows who asks again within 0.1 s what it showed before: not who has begun since."""
    rest = _ASKED.get(engine, 0.0) + TRX_CACHE_SECONDS - time.monotonic()
    if rest > 0:
        time.sleep(rest)
    _ASKED[engine] = time.monotonic()


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
