"""The embedded engine: how fast it is filled, how much memory that takes, and how fast it answers."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.lookups import ask, latency
from bench.process import reindex, resident, serving
from bench.shop import shop
from bench.terms import KINDS, terms
from customer_lookup.demo.people import people

SIZE = 200_000
SMALL, LARGE = 20_000, 1_000_000
QUESTIONS = 200
_MEGABYTE = 1_000_000


def report() -> Iterator[str]:
    """The lines of a Markdown report."""
    yield from _loading(SMALL)
    yield from _speed(SIZE)
    yield from _loading(LARGE)


def _loading(size: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, shop(Path(folder), size) as file:
        yield from _loaded(file, size)


def _loaded(file: Path, size: int) -> Iterator[str]:
    done = reindex(file, file.with_name("reindex.log"))
    yield f"reindex of {size:,} rows: {done.rate:,.0f} rows/s, peak memory {done.memory / _MEGABYTE:,.0f} MB"


def _speed(size: int) -> Iterator[str]:
    made = list(people(size))
    with tempfile.TemporaryDirectory() as folder, shop(Path(folder), size) as file:
        yield from _loaded(file, size)
        with serving(file) as service:
            ask(service.port, terms("last name", made, QUESTIONS))  # what is read first is not in memory yet
            yield ""
            yield f"| lookup, {size:,} customers, 1 client | p50 ms | p95 ms | p99 ms |"
            yield "| --- | ---: | ---: | ---: |"
            together = []
            for kind in KINDS:
                spent = [each.all for each in ask(service.port, terms(kind, made, QUESTIONS))]
                together += spent
                yield _row(kind, spent)
            yield _row("**all kinds**", together)
            yield ""
            yield f"memory of the serving process: {resident(service.process) / _MEGABYTE:,.0f} MB"


def _row(label: str, spent: list[float]) -> str:
    found = latency(spent)
    return f"| {label} | {found.p50:.1f} | {found.p95:.1f} | {found.p99:.1f} |"
