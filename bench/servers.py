"""Which server: the same application behind three of them, at 1, 8 and 64 tills."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.keystrokes import typings
from bench.load import load
from bench.prepared import prepare
from bench.process import resident
from customer_lookup.demo.people import people

SIZE = 200_000
SERVERS = ("waitress", "gunicorn", "granian")
CLIENTS = (1, 8, 64)
SECONDS = 4.0
TYPINGS = 1_500


def report() -> Iterator[str]:
    """The lines of a Markdown report."""
    made = list(people(SIZE))
    asked = typings(made, TYPINGS, seed=0)
    yield f"| {SIZE:,} customers | clients | kept | lookups/s | p50 ms | p99 ms | not answered | memory MB |"
    yield "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |"
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), made)
        for server in SERVERS:
            with _serving(server, folder) as (port, process):
                load(port, asked, 1, SECONDS, keep=True)  # what is read first is not in memory yet
                for clients in CLIENTS:
                    for keep in (True, False):
                        yield _row(server, port, process, asked, clients, keep=keep)


def _row(server: str, port: int, process: int, asked: list[list[str]], clients: int, *, keep: bool) -> str:
    got = load(port, asked, clients, SECONDS, keep)
    memory = resident(process) / 1_000_000
    return (
        f"| {server} | {clients} | {'yes' if keep else 'no'} | {got.rate:,.0f} | {got.waits.p50:.1f} | "
        f"{got.waits.p99:.1f} | {got.refused} | {memory:.0f} |"
    )


@contextmanager
def _serving(server: str, folder: str) -> Iterator[tuple[int, int]]:
    port = _free_port()
    command = [sys.executable, "-m", "bench.served", server, str(port), folder]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield port, process.pid
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing listens on port {port}")
