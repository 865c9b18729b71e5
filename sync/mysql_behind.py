"""How far back rows may come to be seen in MariaDB and MySQL: who is still writing, and a replica's lag."""

import re
import time
from collections.abc import Sequence

from sqlalchemy import URL, Connection, RowMapping, text
from sqlalchemy.exc import DBAPIError

# How long to leave InnoDB's list of transactions alone, and when each server was last asked for it.
TRX_CACHE_SECONDS = 0.15
_ASKED: dict[tuple[object, ...], float] = {}

# The beginning of a statement that only reads: blanks, brackets and comments may come first. One that begins
# with an exclamation mark is none.
_BEFORE = r"(?>\s|\(|/\*(?!M?!).*?\*/|#[^\n]*\n|--(?=\s)[^\n]*\n)*+"
_READ = re.compile(rf"{_BEFORE}(SELECT|SHOW)\b", re.IGNORECASE | re.DOTALL)
_INTO = re.compile(r"\bINTO\b", re.IGNORECASE)
# Of a statement so much is looked at, and whether there is an INTO after that: it may be megabytes.
_LOOKED_AT = 1_000
_STATEMENT = (
    f"concat(left(info, {_LOOKED_AT}),"
    f" if(locate('INTO', info, {_LOOKED_AT - len('INTO') + 2}) > 0, ' INTO', ''))"
)
# What a thread is doing while a statement runs; an event's is `Connect`, as is who has not begun with any.
_RUNNING = "('Query', 'Execute', 'Bulk_execute', 'Connect')"


def seconds_behind(connection: Connection) -> float:
    """How old the oldest row may be that is yet to be seen, as far as the database tells."""
    # In this order: a statement that has ended meanwhile is a transaction, if it goes on.
    return max(_oldest_statement(connection), _oldest_transaction(connection), _lag(connection))


def may_write(statement: str | None) -> bool:
    """Whether a statement may write; None, where it is not told, may. So may one that selects into something:
    it is mostly that of a routine or a trigger, which is told in the place of what called it."""
    return statement is None or _READ.match(statement) is None or _INTO.search(statement) is not None


def _oldest_statement(connection: Connection) -> float:
    """Age in seconds of the oldest statement under way that may write. It writes the time of its start, and
    is no transaction until it comes to its first row: it may wait for the lock of a backup, or read something
    slow before. Without the PROCESS privilege only those of our own user are told."""
    age = "time_ms / 1000" if _is_mariadb(connection) else "time + 1"  # MySQL tells whole seconds
    running = _told(
        connection,
        f"SELECT {age} AS age, {_STATEMENT} AS statement FROM information_schema.processlist"
        f" WHERE id <> connection_id() AND command IN {_RUNNING}"
        " AND user <> 'system user' AND NOT (command = 'Connect' AND info IS NULL)",
    )
    return max((float(row["age"]) for row in running if may_write(row["statement"])), default=0.0)


def _oldest_transaction(connection: Connection) -> float:
    """Age in seconds of the oldest transaction that may write, and may have taken the time for it already; 0
    where the PROCESS privilege that it takes to see others' is missing. Ours are read only, so that they do
    not count. `trx_started` is in the zone of the machine, whatever `time_zone` is."""
    _outwait_cache(connection.engine.url)
    rows = _told(
        connection,
        f"SELECT timestampdiff(MICROSECOND, {system_to_utc('min(trx_started)')}, utc_timestamp(6)) AS age"
        " FROM information_schema.innodb_trx"
        " WHERE trx_is_read_only = 0 AND trx_mysql_thread_id <> connection_id()",
    )
    return max((float(row["age"] or 0) / 1e6 for row in rows), default=0.0)


def system_to_utc(moment: str) -> str:
    """MySQL's SQL for a time in its machine's zone, in UTC. Where clocks on the wall are put back, an hour
    comes twice: the first one is taken, which is where the hour before it leads."""
    earlier = f"convert_tz({moment} - INTERVAL 1 HOUR, 'SYSTEM', '+00:00') + INTERVAL 1 HOUR"
    return f"least(convert_tz({moment}, 'SYSTEM', '+00:00'), {earlier})"


def _lag(connection: Connection) -> float:
    """How many seconds a replica is behind its primary, 0 where it is none. It has the primary's times in its
    rows and shows them late. It takes the privilege REPLICA MONITOR (MySQL: REPLICATION CLIENT); without it,
    and while the replica is stopped, nobody tells, and `overlap` has to be longer than the lag. To wait for a
    stopped one is no way out: one that was made the primary may say for good that it is."""
    rows = _told(connection, f"SHOW {'ALL REPLICAS' if _is_mariadb(connection) else 'REPLICA'} STATUS")
    found = [row.get("Seconds_Behind_Master") or row.get("Seconds_Behind_Source") for row in rows]
    whole = max((int(seconds) for seconds in found if seconds), default=0)
    return whole + 1.0 if whole else 0.0


def _told(connection: Connection, statement: str) -> Sequence[RowMapping]:
    """The rows; none where we lack the privilege."""
    try:
        return connection.execute(text(statement)).mappings().all()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return []


def _is_mariadb(connection: Connection) -> bool:
    return getattr(connection.dialect, "is_mariadb", False)


def _outwait_cache(url: URL) -> None:
    """InnoDB shows who asks again within 0.1 s what it showed before, through whatever connection: not who
    has begun since."""
    server = (url.host, url.port, url.query.get("unix_socket"))
    rest = _ASKED.get(server, 0.0) + TRX_CACHE_SECONDS - time.monotonic()
    if rest > 0:
        time.sleep(rest)
    _ASKED[server] = time.monotonic()
