"""The embedded engine: Tantivy, in this process, in a local folder. Nothing else to install or run."""

import os
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path

import tantivy

from customers.candidate import REMEMBERED, Candidate, candidate_reader
from customers.customer import Customer
from customers.document import customer_from_json, identifier_from_json, identifier_key
from customers.errors import EngineError, EngineUnavailable, KeysVersionMismatch, NoLiveGeneration
from customers.hit import Hit
from customers.keys import keys_version
from customers.settings import SearchSettings
from customers.term import Term
from index.interface import Generation
from index.query import Query
from index.search import Found, search
from index.tantivy_damage import Reading, is_damage
from index.tantivy_disk import Writing, reading_refusal
from index.tantivy_folder import Folder
from index.tantivy_query import BODY, DIGEST, KEY, WRITTEN, schema, tantivy_query
from index.tantivy_writer import TantivyWriter

# Documents fetched at once when all digests are read back.
PAGE = 5_000

# Answers that are remembered until something is committed, about 1 kB each.
ANSWERS = 2_048

# The search keys of a generation that cannot be opened: none of ours, so that a reindex is asked for.
UNREADABLE = "unreadable"

# How often a lookup follows the live generation to another one before it gives up: once is rare already.
MOST_SWITCHES = 3


class TantivyIndex:
    """CustomerIndex in the folder `path`, which is made when something is first written. Many processes may
    read it while one writes: each search looks (two `stat` calls) whether another generation was promoted or
    something was committed."""

    def __init__(self, path: Path, settings: SearchSettings) -> None:
        self._folder = Folder(path)
        self._path = path
        self._reading = Reading(path)
        self._writing = Writing(path)
        self._keys = keys_version(settings)
        self._read = candidate_reader(settings)
        self._lock = threading.Lock()
        self._opened: OpenGeneration | None = None

    def search(self, term: Term, limit: int) -> list[Hit]:
        """See CustomerIndex.search. The whole search reads one snapshot of one generation."""
        with self._reading:
            return list(self._live().answer(term, limit))

    def get(self, identifier: str) -> Customer | None:
        """See CustomerIndex.get."""
        with self._reading:
            return _customer(self._live().searcher, identifier)

    def generations(self) -> list[Generation]:
        """See CustomerIndex.generations."""
        with self._reading:
            live = self._folder.live()
            found = [self._described(name, is_live=name == live) for name in self._folder.names()]
            there = set(self._folder.names())
        return sorted(
            (each for each in found if each is not None and each.name in there),
            key=lambda generation: (generation.created_at, generation.name),
        )

    def _described(self, name: str, *, is_live: bool) -> Generation | None:
        """What a generation is; None: it was removed meanwhile."""
        try:
            about = self._folder.about(name)
        except EngineError:
            if name in self._folder.names():
                raise
            return None
        try:
            with self._reading:
                documents, keys = self._open(name).searcher().num_docs, about.keys
            stamp = self._folder.stamp(name)
        except EngineUnavailable:
            raise
        except EngineError:
            documents, keys, stamp = 0, UNREADABLE, None
        return Generation(name, keys, about.created_at, documents, is_live, stamp)

    def create(self, generation: str) -> None:
        """See CustomerIndex.create."""
        with self._writing:
            folder = self._folder.make(generation)
            tantivy.Index(schema(), path=str(folder))
            self._folder.describe(generation, self._keys)

    def writer(self, generation: str) -> TantivyWriter:
        """See CustomerIndex.writer. Raises KeysVersionMismatch where the generation has other keys."""
        with self._reading:
            self._check_keys(generation)
            opened = self._open(generation)
        return TantivyWriter(opened, self._folder.generation(generation))

    def digests(self, generation: str) -> Iterator[tuple[str, str]]:
        """See CustomerIndex.digests."""
        with self._reading:
            searcher = self._open(generation).searcher()
            after = 0
            while hits := _written_after(searcher, after):
                for _, address in hits:
                    found = searcher.doc(address)
                    yield identifier_from_json(_bytes(found, BODY).decode()), _bytes(found, DIGEST).hex()
                after = hits[-1][0]

    def promote(self, generation: str) -> None:
        """See CustomerIndex.promote."""
        self._folder.about(generation)
        with self._writing:
            self._folder.promote(generation)

    def remove(self, generation: str) -> None:
        """See CustomerIndex.remove."""
        if generation == self._folder.live():
            raise EngineError(f"generation {generation} is live: promote another one before removing it")
        with self._writing:
            self._folder.remove(generation)

    def check(self) -> None:
        """See CustomerIndex.check."""
        with self._reading:
            self._live()
            if live := self._folder.live():
                self._check_keys(live)

    def close(self) -> None:
        """See CustomerIndex.close."""
        with self._lock:
            self._opened = None

    def _check_keys(self, generation: str) -> None:
        keys = self._folder.about(generation).keys
        if keys != self._keys:
            raise KeysVersionMismatch(
                f"generation {generation} in {self._path} has search keys {keys}, this program makes "
                f"{self._keys}: run customer-lookup reindex"
            )

    def _open(self, generation: str) -> tantivy.Index:
        """A generation's index; with another schema than ours it is one of another version."""
        self._folder.about(generation)
        try:
            index = tantivy.Index(schema(), path=str(self._folder.generation(generation)))
            index.config_reader(reload_policy="manual")
        except BaseException as error:
            if not is_damage(error) or reading_refusal(self._path, error) is not None:
                raise
            self._check_keys(generation)
            raise EngineError(
                f"generation {generation} in {self._path} cannot be read: it is damaged, or was made by "
                "another version of this program; run customer-lookup reindex"
            ) from error
        return index

    def _live(self) -> "Snapshot":
        """A snapshot of the live generation, with everything committed so far. Tried again where the
        generation was removed, after another was promoted, between looking which one is live and opening
        it."""
        for _ in range(MOST_SWITCHES):
            name = self._folder.live()
            if name is None:
                raise NoLiveGeneration(f"nothing is indexed in {self._path} yet: run customer-lookup reindex")
            try:
                return self._snapshot(name)
            except (EngineError, FileNotFoundError):
                if self._folder.live() == name:
                    raise
        raise EngineError(f"generations in {self._path} are switched faster than they open: look again")

    def _snapshot(self, name: str) -> "Snapshot":
        with self._lock:
            if self._opened is None or self._opened.generation != name:
                folder = self._folder.generation(name)
                self._opened = OpenGeneration(name, folder, self._open(name), self._read)
            return self._opened.snapshot()


class OpenGeneration:
    """The live generation as this process has it open. `read` makes a candidate of a document's JSON."""

    def __init__(
        self, generation: str, folder: Path, index: tantivy.Index, read: Callable[[str], Candidate]
    ) -> None:
        self.generation = generation
        self._index = index
        self._read = read
        self._meta = str(folder / "meta.json")
        self._seen: tuple[int, int] | None = None
        self._snapshot = Snapshot(index.searcher(), read)

    def snapshot(self) -> "Snapshot":
        """All that was committed so far, by this process or another: Tantivy replaces meta.json then."""
        status = os.stat(self._meta)  # noqa: PTH116 - a third of the time of Path.stat, on every lookup
        stamp = (status.st_ino, status.st_mtime_ns)
        if stamp != self._seen:
            self._index.reload()
            self._snapshot = Snapshot(self._index.searcher(), self._read)
            self._seen = stamp
        return self._snapshot


class Snapshot:
    """A generation as of one commit: what is asked again is answered from memory, and what was found before
    needs no disk. A cashier's next letter finds mostly the same customers, and every till begins with `la`
    one day."""

    def __init__(self, searcher: tantivy.Searcher, read: Callable[[str], Candidate]) -> None:
        self.searcher = searcher
        # Neither refers back to the snapshot: it goes, and with it its files, as soon as it is let go of.
        candidate = lru_cache(REMEMBERED)(partial(_candidate, searcher, read))
        self.answer = lru_cache(ANSWERS)(partial(_answer, searcher, candidate))


def _candidate(
    searcher: tantivy.Searcher, read: Callable[[str], Candidate], segment: int, document: int
) -> Candidate:
    return read(_body(searcher, tantivy.DocAddress(segment, document)))


def _answer(
    searcher: tantivy.Searcher, candidate: Callable[[int, int], Candidate], term: Term, limit: int
) -> tuple[Hit, ...]:
    def find(query: Query, wanted: int) -> Found:
        # Counting them all costs nothing: none of these queries can be left before its end.
        found = searcher.search(tantivy_query(query), wanted, count=True)
        matches: int = found.count  # type: ignore[attr-defined]  # its stub lacks it
        return Found([candidate(address.segment_ord, address.doc) for _, address in found.hits], matches)

    return tuple(search(term, limit, find, partial(_customer, searcher)))


def _customer(searcher: tantivy.Searcher, identifier: str) -> Customer | None:
    query = tantivy.Query.term_query(schema(), KEY, identifier_key(identifier), index_option="basic")
    hits = searcher.search(query, 1, count=False).hits
    return customer_from_json(_body(searcher, hits[0][1])) if hits else None


def _written_after(searcher: tantivy.Searcher, after: int) -> list[tuple[int, tantivy.DocAddress]]:
    """The next page of documents in the order of writing, which is the order on disk."""
    query = tantivy.Query.range_query(
        schema(), WRITTEN, tantivy.FieldType.Unsigned, lower_bound=after, include_lower=False
    )
    return searcher.search(query, PAGE, count=False, order_by_field=WRITTEN, order=tantivy.Order.Asc).hits


def _body(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> str:
    return _bytes(searcher.doc(address), BODY).decode()


def _bytes(document: tantivy.Document, field: str) -> bytes:
    value = document.get_first(field)
    if value is None:
        raise EngineError(f"a document without {field} was found: the index is not ours, reindex")
    return bytes(value)
