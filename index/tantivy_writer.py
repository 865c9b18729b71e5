"""Writing to one generation of the embedded engine."""

import logging
import os
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from customers.document import Document, identifier_key
from customers.errors import EngineError
from customers.keys import SearchKeys
from index.fence import ask
from index.interface import Receipt
from index.seen import SeenKeys
from index.tantivy_disk import HEAP, refusal
from index.tantivy_memory import PageRelease, return_free_memory
from index.tantivy_query import BODY, DIGEST, KEY, NAME_ORDER, ORDER, WRITTEN, name_order

# Documents between commits at most: it bounds the deletes that Tantivy keeps until the next one.
MOST_PENDING = 20_000


# The file in a generation's folder that says who opened it last for writing.
SIGNATURE = "writer"

log = logging.getLogger(__name__)


class TantivyWriter:
    """GenerationWriter over a Tantivy index writer, whose file lock keeps a second one out. The lock ends
    with the process."""

    def __init__(self, index: tantivy.Index, folder: Path) -> None:
        return_free_memory()
        try:
            self._writer = index.writer(heap_size=HEAP, num_threads=1)
            # A process that was killed in its commit leaves files that no segment refers to; Tantivy gives
            # the next commit's files the same names, and refuses to overwrite.
            self._writer.garbage_collect_files()
        except ValueError as error:
            raise _cannot_open(folder, error) from error
        _sign(folder)
        self._generation = folder.name
        self._path = _index_of(folder)
        self._pages = PageRelease(folder)
        self._confirmed = 0
        self._unconfirmed = 0
        self._written = 0
        self._deleted = 0
        self._clock = time.time_ns()
        self._seen = SeenKeys() if index.searcher().num_docs == 0 else None

    @property
    def confirmed(self) -> int:
        """Documents committed since the writer was opened."""
        return self._confirmed

    def write(self, documents: Sequence[Document]) -> None:
        """Hand documents to the indexing thread; blocks while its queue is full."""
        if self._unconfirmed + len(documents) > MOST_PENDING:
            self._commit()
        if self._seen is not None and self._confirmed:  # a load, not a few changes of what others search
            self._pages.start()
        try:
            for document in documents:
                key = identifier_key(document.identifier)
                if self._may_hold(key):
                    self._writer.delete_documents_by_term(KEY, key)
                self._writer.add_document(self._tantivy_document(document, key))
        except ValueError as error:
            raise self._error("write to", error) from error
        self._written += len(documents)
        self._unconfirmed += len(documents)

    def _may_hold(self, key: str) -> bool:
        """Whether there may be anything to replace. Tantivy keeps over 1 kB for every delete until the
        commit, so deleting what cannot be there would make a first load's memory grow with the table."""
        return self._seen is None or self._seen.add(key)

    def delete(self, identifiers: Sequence[str]) -> None:
        """Delete by identifier."""
        try:
            for identifier in identifiers:
                self._writer.delete_documents_by_term(KEY, identifier_key(identifier))
        except ValueError as error:
            raise self._error("delete from", error) from error
        self._deleted += len(identifiers)

    def flush(self, under_way: int = 0) -> Receipt:  # noqa: ARG002 - nothing stays under way
        """Commit, where there is anything to. Tantivy refuses no document, so the receipt has no refusals."""
        if self._written or self._deleted:
            self._commit()
        receipt = Receipt(written=self._written, deleted=self._deleted)
        self._written = self._deleted = 0
        return receipt

    def _commit(self) -> None:
        ask()
        try:
            self._writer.commit()
        except ValueError as error:
            raise self._error("commit to", error) from error
        self._confirmed += self._unconfirmed
        self._unconfirmed = 0

    def _tantivy_document(self, document: Document, key: str) -> tantivy.Document:
        self._clock += 1
        made = tantivy.Document()
        made.add_text(KEY, key)
        made.add_bytes(BODY, document.body.encode())
        made.add_bytes(DIGEST, bytes.fromhex(document.digest))  # half as long on disk
        made.add_unsigned(WRITTEN, self._clock)
        made.add_unsigned(ORDER, order := document.order)
        made.add_unsigned(NAME_ORDER, name_order(document.others_in_name, order))
        for field, tokens in zip(SearchKeys._fields, document.keys, strict=True):
            made.add_text(field, tokens)
        return made

    def _error(self, what: str, error: ValueError) -> EngineError:
        return refusal(self._path, error) or EngineError(
            f"cannot {what} generation {self._generation}: {error}"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for merges, then let the lock go. What was not committed is dropped. Raises EngineError, but
        not over another error: the generation of one that was paused for long may be gone."""
        try:
            # A rollback drops the merges under way too: they would never end, and segments pile up.
            if error is not None or self._written or self._deleted:
                self._writer.rollback()
            self._writer.wait_merging_threads()
        except ValueError as failed:
            if error is None:
                raise self._error("close", failed) from failed
            log.warning("generation %s cannot be closed: %s", self._generation, failed)
        finally:
            self._pages.stop()


def _sign(folder: Path) -> None:
    """Write who has the generation open: Tantivy's lock does not tell. Only a message needs it."""
    with suppress(OSError):
        (folder / SIGNATURE).write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")


def _index_of(generation: Path) -> Path:
    """The folder of the index that a generation's is in."""
    return generation.parent.parent


def _cannot_open(folder: Path, error: ValueError) -> EngineError:
    """Tantivy's lock goes with the process that has it, so whoever holds it still lives."""
    if "LockBusy" not in str(error):
        return refusal(_index_of(folder), error) or EngineError(
            f"generation {folder.name} in {_index_of(folder)} cannot be written: {error}"
        )
    try:
        who = (folder / SIGNATURE).read_text(encoding="utf-8")
    except OSError:
        who = "a process"
    return EngineError(
        f"generation {folder.name} in {_index_of(folder)} is open for writing in another process ({who}),"
        " which is at work or was paused: let it go on, or end it; then try again"
    )
