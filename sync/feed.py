"""Brings customers into one generation: only what changed is written, and noted only once it is confirmed."""

from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from customers.customer import Customer
from customers.document import Document, to_documents
from index.interface import GenerationWriter, Refusal
from sync import generations
from sync.context import SyncContext
from sync.doubts import Doubts
from sync.lease import Lease
from sync.leaving import Leaving
from sync.ledger import Ledger
from sync.left_out import LeftOut
from sync.mapping import Deleted
from sync.pages import Entry
from sync.portion import Portion
from sync.progress import Progress
from sync.quarantine import Quarantine, Reject, rejects
from sync.runs import Counts

# Documents that wait for one confirmation: enough that confirming is not what takes the time, few enough that
# a crash repeats little and that their entries fit into memory many times over.
BATCH = 20_000
# So many times that may wait for their confirmation while more is taken: an engine that works by itself, a
# server, must not stand still while we read.
UNDER_WAY = 2


class Feed:
    """One generation's only way in; used in a `with` block, by one thread that holds `lease`.

    `fresh`: the generation is being built, so nothing in it can be unchanged or in need of deletion.
    From one that answers, or has answered, nobody leaves before the last word is said, by `flush`: then they
    are counted together, whatever made them leave.
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
        self.doubts = Doubts(context, lease, self.ledger, known)
        self.leaving = Leaving((known.documents or 0) if known else 0)
        self._is_guarded = known is not None and known.status in (generations.LIVE, generations.PREVIOUS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leaving.close()
        if self._writer is not None:
            self._writer.__exit__(kind, error, trace)

    def take(self, entries: Iterable[Entry], **noted: Any) -> list[str]:
        """Bring what the source says into the generation; returns the identifiers of the customers that are
        news. `noted` is what to note once these entries, and all before them, are confirmed."""
        self._progress.advance(0)  # whoever watches may break us off here
        customers: list[Customer] = []
        gone: list[str] = []
        faults: dict[str, str] = {}
        for entry in entries:
            if isinstance(entry, Customer):
                customers.append(entry)
            elif isinstance(entry, Deleted):
                gone.append(entry.identifier)
            elif entry.identifier is not None:
                faults[entry.identifier] = entry.reason
        self._reject(faults)
        self.counts.read += len(customers)
        self.leaving.stay(customer.identifier for customer in customers)
        documents = to_documents(customers, self._context.search)
        news = documents if self._fresh else self._changed(documents)
        self._write(news)
        self.delete(gone)
        self._current.noted.update(noted)
        if len(self._current) >= BATCH:
            self.confirm(UNDER_WAY)
        return [document.identifier for document in news]

    def delete(self, identifiers: Sequence[str]) -> None:
        """Take these out of the generation, and out of quarantine, where they are there."""
        self.left_out.release(self._current, identifiers)
        self._leave(dict.fromkeys(identifiers))

    def quarantined_count(self) -> int:
        """How many rows are left out of the generation, as far as it is noted."""
        with self._context.state.read() as connection:
            return self.quarantine.count(connection)

    def flush(self, **noted: Any) -> None:
        """The last word: return once all that was taken is confirmed and noted in the ledger, whoever is to
        leave has left, and `noted` is noted. Raises SourceError where far too many are to; then none does."""
        if self.leaving:
            self.confirm()
            with self._context.state.read() as connection:
                self.leaving.guard(self.ledger.count(connection))
        for part in self.leaving.parts(BATCH):
            self._progress.advance(0)
            for reject in rejects(part):
                self.left_out.add(self._current, reject)
            self._remove(list(part))
            self.confirm(UNDER_WAY)
        self.confirm(**noted)

    def confirm(self, under_way: int = 0, /, **noted: Any) -> None:
        """Return once all that was taken, but for the last portions, so many, is confirmed and noted in the
        ledger, `noted` with it; who is to leave is still there."""
        self._current.noted.update(noted)
        self._under_way.append(self._current)
        self._current = Portion()
        decided = len(self._under_way) - self._left_under_way(under_way)
        confirmed, self._under_way = self._under_way[:decided], self._under_way[decided:]
        if confirmed:
            self._note(confirmed)
        for portion in confirmed:
            portion.count(self.counts)
            self._progress.advance(len(portion.pending))

    def _note(self, confirmed: Sequence[Portion]) -> None:
        noted: dict[str, Any] = {}
        # Whoever is to leave may be in doubt, and stays so until then.
        settled = {} if self._under_way or self.leaving else self.doubts.settled()
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
            noted |= settled
            if noted:
                generations.note(connection, self.generation, **noted)

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

    def _reject(self, reasons: Mapping[str, str]) -> None:
        """Rows that became no customers: what the generation has under their identifiers is out of date."""
        held_back = self._leave(reasons)
        for reject in rejects(reasons):
            leave_out = self.left_out.notice if reject.identifier in held_back else self.left_out.add
            leave_out(self._current, reject)

    def _leave(self, reasons: Mapping[str, str | None]) -> set[str]:
        """Take these out of the generation. Returns those who leave with the last word."""
        if not reasons:
            return set()
        known = self._digests(list(reasons))
        held = [identifier for identifier in reasons if known.get(identifier) is not None]
        if self._is_guarded:
            self.leaving.add({identifier: reasons[identifier] for identifier in held})
            return set(held)
        self._remove(held)
        return set()

    def _remove(self, held: Sequence[str]) -> None:
        if held:
            self._doubt(held)
            self._open().delete(held)
            self._current.pending.update(dict.fromkeys(held))

    def _doubt(self, identifiers: Sequence[str]) -> None:
        """Before the engine is told: a crash in between must not leave the ledger sure of itself."""
        self.lease.check()
        if self._fresh:
            self.doubts.stamp_is_old()
        else:
            self.doubts.add(identifiers)

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
