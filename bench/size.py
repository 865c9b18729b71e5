"""How much room an index takes, beside one of the same engine that has nothing but the customers' fields."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import tantivy

from bench.bare import Bare
from bench.meilisearch import server_on
from bench.prepared import customer_of, fill, prepare
from bench.relevance.peers import FIELDS
from customer_lookup.demo.people import people
from customers.customer import Customer
from customers.settings import SearchSettings
from index.meilisearch_engine import MeilisearchIndex
from tests.index.meilisearch_server import MASTER_KEY, Server

SIZE = 100_000
_MEGABYTE = 1_000_000
_PAGE = 10_000


def report() -> Iterator[str]:
    """The lines of a Markdown report. Needs `meilisearch`, as bench/meilisearch.py does."""
    made = list(people(SIZE))
    customers = [customer_of(person) for person in made]
    yield f"| {SIZE:,} customers | ours MB | their bare fields MB | ours / bare |"
    yield "| --- | ---: | ---: | ---: |"
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder) / "ours", made)
        _bare_tantivy(Path(folder) / "bare", customers)
        yield _row("embedded", _bytes(Path(folder) / "ours"), _bytes(Path(folder) / "bare"))
    yield _row("meilisearch", _taken(_load_ours, customers), _taken(_load_bare, customers))


def _row(engine: str, ours: int, bare: int) -> str:
    return f"| {engine} | {ours / _MEGABYTE:,.0f} | {bare / _MEGABYTE:,.0f} | {ours / bare:.2f} |"


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _fields(customer: Customer) -> dict[str, str]:
    return {field: value for field in FIELDS if (value := getattr(customer, field))}


def _bare_tantivy(folder: Path, customers: Sequence[Customer]) -> None:
    """Every field stored and searched as text, as Tantivy does by itself."""
    builder = tantivy.SchemaBuilder()
    for field in FIELDS:
        builder.add_text_field(field, stored=True)
    folder.mkdir()
    writer = tantivy.Index(builder.build(), path=str(folder)).writer()
    for customer in customers:
        writer.add_document(tantivy.Document(**_fields(customer)))
    writer.commit()
    writer.wait_merging_threads()


def _taken(load: Callable[[Server, Sequence[Customer]], None], customers: Sequence[Customer]) -> int:
    """The bytes that a fresh Meilisearch says it uses once they are loaded."""
    with server_on(sorted(os.sched_getaffinity(0))) as server:
        load(server, customers)
        bare = Bare(server, MASTER_KEY)
        used: int = bare.call("GET", "stats")["usedDatabaseSize"]
        bare.close()
        return used


def _load_ours(server: Server, customers: Sequence[Customer]) -> None:
    fill(MeilisearchIndex(server.url, MASTER_KEY, MASTER_KEY, "customers", SearchSettings()), customers)


def _load_bare(server: Server, customers: Sequence[Customer]) -> None:
    bare = Bare(server, MASTER_KEY)
    for first in range(0, len(customers), _PAGE):
        page = [
            {"id": at, **_fields(customer)}
            for at, customer in enumerate(customers[first : first + _PAGE], first)
        ]
        task = bare.call("POST", "indexes/bare/documents?primaryKey=id", json.dumps(page).encode())
    bare.finish(task)
    bare.close()
