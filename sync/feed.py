"""Brings customers into one generation: only what changed is written, and noted only once it is confirmed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection

from customers.customer import Customer
from customers.document import Document, identifier_key, to_document
from index.interface import GenerationWriter
from sync import generations
from sync.context import SyncContext
from sync.lease import Lease
from sync.ledger import Ledger
from sync.mapping import Deleted
from sync.pages import Entry
from sync.progress import Progress
from sync.quarantine import Quarantine, Reject

# Documents that wait for one confirmation: enough that confirming is not what takes the time, few enough that
# a crash repeats little and that their entries fit into memory many times over.
BATCH = 20_000


@dataclass(slots=True)
class Counts:
    """What went through a feed so far."""

    read: int = 0
    written: int = 0
    unchanged: int = 0
    deleted: int = 0


class Feed:
    """One generation's only way in; used in a `with` block, by one thread that holds `lease`.

    `fresh`: the generation is being built, so nothing in it can be unchanged or in need of deletion.
    """

    def __init__(
        self, context: SyncContext, lease: Lease, generation: str, progress: Progress, *, fresh: bool = False
    ) -> None:
        self.counts = Counts()
        self.generation = generation
        self.ledger = Ledger(generation)
        self.quarantine = Quarantine(generation)
        self.lease = lease
        self._context = context
        self._progress = progress
        self._fresh = fresh
        self._writer: GenerationWriter | None = None
        self._pending: dict[str, str | None] = {}  # identifier -> digest, None: deleted
        self._rejects: dict[str, Reject] = {}
        self._released: set[str] = set()
        self._noted: dict[str, Any] = {}
        with context.state.read() as connection:
            self._quarantined = self.quarantine.known(connection)
            known = generations.find(connection, generation)
        self._doubts_are_mine = known is None or not known.in_doubt

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.__exit__(kind, error, trace)

    def take(self, entries: Iterable[Entry | Document], **noted: Any) -> None:
        """Bring what the source says into the generation. `noted` is what to note about the generation once
        these entries, and all before them, are confirmed."""
        self._progress.advance(0)  # whoever watches may break us off here
        documents: list[Document] = []
        gone: list[str] = []
        for entry in entries:
            if isinstance(entry, Customer):
                documents.append(to_document(entry, self._context.search))
            elif isinstance(entry, Document):
                documents.append(entry)
            elif isinstance(entry, Deleted):
                gone.append(entry.identifier)
            elif entry.identifier is not None:
                self._reject(Reject(entry.identifier, entry.reason))
        self.counts.read += len(documents)
        self._write(documents if self._fresh else self._changed(documents))
        self.delete(gone)
        self._noted.update(noted)
        if len(self._pending) + len(self._rejects) >= BATCH:
            self.flush()

    def delete(self, identifiers: Sequence[str]) -> None:
        """Take these out of the generation, and out of quarantine, where they are there."""
        self._release(identifiers)
        self._remove(identifiers)

    def is_quarantined(self, identifier: str) -> bool:
        """Whether a row of this identifier is left out."""
        return bool(self._quarantined) and identifier_key(identifier) in self._quarantined

    def is_refused(self, identifier: str, digest: str | None) -> bool:
        """Whether the engine has refused exactly this document."""
        refused = self._quarantined.get(identifier_key(identifier)) if self._quarantined else None
        return refused is not None and refused == digest

    def distrust(self, identifiers: Sequence[str]) -> None:
        """Put these in doubt: the next that is said of them is written, whatever the ledger has."""
        with self._context.state.write() as connection:
            self.lease.guard(connection)
            self._note_doubt(connection, identifiers)

    def doubts_are_resolved(self) -> None:
        """Everything that an earlier pass left in doubt is taken before the next flush."""
        self._doubts_are_mine = True

    def quarantined_count(self) -> int:
        """How many rows are left out of the generation, as far as it is noted."""
        with self._context.state.read() as connection:
            return self.quarantine.count(connection)

    def flush(self, **noted: Any) -> None:
        """Return once everything taken is confirmed and noted in the ledger, `noted` with it."""
        self._noted.update(noted)
        for reject in self._confirmed_refusals():
            self._pending[reject.identifier] = None
            self._rejects[reject.identifier] = reject
        written = {name: digest for name, digest in self._pending.items() if digest is not None}
        gone = [name for name, digest in self._pending.items() if digest is None]
        with self._context.state.write() as connection:
            self.lease.guard(connection)
            self.ledger.record(connection, written.items())
            self.ledger.forget(connection, gone)
            self.quarantine.release(connection, self._released)
            now = self._context.state.now(connection)
            self.quarantine.add(connection, list(self._rejects.values()), now)
            if gone:
                generations.note_deletes(connection, self.generation, now)
            if self._pending and not self._fresh:
                self._noted["documents"] = self.ledger.count(connection)
            if self._doubts_are_mine:
                self._noted["in_doubt"] = False
            if self._noted:
                generations.note(connection, self.generation, **self._noted)
        self._account(written, gone)

    def _account(self, written: dict[str, str], gone: list[str]) -> None:
        self.counts.written += len(written)
        self.counts.deleted += sum(name not in self._rejects for name in gone)
        self._progress.advance(len(written) + len(gone))
        for name, reject in self._rejects.items():
            self._quarantined[identifier_key(name)] = reject.digest
        self._pending, self._rejects, self._released, self._noted = {}, {}, set(), {}

    def _changed(self, documents: list[Document]) -> list[Document]:
        """Those which the generation does not have like this, and which the engine has not refused before."""
        known = self._digests([document.identifier for document in documents])
        changed = [document for document in documents if self._is_news(document, known)]
        self.counts.unchanged += len(documents) - len(changed)
        self._progress.advance(len(documents) - len(changed))
        return changed

    def _is_news(self, document: Document, known: dict[str, str | None]) -> bool:
        if self.is_refused(document.identifier, document.digest):
            return False
        return known.get(document.identifier) != document.digest

    def _digests(self, identifiers: Sequence[str]) -> dict[str, str | None]:
        """What the generation has once everything taken is confirmed."""
        with self._context.state.read() as connection:
            known: dict[str, str | None] = {**self.ledger.digests(connection, identifiers)}
        for identifier in identifiers if self._pending else ():
            if identifier in self._pending:
                known[identifier] = self._pending[identifier]
        return known

    def _write(self, documents: list[Document]) -> None:
        if not documents:
            return
        identifiers = [document.identifier for document in documents]
        self._release(identifiers)
        self._doubt(identifiers)
        self._open().write(documents)
        self._pending.update((document.identifier, document.digest) for document in documents)

    def _reject(self, reject: Reject) -> None:
        """A row that became no customer: what the generation has under its identifier is out of date."""
        self._remove([reject.identifier])
        self._rejects[reject.identifier] = reject

    def _remove(self, identifiers: Sequence[str]) -> None:
        if not identifiers:
            return
        known = self._digests(identifiers)
        held = [identifier for identifier in identifiers if known.get(identifier) is not None]
        if held:
            self._doubt(held)
            self._open().delete(held)
            self._pending.update(dict.fromkeys(held))

    def _release(self, identifiers: Sequence[str]) -> None:
        for identifier in identifiers if self._rejects else ():
            self._rejects.pop(identifier, None)
        for identifier in identifiers if self._quarantined else ():
            if self.is_quarantined(identifier):
                self._released.add(identifier)

    def _doubt(self, identifiers: Sequence[str]) -> None:
        """Before the engine is told: a crash in between must not leave the ledger sure of itself."""
        self.lease.check()
        if not self._fresh:
            with self._context.state.write() as connection:
                self.lease.guard(connection)
                self._note_doubt(connection, identifiers)

    def _note_doubt(self, connection: Connection, identifiers: Sequence[str]) -> None:
        self.ledger.doubt(connection, identifiers)
        generations.note(connection, self.generation, in_doubt=True)

    def _confirmed_refusals(self) -> list[Reject]:
        """Wait for the engine; what it refused is taken out, since an older version may be in there."""
        if not self._pending:
            return []
        self.lease.check()
        writer = self._open()
        refused = [
            Reject(refusal.identifier, refusal.reason, self._pending.get(refusal.identifier))
            for refusal in writer.flush().refused
        ]
        if refused:
            writer.delete([reject.identifier for reject in refused])
            writer.flush()
        self.lease.check()
        return refused

    def _open(self) -> GenerationWriter:
        if self._writer is None:
            self._writer = self._context.index.writer(self.generation)
        return self._writer
