"""The embedded engine: Tantivy, in this process, in a local folder. Nothing else to install or run."""

import threading
from collections.abc import Iterator
from pathlib import Path

import tantivy

from customers.candidate import candidate_reader
from customers.customer import Customer
from customers.document import identifier_from_json
from customers.errors import EngineError, EngineUnavailable, KeysVersionMismatch, NoLiveGeneration
from customers.hit import Hit
from customers.keys import keys_version
from customers.settings import SearchSettings
from customers.term import Term
from index.interface import Generation
from index.tantivy_damage import Reading, is_damage
from index.tantivy_disk import Writing, reading_refusal
from index.tantivy_folder import Folder
from index.tantivy_query import BODY, DIGEST, WRITTEN, opened, schema
from index.tantivy_snapshot import OpenGeneration, Snapshot, bytes_of, customer
from index.tantivy_writer import TantivyWriter

# Documents fetched at once when all digests are read back.
PAGE = 5_000

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
            return customer(self._live().searcher, identifier)

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
                    yield identifier_from_json(bytes_of(found, BODY).decode()), bytes_of(found, DIGEST).hex()
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
        """A generation's index; one of another version may be beyond reading."""
        self._folder.about(generation)
        try:
            index = opened(self._folder.generation(generation))
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

    def _live(self) -> Snapshot:
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

    def _snapshot(self, name: str) -> Snapshot:
        with self._lock:
            if self._opened is None or self._opened.generation != name:
                folder = self._folder.generation(name)
                self._opened = OpenGeneration(name, folder, self._open(name), self._read)
            return self._opened.snapshot()


def _written_after(searcher: tantivy.Searcher, after: int) -> list[tuple[int, tantivy.DocAddress]]:
    """The next page of documents in the order of writing, which is the order on disk."""
    query = tantivy.Query.range_query(
        schema(), WRITTEN, tantivy.FieldType.Unsigned, lower_bound=after, include_lower=False
    )
    return searcher.search(query, PAGE, count=False, order_by_field=WRITTEN, order=tantivy.Order.Asc).hits
