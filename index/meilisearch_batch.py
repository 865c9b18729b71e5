"""A batch for a Meilisearch index: documents to write or to delete, sent with one request."""

from dataclasses import dataclass, field

from meilisearch.index import Index
from meilisearch.models.task import TaskInfo

from index.meilisearch_errors import RefusedError
from index.meilisearch_http import NDJSON
from index.meilisearch_ids import document_id

# Larger ones are no faster, and the server takes at most 100 MB at once.
MOST_BYTES = 16 * 1024 * 1024
MOST_DOCUMENTS = 50_000

# The answers to what is wrong with the documents themselves: malformed, too large, not processable.
_DOCUMENTS_FAULT = {400, 413, 422}


@dataclass(slots=True)
class Batch:
    """`lines` maps each identifier to its NDJSON line, or to None where it is to be deleted; a batch has only
    the one or the other. `documents` and `deletions` count what was handed over: of several documents of one
    identifier only the last is sent."""

    lines: dict[str, bytes | None] = field(default_factory=dict)
    documents: int = 0
    deletions: int = 0
    size: int = 0

    def add(self, identifier: str, line: bytes) -> None:
        """Take a document to write."""
        self.lines[identifier] = line
        self.documents += 1
        self.size += len(line)

    def add_deletion(self, identifier: str) -> None:
        """Take an identifier to delete."""
        self.lines[identifier] = None
        self.deletions += 1

    def takes(self, line: bytes | None) -> bool:
        """Whether this document, or with None a deletion, may be added."""
        if not self.lines:
            return True
        same_kind = self._deletes() == (line is None)
        return same_kind and self.size + len(line or b"") <= MOST_BYTES and len(self.lines) < MOST_DOCUMENTS

    def without(self, identifiers: set[str]) -> "Batch":
        """This batch less what is said about `identifiers`."""
        left = {identifier: line for identifier, line in self.lines.items() if identifier not in identifiers}
        return self._part(left)

    def halves(self) -> tuple["Batch", "Batch"]:
        """The first and the second half, in order."""
        items = list(self.lines.items())
        middle = len(items) // 2
        return self._part(dict(items[:middle])), self._part(dict(items[middle:]))

    def _part(self, lines: dict[str, bytes | None]) -> "Batch":
        return Batch(lines, deletions=len(lines)) if self._deletes() else Batch(lines, documents=len(lines))

    def _deletes(self) -> bool:
        return bool(self.lines) and next(iter(self.lines.values())) is None

    def post(self, index: Index, portion: int = 0) -> "Posted":
        """Send it. What the server finds wrong with the documents at once is told in `Posted.refusal`."""
        content = [line for line in self.lines.values() if line is not None]
        try:
            if content:
                task = index.add_documents_raw(b"".join(content), content_type=NDJSON)
            else:
                # The client's own call for it warns that it will be removed; Meilisearch has no such plan.
                ids = [document_id(identifier) for identifier in self.lines]
                task = TaskInfo(**index.http.post(f"indexes/{index.uid}/documents/delete-batch", ids))
        except RefusedError as refusal:
            if refusal.status not in _DOCUMENTS_FAULT:
                raise
            return Posted(self, portion, refusal=refusal.code)
        return Posted(self, portion, task=task.task_uid)


@dataclass(frozen=True, slots=True)
class Posted:
    """A batch that was sent: either `task` is on its way to index it, or it was refused for `refusal`.
    `portion` is the number of the writer's portion that it is of."""

    batch: Batch
    portion: int = 0
    task: int | None = None
    refusal: str = ""
