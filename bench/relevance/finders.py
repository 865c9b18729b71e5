"""The engines under test, ours and the peers, as one thing that takes people and answers terms."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from bench.relevance.people import Person
from customers.document import to_document
from customers.settings import SearchSettings
from customers.term import understand
from index.interface import CustomerIndex
from index.tantivy_engine import TantivyIndex

BATCH = 5_000
GENERATION = "bench"


class Finder(Protocol):
    """One engine. Used as a context manager; leaving it stops what was started."""

    def load(self, people: Iterable[Person]) -> None:
        """Take everybody; findable when this returns."""

    def add(self, people: Iterable[Person]) -> None:
        """Take a few more, findable when this returns."""

    def find(self, text: str, limit: int) -> list[str]:
        """The identifiers that answer a term, best first."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class IndexFinder:
    """Our product over one of its engines, called as the service calls it."""

    def __init__(self, index: CustomerIndex, settings: SearchSettings) -> None:
        self._index = index
        self._settings = settings

    def load(self, people: Iterable[Person]) -> None:
        self._index.create(GENERATION)
        self.add(people)
        self._index.promote(GENERATION)

    def add(self, people: Iterable[Person]) -> None:
        with self._index.writer(GENERATION) as writer:
            for batch in batches(people, BATCH):
                writer.write([to_document(person.customer, self._settings) for person in batch])
            refused = writer.flush().refused
        if refused:
            raise RuntimeError(f"{len(refused)} made-up customers were refused: {refused[0].reason}")

    def find(self, text: str, limit: int) -> list[str]:
        hits = self._index.search(understand(text, self._settings), limit)
        return [hit.customer.identifier for hit in hits]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._index.close()


def embedded(folder: Path) -> IndexFinder:
    """Our product over its embedded engine, in a new folder."""
    settings = SearchSettings()
    return IndexFinder(TantivyIndex(folder / "embedded", settings), settings)


def batches(people: Iterable[Person], size: int) -> Iterator[list[Person]]:
    """The people, so many at a time."""
    remaining = iter(people)
    while batch := list(islice(remaining, size)):
        yield batch
