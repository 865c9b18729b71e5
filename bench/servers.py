"""Which server: the same application behind three of them, at 1, 8 and 64 tills."""

import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load import load
from bench.shop import full_name
from bench.terms import KINDS, terms
from customer_lookup.demo.people import Person, people
from customers.customer import Balance, Customer
from customers.document import to_document
from customers.settings import SearchSettings
from index.tantivy_engine import TantivyIndex

SIZE = 200_000
SERVERS = ("waitress", "gunicorn", "granian")
CLIENTS = (1, 8, 64)
SECONDS = 4.0


def report() -> Iterator[str]:
    """The lines of a Markdown report."""
    made = list(people(SIZE))
    asked = [term for group in zip(*(terms(kind, made, 50) for kind in KINDS), strict=True) for term in group]
    yield f"| {SIZE:,} customers | clients | kept | lookups/s | p50 ms | p99 ms | not answered | memory MB |"
    yield "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |"
    with tempfile.TemporaryDirectory() as folder:
        _index(Path(folder), made)
        for server in SERVERS:
            with _serving(server, folder) as (port, process):
                load(port, asked, 1, SECONDS, keep=True)  # what is read first is not in memory yet
                for clients in CLIENTS:
                    for keep in (True, False):
                        yield _row(server, port, process, asked, clients, keep=keep)


def _row(server: str, port: int, process: int, asked: list[str], clients: int, *, keep: bool) -> str:
    got = load(port, asked, clients, SECONDS, keep)
    memory = sum(_resident(each) for each in (process, *_children(process))) / 1_000_000
    return (
        f"| {server} | {clients} | {'yes' if keep else 'no'} | {got.rate:,.0f} | {got.waits.p50:.1f} | "
        f"{got.waits.p99:.1f} | {got.refused} | {memory:.0f} |"
    )


def _children(process: int) -> list[int]:
    """The processes that it started, as Linux tells."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _resident(process: int) -> int:
    """Its memory in bytes."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def _index(folder: Path, made: list[Person]) -> None:
    settings = SearchSettings()
    index = TantivyIndex(folder, settings)
    index.create("bench")
    with index.writer("bench") as writer:
        for first in range(0, len(made), 1000):
            writer.write([to_document(_customer(person), settings) for person in made[first : first + 1000]])
        writer.flush()
    index.promote("bench")
    index.close()


def _customer(person: Person) -> Customer:
    accounts = [
        Balance(each.currency, each.balance, each.overdue, each.credit_limit) for each in person.accounts
    ]
    return Customer(
        identifier=person.number,
        name=full_name(person),
        phone=person.phone,
        email=person.email,
        street=person.street,
        postal_code=person.postal_code,
        city=person.city,
        organization_number=person.registration,
        balances=tuple(accounts),
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
