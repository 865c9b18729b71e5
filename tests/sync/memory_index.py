"""An index in memory that keeps every promise of CustomerIndex, and breaks down when it is told to."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from customers.customer import Customer
from customers.document import Document
from customers.errors import EngineError, EngineUnavailable, NoLiveGeneration
from customers.hit import Hit
from customers.keys import keys_version
from customers.settings import SearchSettings
from customers.term import Term
from index.interface import Generation, Receipt, Refusal

# The documents of each generation, when each was made, their stamps, and which one is live.
Backup = tuple[dict[str, dict[str, Document]], dict[str, datetime], dict[str, int], str | None]


class MemoryIndex:
    """Set `refusing` to identifiers that it will not take, and `breaking` to the call that fails next:
    `before:flush` fails without effect, `after:flush` has its effect and fails all the same. A `lagging` one
    writes no sooner than it must."""

    def __init__(self, search: SearchSettings) -> None:
        self.refusing: set[str] = set()
        self.breaking: str | None = None
        self.lagging = False
        self.sent = 0
        self._keys = keys_version(search)
        self._documents: dict[str, dict[str, Document]] = {}
        self._created: dict[str, datetime] = {}
        self._stamps: dict[str, int] = {}
        self._live: str | None = None

    def search(self, term: Term, limit: int) -> list[Hit]:
        """Not what this index is for."""
        raise EngineError("the index in memory cannot search")

    def get(self, identifier: str) -> Customer | None:
        if self._live is None:
            raise NoLiveGeneration("nothing is indexed")
        found = self._documents[self._live].get(identifier)
        return found.customer if found else None

    def generations(self) -> list[Generation]:
        self.meet("before:generations")
        return [
            Generation(
                name, self._keys, self._created[name], len(documents), name == self._live, self._stamps[name]
            )
            for name, documents in self._documents.items()
        ]

    def create(self, generation: str) -> None:
        self.meet("before:create")
        self._documents[generation] = {}
        self._created[generation] = datetime.now(UTC)
        self._stamps[generation] = 0
        self.meet("after:create")

    def writer(self, generation: str) -> "MemoryWriter":
        self.meet("before:writer")
        return MemoryWriter(self, generation)

    def writing(self, generation: str) -> dict[str, Document]:
        """The documents of a generation, about to be changed."""
        self._stamps[generation] += 1
        return self._documents[generation]

    def backup(self) -> Backup:
        """All that is there, for `bring_back`."""
        kept = {name: dict(documents) for name, documents in self._documents.items()}
        return kept, dict(self._created), dict(self._stamps), self._live

    def bring_back(self, backup: Backup) -> None:
        """Be as it was then."""
        kept, created, stamps, self._live = backup
        self._documents = {name: dict(documents) for name, documents in kept.items()}
        self._created, self._stamps = dict(created), dict(stamps)

    def digests(self, generation: str) -> Iterator[tuple[str, str]]:
        self.meet("before:digests")
        for identifier, document in list(self._documents[generation].items()):
            yield identifier, document.digest

    def promote(self, generation: str) -> None:
        self.meet("before:promote")
        self._live = generation
        self.meet("after:promote")

    def remove(self, generation: str) -> None:
        self.meet("before:remove")
        if generation == self._live:
            raise EngineError("the live generation stays")
        self._documents.pop(generation, None)
        self.meet("after:remove")

    def check(self) -> None:
        if self._live is None:
            raise NoLiveGeneration("nothing is indexed")

    def close(self) -> None:
        """Nothing to let go of."""

    def meet(self, moment: str) -> None:
        """Break down if this is the moment; once."""
        if self.breaking == moment:
            self.breaking = None
            raise EngineUnavailable(f"broken {moment}")


class MemoryWriter:
    """Writes when it is flushed."""

    def __init__(self, index: MemoryIndex, generation: str) -> None:
        self._index = index
        self._generation = generation
        self._taken: list[Document | str] = []
        self._portions: list[list[Document | str]] = []
        self._confirmed = 0

    @property
    def confirmed(self) -> int:
        return self._confirmed

    def write(self, documents: Sequence[Document]) -> None:
        self._index.meet("before:write")
        self._taken += documents
        self._index.sent += len(documents)
        self._index.meet("after:write")

    def delete(self, identifiers: Sequence[str]) -> None:
        self._index.meet("before:delete")
        self._taken += identifiers
        self._index.meet("after:delete")

    def flush(self, under_way: int = 0) -> Receipt:
        self._index.meet("before:flush")
        self._portions.append(self._taken)
        self._taken = []
        refused: list[Refusal] = []
        while len(self._portions) > (under_way if self._index.lagging else 0):
            self._write(self._portions.pop(0), refused)
        self._index.meet("after:flush")
        return Receipt(refused=tuple(refused), under_way=len(self._portions))

    def _write(self, portion: list[Document | str], refused: list[Refusal]) -> None:
        documents = self._index.writing(self._generation) if portion else {}
        for taken in portion:
            if isinstance(taken, str):
                documents.pop(taken, None)
            elif taken.identifier in self._index.refusing:
                refused.append(Refusal(taken.identifier, "the engine does not like it"))
            else:
                documents[taken.identifier] = taken

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop what was not flushed."""
