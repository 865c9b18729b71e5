"""The embedded engine's live generation as it is read: one snapshot for each commit."""

import os
from collections.abc import Callable, Set
from functools import lru_cache, partial
from pathlib import Path

import tantivy

from customers.candidate import REMEMBERED, Candidate
from customers.customer import Customer
from customers.document import customer_from_json, identifier_key
from customers.errors import EngineError
from customers.hit import Hit
from customers.term import Term
from index.query import Query
from index.search import Found, search
from index.tantivy_query import BODY, KEY, fields_in, order_field, schema, tantivy_query

# Answers that are remembered until something is committed, about 1 kB each.
ANSWERS = 2_048


class OpenGeneration:
    """The live generation as this process has it open. `read` makes a candidate of a document's JSON."""

    def __init__(
        self, generation: str, folder: Path, index: tantivy.Index, read: Callable[[str], Candidate]
    ) -> None:
        self.generation = generation
        self._index = index
        self._read = read
        self._meta = str(folder / "meta.json")
        self._fields = frozenset(fields_in(folder))
        self._seen: tuple[int, int] | None = None
        self._snapshot = self._new()

    def snapshot(self) -> "Snapshot":
        """All that was committed so far, by this process or another: Tantivy replaces meta.json then."""
        status = os.stat(self._meta)  # noqa: PTH116 - a third of the time of Path.stat, on every lookup
        stamp = (status.st_ino, status.st_mtime_ns)
        if stamp != self._seen:
            self._index.reload()
            self._snapshot = self._new()
            self._seen = stamp
        return self._snapshot

    def _new(self) -> "Snapshot":
        return Snapshot(self._index.searcher(), self._read, self._fields)


class Snapshot:
    """A generation as of one commit: what is asked again is answered from memory, and what was found before
    needs no disk. A cashier's next letter finds mostly the same customers, and every till begins with `la`
    one day. `fields` are those of the index: one of an earlier version may lack our last ones."""

    def __init__(
        self, searcher: tantivy.Searcher, read: Callable[[str], Candidate], fields: Set[str]
    ) -> None:
        self.searcher = searcher
        # Neither refers back to the snapshot: it goes, and with it its files, as soon as it is let go of.
        candidate = lru_cache(REMEMBERED)(partial(_candidate, searcher, read))
        self.answer = lru_cache(ANSWERS)(partial(_answer, searcher, candidate, fields))


def _candidate(
    searcher: tantivy.Searcher, read: Callable[[str], Candidate], segment: int, document: int
) -> Candidate:
    return read(_body(searcher, tantivy.DocAddress(segment, document)))


def _answer(
    searcher: tantivy.Searcher,
    candidate: Callable[[int, int], Candidate],
    fields: Set[str],
    term: Term,
    limit: int,
) -> tuple[Hit, ...]:
    def find(query: Query, wanted: int) -> Found:
        # Counting them all costs nothing: none of these queries can be left before its end.
        found = searcher.search(tantivy_query(query), wanted, count=True)
        matches: int = found.count  # type: ignore[attr-defined]  # its stub lacks it
        return Found([candidate(address.segment_ord, address.doc) for _, address in found.hits], matches)

    def first(query: Query, wanted: int) -> list[Candidate]:
        found = [
            searcher.search(tantivy_query((reading,)), wanted, count=False, order_by_field=field)
            for reading in query
            if (field := order_field(reading, fields))
        ]
        return [candidate(address.segment_ord, address.doc) for each in found for _, address in each.hits]

    return tuple(search(term, limit, find, first, partial(customer, searcher)))


def customer(searcher: tantivy.Searcher, identifier: str) -> Customer | None:
    """The customer with exactly this identifier."""
    query = tantivy.Query.term_query(schema(), KEY, identifier_key(identifier), index_option="basic")
    hits = searcher.search(query, 1, count=False).hits
    return customer_from_json(_body(searcher, hits[0][1])) if hits else None


def _body(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> str:
    return bytes_of(searcher.doc(address), BODY).decode()


def bytes_of(document: tantivy.Document, field: str) -> bytes:
    """A field that every document of ours has."""
    value = document.get_first(field)
    if value is None:
        raise EngineError(f"a document without {field} was found: the index is not ours, reindex")
    return bytes(value)
