"""A process that is told to stop ends within ten seconds, whatever it waits for."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.customer_lookup.conftest import LOOKUP, Invoke
from tests.customer_lookup.process import Running, running


def syncs(lookup_toml: Path, invoke: Invoke) -> int:
    jobs = json.loads(invoke("status", "--json", "--config", lookup_toml).stdout)["jobs"]
    return sum(job["runs"] for job in jobs if job["job"] in {"sync", "reindex"})


@contextmanager
def unfinished_request(started: Running) -> Iterator[None]:
    """To whatever listens there."""
    if not started.port:
        yield
        return
    with socket.create_connection(("127.0.0.1", started.port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        yield


def wait_for_lock(database: str) -> None:
    """Until somebody waits for one there."""
    engine = create_engine(database, isolation_level="AUTOCOMMIT")
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    give_up_at = time.monotonic() + 60
    with engine.connect() as connection:
        while not connection.scalar(waiting):
            assert time.monotonic() < give_up_at
            time.sleep(0.05)
    engine.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("verb", ["worker", "run"])
def test_a_sync_that_waits_for_a_lock_is_left_behind(
    lookup_toml: Path, postgresql_url: str, invoke: Invoke, verb: str
) -> None:
    content = LOOKUP.replace("sqlite:///shop.db", postgresql_url) + "processes = 2\n"
    lookup_toml.write_text(content, encoding="utf-8")
    shop = create_engine(postgresql_url)
    with shop.connect() as connection:
        connection.execute(
            text(
                "CREATE TABLE customers (customer_no TEXT PRIMARY KEY, name TEXT, phone TEXT,"
                " blocked INTEGER, modified_at TIMESTAMPTZ DEFAULT now())"
            )
        )
        connection.commit()
        with running(verb, "--config", lookup_toml, listens=verb == "run") as started:
            give_up_at = time.monotonic() + 60
            while not syncs(lookup_toml, invoke):
                assert time.monotonic() < give_up_at
                time.sleep(0.2)
            connection.execute(text("LOCK TABLE customers"))
            with unfinished_request(started):
                wait_for_lock(postgresql_url)
                began = time.monotonic()
                assert started.stop(10) == 0
            assert time.monotonic() - began > 1, "it was not waiting for anything"
        assert any("abandoned" in line for line in started.log)
        connection.rollback()
        # Its lease stood in the way of the next one for most of a minute.
        give_up_at = time.monotonic() + 30
        while "live: " in (said := invoke("sync", "--config", lookup_toml).stderr):
            assert time.monotonic() < give_up_at, said
            time.sleep(0.2)
        assert not said
    shop.dispose()


@pytest.mark.parametrize("verb", ["worker", "run", "serve"])
def test_a_signal_that_another_thread_takes_is_heard(lookup_toml: Path, invoke: Invoke, verb: str) -> None:
    """The system gives it to whichever thread it likes. The main thread, in which Python answers it, slept
    on: about one `worker` in sixty, with an engine that has threads of its own, never stopped."""
    assert invoke("reindex", "--config", lookup_toml).exit_code == 0
    before = syncs(lookup_toml, invoke)
    command = [sys.executable, "-m", "tests.customer_lookup.sidelong_command", verb]
    command += ["--config", str(lookup_toml)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        if verb == "worker":
            give_up_at = time.monotonic() + 60
            while syncs(lookup_toml, invoke) == before:
                assert time.monotonic() < give_up_at
                time.sleep(0.2)
        else:
            assert any("listening" in line for line in process.stderr)
        try:
            process.stdin.write("stop\n")
            process.stdin.flush()
            assert process.wait(10) == 0
        finally:
            process.kill()
