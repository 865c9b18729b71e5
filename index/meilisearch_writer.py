"""Writing to one generation on a Meilisearch server: batches in order, each followed to its end.

Several batches are under way at once, since the server merges those that wait into one go. Where one is
refused, the ones behind it are waited for, and then its documents are sent alone, halved until the refused
ones stand by themselves; except for those that a batch behind it has brought up to date.
"""

from collections import deque
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from meilisearch.index import Index
from meilisearch.models.task import Task

from customers.document import Document
from customers.errors import EngineError
from index.interface import Receipt, Refusal
from index.meilisearch_batch import Batch, Posted
from index.meilisearch_documents import to_line
from index.meilisearch_tasks import Tasks, failure_code, is_documents_fault

# Batches that are sent but not known to be indexed.
UNFINISHED = 4

# Documents that a server which has nothing else to do is sent at least: each go costs it a quarter of a
# second, whatever is in it.
FEWEST = 10_000

Line = Callable[[Document, str], bytes]


class MeilisearchWriter:
    """GenerationWriter over an index. `release` is called when the writer is let go of. `line` makes the
    NDJSON line of a document for a generation."""

    def __init__(
        self, index: Index, generation: str, tasks: Tasks, release: Callable[[], None], line: Line = to_line
    ) -> None:
        self._index = index
        self._generation = generation
        self._tasks = tasks
        self._release = release
        self._line = line
        self._confirmed = 0
        self._forget()

    @property
    def confirmed(self) -> int:
        """Documents known to be indexed since the writer was opened."""
        return self._confirmed

    def write(self, documents: Sequence[Document]) -> None:
        """Take documents; sends a batch whenever one is full."""
        for document in documents:
            self._take(document.identifier, self._line(document, self._generation))
        if len(self._waiting.identifiers) >= FEWEST:
            self._settle_ended()
            if not self._posted:
                self._send()  # the server has nothing to do: do not let it wait for a full batch

    def delete(self, identifiers: Sequence[str]) -> None:
        """Take identifiers to delete."""
        for identifier in identifiers:
            self._take(identifier, None)

    def _take(self, identifier: str, line: bytes | None) -> None:
        if not self._waiting.add(identifier, line):
            self._send()
            self._waiting.add(identifier, line)
        self._refused.pop(identifier, None)

    def flush(self, under_way: int = 0) -> Receipt:
        """Send what waits, and follow to its end what is under way of all portions but the youngest."""
        try:
            self._send()
            self._portion += 1
            while self._portions_under_way() > under_way:
                self._settle_oldest()
        except BaseException:
            self._forget()
            raise
        return self._receipt()

    def _portions_under_way(self) -> int:
        return self._portion - self._posted[0].portion if self._posted else 0

    def _forget(self) -> None:
        self._waiting = Batch()
        self._posted: deque[Posted] = deque()
        self._portion = 0
        self._written = 0
        self._deleted = 0
        self._refused: dict[str, Refusal] = {}

    def _receipt(self) -> Receipt:
        """What was decided since the last one."""
        refused = tuple(self._refused.values())
        receipt = Receipt(self._written, self._deleted, refused, self._portions_under_way())
        self._written = self._deleted = 0
        self._refused.clear()
        return receipt

    def _send(self) -> None:
        while len(self._posted) >= UNFINISHED:
            self._settle_oldest()
        if self._waiting.identifiers:
            self._posted.append(self._waiting.post(self._index, self._portion))
            self._waiting = Batch()

    def _settle_ended(self) -> None:
        """Account for what the server is done with, without waiting."""
        while self._posted and self._tasks.has_ended(self._posted[0].task):
            self._settle_oldest()

    def _settle_oldest(self) -> None:
        posted = self._posted[0]
        refusal = self._refusal(posted)
        self._posted.popleft()
        if not refusal:
            return
        behind = list(self._posted)
        while self._posted:
            self._settle_oldest()
        newer = {*self._waiting.identifiers}.union(*(later.batch.identifiers for later in behind))
        alone = posted.batch.without(newer)
        self._count(posted.batch, len(posted.batch.identifiers) - len(alone.identifiers))
        self._send_alone(alone)

    def _send_alone(self, batch: Batch) -> None:
        """Send again what was refused among others, with nothing else under way."""
        if not batch.identifiers:
            return
        code = self._refusal(batch.post(self._index))
        if not code:
            return
        if len(batch.identifiers) == 1 and batch.deletes:
            raise EngineError(f"Meilisearch refused to delete a document: {code}")
        if len(batch.identifiers) == 1:
            reason = f"Meilisearch refused the document: {code}"
            self._refused |= {identifier: Refusal(identifier, reason) for identifier in batch.identifiers}
            return
        for half in batch.halves():
            self._send_alone(half)

    def _refusal(self, posted: Posted) -> str:
        """Why the documents were refused, once that is decided; empty where they are indexed, and counted."""
        if posted.task is None:
            return posted.refusal
        task = self._tasks.end(posted.task)
        if task.status == "succeeded":
            _check_indexed(task)
            self._count(posted.batch, len(posted.batch.identifiers))
            return ""
        if is_documents_fault(task):
            return failure_code(task)
        raise self._tasks.failure(task)

    def _count(self, batch: Batch, decided: int) -> None:
        if batch.deletes:
            self._deleted += decided
            return
        self._written += decided
        self._confirmed += decided

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the generation."""
        self._release()


def _check_indexed(task: Task) -> None:
    details = task.details or {}
    received, indexed = details.get("receivedDocuments"), details.get("indexedDocuments")
    if received != indexed:
        raise EngineError(
            f"Meilisearch indexed {indexed} of {received} documents of task {task.uid}: reindex"
        )
