"""CustomerIndex: all that the rest of the project may ask of an engine.

Nothing here is what only one engine can do: a generation is a folder for Tantivy and an index for
Meilisearch; promoting is a renamed pointer for one and a swap for the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from customers.customer import Customer
from customers.document import Document
from customers.hit import Hit
from customers.term import Term


@dataclass(frozen=True, slots=True)
class Generation:
    """One full build of the index. `keys` is the version of the search keys that it was built with. `stamp`
    grows with every flush that changed a document, stays where none was written or deleted, and is kept with
    the documents: an older copy of them has a lesser one. None: nobody can tell."""

    name: str
    keys: str
    created_at: datetime
    documents: int
    live: bool
    stamp: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that the engine would not take. `reason` holds no personal data."""

    identifier: str
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of what was handed to a writer, as far as it was decided since its last flush: `written`
    and `deleted` are findable and gone, `refused` was left out and its neighbours were not. `under_way` is
    how many portions, the youngest ones, are not decided yet."""

    written: int = 0
    deleted: int = 0
    refused: tuple[Refusal, ...] = field(default=())
    under_way: int = 0


class GenerationWriter(Protocol):
    """Writes to one generation, strictly in order. Not for sharing between threads."""

    @property
    def confirmed(self) -> int:
        """Documents known to be written since the writer was opened: what progress may count."""

    def write(self, documents: Sequence[Document]) -> None:
        """Take documents, each replacing the whole document of its identifier. May return before they are
        written; blocks while too much is unconfirmed. Raises EngineError."""

    def delete(self, identifiers: Sequence[str]) -> None:
        """Take identifiers to delete; unknown ones are no error. Raises EngineError."""

    def flush(self, under_way: int = 0) -> Receipt:
        """End a portion: what was taken since the last flush. Return once all portions but the last
        `under_way` are written, durable and findable, or refused; an engine that decides at once leaves none.
        Portions are decided in order. Raises EngineError; then what was not decided is in an unknown state
        and may be handed over again."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the generation. What was not flushed is not promised."""


class CustomerIndex(Protocol):
    """Where customers are kept for finding. Safe to share between threads. Every call is bounded in time and
    raises EngineError (EngineUnavailable where trying again may help)."""

    def search(self, term: Term, limit: int) -> list[Hit]:
        """The customers of the live generation that answer `term`, best first, at most `limit`. Never a
        customer of two generations. Raises NoLiveGeneration."""

    def get(self, identifier: str) -> Customer | None:
        """The customer with exactly this identifier in the live generation. Raises NoLiveGeneration."""

    def generations(self) -> list[Generation]:
        """All generations, oldest first; at most one is live."""

    def create(self, generation: str) -> None:
        """Make a new empty generation, ready for writing, not live. Its name is `[a-z0-9-]`, at most 64
        characters. Raises EngineError where the name is taken."""

    def writer(self, generation: str) -> GenerationWriter:
        """Open a generation, live or not, for writing. One writer at a time; raises EngineError otherwise."""

    def digests(self, generation: str) -> Iterator[tuple[str, str]]:
        """(identifier, digest) of every document, read back from the engine, in no order, memory flat."""

    def promote(self, generation: str) -> None:
        """Make `generation` the live one, at once for every reader; the formerly live one stays. Promoting
        the live one changes nothing, so this may be tried again after any failure. It is also how to roll
        back."""

    def remove(self, generation: str) -> None:
        """Delete a generation and free its disk. Removing what is not there changes nothing; removing the
        live one raises EngineError."""

    def check(self) -> None:
        """Raise the EngineError that a search would meet now, if any: unreachable, wrong key, no live
        generation, KeysVersionMismatch. For health and doctor."""

    def close(self) -> None:
        """Let go of files, threads and connections."""
