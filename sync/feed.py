"""Brings customers into one generation: only what changed is written, and noted only once it is confirmed."""

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection

from customers.customer import Customer
from customers.document import Document, to_documents
from index.interface import GenerationWriter, Refusal
from sync import generations
from sync.context import SyncContext
from sync.lease import Lease
from sync.ledger import Ledger
from sync.left_out import LeftOut
from sync.mapping import Deleted
from sync.pages import Entry
from sync.portion import Portion
from sync.progress import Progress
from sync.quarantine import Quarantine, Reject
from sync.runs import Counts
from sync.trust import DISTRUSTED, stamp_of

# Documents that wait for one confirmation: enough that confirming is not what takes the time, few enough that
# a crash repeats little and that their entries fit into memory many times over.
BATCH = 20_000
# So many times that may wait for their confirmation while more is taken: an engine that works by itself, a
# server, must not stand still while we read.
UNDER_WAY = 2


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
        self._current = Portion()
        self._under_way: list[Portion] = []  # oldest first
        with context.state.read() as connection:
            self.left_out = LeftOut(self.quarantine.known(connection))
            known = generations.find(connection, generation)
        self._doubts_are_mine = known is None or not known.in_doubt
        self._is_stamped = known is not None and known.stamp is not None and not known.in_doubt
        self._may_be_stamped = known is None or known.stamp != DISTRUSTED

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.__exit__(kind, error, trace)

    def take(self, entries: Iterable[Entry], **noted: Any) -> list[str]:
        """Bring what the source says into the generation; returns the identifiers of the customers that are
        news. `noted` is what to note once these entries, and all before them, are confirmed."""
        self._progress.advance(0)  # whoever watches may break us off here
        customers: list[Customer] = []
        gone: list[str] = []
        for entry in entries:
            if isinstance(entry, Customer):
                customers.append(entry)
            elif isinstance(entry, Deleted):
                gone.append(entry.identifier)
            elif entry.identifier is not None:
                self._reject(Reject(entry.identifier, entry.reason))
        self.counts.read += len(customers)
        documents = to_documents(customers, self._context.search)
        news = documents if self._fresh else self._changed(documents)
        self._write(news)
        self.delete(gone)
        self._current.noted.update(noted)
        if len(self._current) >= BATCH:
            self.flush(UNDER_WAY)
        return [document.identifier for document in news]

    def delete(self, identifiers: Sequence[str]) -> None:
        """Take these out of the generation, and out of quarantine, where they are there."""
        self.left_out.release(self._current, identifiers)
        self._remove(identifiers)

    def distrust(self, identifiers: Sequence[str]) -> None:
        """Put these in doubt: the next that is said of them is written, whatever the ledger has."""
        self._is_stamped = False
        with self._context.state.write() as connection:
            self.lease.guard(connection)
            self._note_doubt(connection, identifiers)

    def disown(self) -> None:
        """Have the generation answered by a reindex whatever is written to it until then: our own writes make
        up for what differs, and not for what else somebody did."""
        self._may_be_stamped = False
        with self._context.state.write() as connection:
            self.lease.guard(connection)
            generations.note(connection, self.generation, stamp=DISTRUSTED)

    def doubts_are_resolved(self) -> None:
        """Everything that an earlier pass left in doubt is taken before the next flush."""
        self._doubts_are_mine = True

    def quarantined_count(self) -> int:
        """How many rows are left out of the generation, as far as it is noted."""
        with self._context.state.read() as connection:
            return self.quarantine.count(connection)

    def flush(self, under_way: int = 0, /, **noted: Any) -> None:
        """Return once all that was taken, but for the last portions, so many, is confirmed and noted in the
        ledger, `noted` with it."""
        self._current.noted.update(noted)
        self._under_way.append(self._current)
        self._current = Portion()
        decided = len(self._under_way) - self._left_under_way(under_way)
        confirmed, self._under_way = self._under_way[:decided], self._under_way[decided:]
        if confirmed:
            self._note(confirmed)
        for portion in confirmed:
            self._account(portion)

    def _note(self, confirmed: Sequence[Portion]) -> None:
        noted: dict[str, Any] = {}
        settles = self._doubts_are_mine and not self._under_way
        if settles and self._may_be_stamped and not self._is_stamped:
            noted["stamp"] = stamp_of(self._context, self.generation)
            self._is_stamped = True
        with self._context.state.write() as connection:
            self.lease.guard(connection)
            now = self._context.state.now(connection)
            for place, portion in enumerate(confirmed, 1):
                later = [*confirmed[place:], *self._under_way]
                if portion.note(connection, self.ledger, self.quarantine, now, later):
                    generations.note_deletes(connection, self.generation, now)
                noted |= portion.noted
            if any(portion.pending for portion in confirmed) and not self._fresh:
                noted["documents"] = self.ledger.count(connection)
            if settles:
                noted["in_doubt"] = False
            if noted:
                generations.note(connection, self.generation, **noted)

    def _account(self, portion: Portion) -> None:
        deleted = portion.deleted()
        self.counts.written += len(portion.pending) - len(deleted)
        self.counts.deleted += sum(name not in portion.rejects for name in deleted)
        self._progress.advance(len(portion.pending))

    def _changed(self, documents: list[Document]) -> list[Document]:
        """Those which the generation does not have like this, and which the engine has not refused before."""
        known = self._digests([document.identifier for document in documents])
        changed = [document for document in documents if self._is_news(document, known)]
        self.counts.unchanged += len(documents) - len(changed)
        self._progress.advance(len(documents) - len(changed))
        return changed

    def _is_news(self, document: Document, known: dict[str, str | None]) -> bool:
        if self.left_out.has_refused(document.identifier, document.digest):
            return False
        return known.get(document.identifier) != document.digest

    def _digests(self, identifiers: Sequence[str]) -> dict[str, str | None]:
        """What the generation has once everything taken is confirmed."""
        with self._context.state.read() as connection:
            known: dict[str, str | None] = {**self.ledger.digests(connection, identifiers)}
        for portion in self._unconfirmed():
            known |= {name: portion.pending[name] for name in identifiers if name in portion.pending}
        return known

    def _unconfirmed(self) -> list[Portion]:
        return [each for each in (*self._under_way, self._current) if each.pending]

    def _write(self, documents: list[Document]) -> None:
        if not documents:
            return
        identifiers = [document.identifier for document in documents]
        self.left_out.release(self._current, identifiers)
        self._doubt(identifiers)
        self._open().write(documents)
        self._current.pending.update((document.identifier, document.digest) for document in documents)

    def _reject(self, reject: Reject) -> None:
        """A row that became no customer: what the generation has under its identifier is out of date."""
        self._remove([reject.identifier])
        self.left_out.add(self._current, reject)

    def _remove(self, identifiers: Sequence[str]) -> None:
        if not identifiers:
            return
        known = self._digests(identifiers)
        held = [identifier for identifier in identifiers if known.get(identifier) is not None]
        if held:
            self._doubt(held)
            self._open().delete(held)
            self._current.pending.update(dict.fromkeys(held))

    def _doubt(self, identifiers: Sequence[str]) -> None:
        """Before the engine is told: a crash in between must not leave the ledger sure of itself."""
        self.lease.check()
        self._is_stamped = False
        if not self._fresh:
            with self._context.state.write() as connection:
                self.lease.guard(connection)
                self._note_doubt(connection, identifiers)

    def _note_doubt(self, connection: Connection, identifiers: Sequence[str]) -> None:
        self.ledger.doubt(connection, identifiers)
        generations.note(connection, self.generation, in_doubt=True)

    def _left_under_way(self, under_way: int) -> int:
        """Wait for the engine; returns how many portions it has not decided, at most `under_way`. What it
        refused is taken out, since an older version may be in there."""
        if not self._unconfirmed():
            return 0
        self.lease.check()
        writer = self._open()
        receipt = writer.flush(under_way)
        while receipt.refused:
            for refusal in receipt.refused:
                self._refuse(refusal)
            writer.delete([refusal.identifier for refusal in receipt.refused])
            receipt = writer.flush()
        self.lease.check()
        return receipt.under_way

    def _refuse(self, refusal: Refusal) -> None:
        """Leave out what the engine refused: the newest that was written of it."""
        name = refusal.identifier
        portion = next(portion for portion in reversed(self._under_way) if name in portion.pending)
        self.left_out.add(portion, Reject(name, refusal.reason, portion.pending[name]))
        portion.pending[name] = None

    def _open(self) -> GenerationWriter:
        if self._writer is None:
            self._writer = self._context.index.writer(self.generation)
        return self._writer
