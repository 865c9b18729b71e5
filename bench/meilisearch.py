"""Our way through Meilisearch beside Meilisearch alone: loading, waiting at the till, and many tills at
once. On all processors together, and where the server has one of its own, and whoever asks it another: what
ours takes is taken from the server's in the first case only."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.bare import Bare, load, save, searched, throughput
from bench.lookups import Waited, ask, latency
from bench.process import reindex, serving
from bench.shop import shop
from bench.terms import KINDS, terms
from customer_lookup.demo.people import people
from index.meilisearch_keys import Keys
from tests.index.meilisearch_server import MASTER_KEY, Server, binary, start

SIZES = (200_000, 1_000_000)
MADE = 200_000
QUESTIONS = 100
CLIENTS = 8
NAME = "customers"

_INDEX = """
[index]
engine = "meilisearch"
url = "{url}"
name = "{name}"
search_key = "{search_key}"
admin_key = "{admin_key}"
"""


def report(sizes: Sequence[int] = SIZES) -> Iterator[str]:
    """The lines of a Markdown report. Needs `meilisearch` on PATH, or MEILISEARCH_BIN, and Linux."""
    every = sorted(os.sched_getaffinity(0))
    parts = {"on all processors": (every, every), "apart, on one processor each": (every[:1], every[-1:])}
    for size in sizes:
        for label, (servers, ours) in parts.items():
            yield f"### {size:,} customers, server and asking programs {label}"
            yield ""
            with tempfile.TemporaryDirectory() as name, _on(ours), shop(Path(name), size) as file:
                yield from _compared(file, size, servers)


@contextmanager
def _on(processors: Sequence[int]) -> Iterator[None]:
    """What is started meanwhile runs on these processors alone, this program too."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, processors)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def server_on(processors: Sequence[int]) -> Iterator[Server]:
    """A fresh server, which may use the memory that it wants."""
    program = binary()
    if program is None:
        raise FileNotFoundError("meilisearch is not on PATH: install it, or name it in MEILISEARCH_BIN")
    server = Server()
    with _on(processors):
        start(program, server, memory="1GiB")
    try:
        yield server
    finally:
        server.stop()


def _configure(file: Path, server: Server) -> None:
    """Keep the shop in Meilisearch, with the keys that a merchant would use."""
    keys = Keys(server.url, MASTER_KEY, NAME)
    secrets = {key.setting: key.secret for key in keys.ensure()}
    keys.close()
    index = _INDEX.format(url=server.url, name=NAME, **secrets)
    file.write_text(file.read_text(encoding="utf-8") + index, encoding="utf-8")


def _compared(file: Path, size: int, processors: Sequence[int]) -> Iterator[str]:
    with server_on(processors) as server:
        _configure(file, server)
        ours = size / reindex(file, file.with_name("reindex.log")).seconds
        bare = Bare(server, MASTER_KEY)
        files = save(bare, NAME, file.parent)
        yield from _answers(file, server, bare, size)
        bare.close()
    with server_on(processors) as server:
        bare = Bare(server, MASTER_KEY)
        alone = size / load(bare, files)
        bare.close()
    yield ""
    yield (
        f"loading {size:,} customers: {ours:,.0f}/s with `customer-lookup reindex` from PostgreSQL, process "
        f"start and switch included; {alone:,.0f}/s for the same documents by a bare loader: "
        f"{ours / alone:.2f}"
    )
    yield ""


def _answers(file: Path, server: Server, bare: Bare, size: int) -> Iterator[str]:
    made = list(people(min(size, MADE)))
    asked = {kind: terms(kind, made, QUESTIONS) for kind in KINDS}
    everything = [term for kind in asked.values() for term in kind]
    with serving(file) as service:
        searched(bare, NAME, everything[:: len(KINDS)])  # what is read first is not in memory yet
        ask(service.port, everything[:: len(KINDS)])
        yield (
            f"| 1 client, {size:,} customers | Meilisearch p50 ms | p95 | p99 | ours p50 ms | p95 | p99 "
            "| p50 / p50 |"
        )
        yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        alone: list[float] = []
        ours: list[Waited] = []
        for kind, words in asked.items():
            theirs, own = searched(bare, NAME, words), ask(service.port, words)
            yield _row(kind, theirs, [each.all for each in own])
            alone += theirs
            ours += own
        yield _row("**all kinds**", alone, [each.all for each in ours])
        yield _row("in the engine alone", alone, [each.engine for each in ours])
    yield ""
    yield _throughput(file, server, everything)


def _throughput(file: Path, server: Server, everything: list[str]) -> str:
    """As many clients as a busy shop has, and as many processes as we have processors."""
    processes = len(os.sched_getaffinity(0))
    said = file.read_text(encoding="utf-8")
    several = file.with_name("several.toml")
    several.write_text(said.replace("[service]\n", f"[service]\nprocesses = {processes}\n"), encoding="utf-8")
    with serving(several) as service:
        ask(service.port, everything[:: len(KINDS)])
        own = throughput(CLIENTS, everything, lambda words: ask(service.port, words))
        theirs = throughput(CLIENTS, everything, lambda words: _search_alone(server, words))
    return (
        f"{CLIENTS} clients: {theirs:,.0f} searches/s by Meilisearch alone, {own:,.0f} lookups/s by "
        f"{processes} process(es): {own / theirs:.2f}"
    )


def _search_alone(server: Server, words: Sequence[str]) -> None:
    bare = Bare(server, MASTER_KEY)
    searched(bare, NAME, words)
    bare.close()


def _row(label: str, alone: list[float], ours: list[float]) -> str:
    theirs, own = latency(alone), latency(ours)
    return (
        f"| {label} | {theirs.p50:.1f} | {theirs.p95:.1f} | {theirs.p99:.1f} "
        f"| {own.p50:.1f} | {own.p95:.1f} | {own.p99:.1f} | {own.p50 / theirs.p50:.2f} |"
    )
