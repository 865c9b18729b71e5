"""Many tills: as fast as they can type, in one process and in two."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.keystrokes import typings
from bench.load import Load, load
from bench.prepared import prepare
from bench.process import processor, serving
from bench.served import application
from bench.share import share
from customer_lookup.demo.people import Person, people

SIZE = 200_000
PROCESSES = (1, 2)
CLIENTS = (1, 8, 64)
SECONDS = 8.0
# Each measurement has its own, so that nothing was asked before.
TYPINGS = 1_500

_LOOKUP = """
[source]
url = "sqlite:///shop.db"
from = "customers"

[source.customer]
identifier = "customer_no"

[index]
path = "{index}"

[service]
port = 0
requests_per_second = 0
default_currency = "DKK"
processes = {processes}
"""


def report() -> Iterator[str]:
    """The lines of a Markdown report."""
    made = list(people(SIZE))
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), made)
        yield from measured(Path(folder), made)


def measured(index: Path, made: list[Person]) -> Iterator[str]:
    """The report over the index in a folder, of the people that are in it."""
    said = "| tills | lookups/s | p50 ms | p95 ms | p99 ms | processor ms |"
    yield f"| {len(made):,} customers, every letter a lookup {said}"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    outside = []
    for processes in PROCESSES:
        with (
            tempfile.TemporaryDirectory() as folder,
            serving(_shop(Path(folder), index, processes)) as service,
        ):
            # What is read first is not in memory yet.
            load(service.port, typings(made, TYPINGS, seed=processes), 2 * processes, SECONDS, keep=True)
            for clients in CLIENTS:
                asked = typings(made, TYPINGS, seed=1000 * processes + clients)
                before = processor(service.process)
                got = load(service.port, asked, clients, SECONDS, keep=True)
                outside.append(got.outside)
                yield _row(processes, clients, got, processor(service.process) - before)
    yield ""
    yield (
        f"outside of the engine (network, server, Flask, validation, serialisation), {CLIENTS[0]} till, "
        f"{PROCESSES[0]} process: p50 {outside[0].p50:.2f} ms, p95 {outside[0].p95:.2f} ms"
    )
    of_ours = share(application(index), [term for typed in typings(made, TYPINGS, seed=3) for term in typed])
    yield ""
    yield (
        f"Flask, validation and serialisation alone, called in a process: p50 {of_ours.p50:.2f} ms, "
        f"p95 {of_ours.p95:.2f} ms"
    )


def _row(processes: int, clients: int, got: Load, spent: float) -> str:
    label = f"{processes} process{'es' if processes > 1 else ''}"
    if got.refused:
        label += f", {got.refused} not answered"
    waits = f"{got.waits.p50:.1f} | {got.waits.p95:.1f} | {got.waits.p99:.1f}"
    return f"| {label} | {clients} | {got.rate:,.0f} | {waits} | {spent * 1000 / got.answered:.2f} |"


def _shop(folder: Path, index: Path, processes: int) -> Path:
    """A lookup.toml over the index; its source is only named."""
    with closing(sqlite3.connect(folder / "shop.db")) as shop:
        shop.execute("CREATE TABLE customers (customer_no TEXT PRIMARY KEY)")
    file = folder / "lookup.toml"
    file.write_text(_LOOKUP.format(index=index, processes=processes), encoding="utf-8")
    return file
