"""A batch for a Meilisearch index: documents to write or to delete, sent with one request."""

import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from meilisearch.index import Index
from meilisearch.models.task import TaskInfo

from index.meilisearch_errors import RefusedError
from index.meilisearch_http import COMPRESSION, NDJSON, Compressed
from index.meilisearch_ids import document_id

# Larger ones are no faster, and the server takes at most 100 MB at once.
MOST_BYTES = 16 * 1024 * 1024
MOST_DOCUMENTS = 50_000

# Meilisearch's names for what is wrong with the documents themselves. Any other refusal may be of the server,
# or of what stands before it, and tomorrow there is none.
_DOCUMENTS_FAULT = {"malformed_payload", "invalid_document_id", "missing_document_id"}
# Too large, which a proxy says in words of its own.
_TOO_LARGE = 413

_GZIP = 31  # zlib's number for this format


def _compressor() -> Any:
    return zlib.compressobj(COMPRESSION, zlib.DEFLATED, _GZIP)


@dataclass(slots=True)
class Batch:
    """What is said about `identifiers`, each once: lines of NDJSON, or where it `deletes`, that they go.
    Lines are compressed as they come, since several batches wait for the server at a time. `size` is their
    bytes before that."""

    deletes: bool = False
    identifiers: dict[str, None] = field(default_factory=dict)
    size: int = 0
    _body: bytearray = field(default_factory=bytearray, repr=False)
    _compressor: Any = field(default_factory=_compressor, repr=False)

    def add(self, identifier: str, line: bytes | None) -> bool:
        """Take a line, or with None a deletion; returns False where it must go into another batch."""
        size = len(line or b"")
        if self.identifiers and (
            self.deletes != (line is None)
            or identifier in self.identifiers
            or self.size + size > MOST_BYTES
            or len(self.identifiers) >= MOST_DOCUMENTS
        ):
            return False
        self.deletes = line is None
        self.identifiers[identifier] = None
        self.size += size
        if line is not None:
            self._body += self._compressor.compress(line)
        return True

    def without(self, identifiers: set[str]) -> "Batch":
        """This batch less what is said about `identifiers`."""
        return _batch((name, line) for name, line in self._lines() if name not in identifiers)

    def halves(self) -> tuple["Batch", "Batch"]:
        """The first and the second half, in order."""
        lines = self._lines()
        middle = len(lines) // 2
        return _batch(lines[:middle]), _batch(lines[middle:])

    def _lines(self) -> list[tuple[str, bytes | None]]:
        """What was sent, one by one."""
        if self.deletes:
            return [(identifier, None) for identifier in self.identifiers]
        lines = gzip.decompress(self._compressed()).split(b"\n")[:-1]
        return [(name, line + b"\n") for name, line in zip(self.identifiers, lines, strict=True)]

    def _compressed(self) -> Compressed:
        return Compressed(self._body + self._compressor.copy().flush())

    def post(self, index: Index, portion: int = 0) -> "Posted":
        """Send it. What the server finds wrong with the documents at once is told in `Posted.refusal`."""
        try:
            if self.deletes:
                # The client's own call for it warns that it will be removed; Meilisearch has no such plan.
                ids = [document_id(identifier) for identifier in self.identifiers]
                task = TaskInfo(**index.http.post(f"indexes/{index.uid}/documents/delete-batch", ids))
            else:
                task = index.add_documents_raw(self._compressed(), content_type=NDJSON)
        except RefusedError as refusal:
            if refusal.status != _TOO_LARGE and refusal.code not in _DOCUMENTS_FAULT:
                raise
            return Posted(self, portion, refusal=refusal.code)
        return Posted(self, portion, task=task.task_uid)


def _batch(lines: Iterable[tuple[str, bytes | None]]) -> Batch:
    batch = Batch()
    for identifier, line in lines:
        batch.add(identifier, line)
    return batch


@dataclass(frozen=True, slots=True)
class Posted:
    """A batch that was sent: either `task` is on its way to index it, or it was refused for `refusal`.
    `portion` is the number of the writer's portion that it is of."""

    batch: Batch
    portion: int = 0
    task: int | None = None
    refusal: str = ""
