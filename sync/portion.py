"""A portion: what was taken for a generation between two confirmations, until it is noted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from sync.ledger import Ledger
from sync.quarantine import Quarantine, Reject
from sync.runs import Counts


@dataclass(slots=True)
class Portion:
    """`pending` is the digest of what was written for each identifier, None: deleted. `rejects` are rows to
    leave out, `released` identifiers that are no longer left out. `noted` is what to note about the
    generation once this portion, and all before it, are confirmed."""

    pending: dict[str, str | None] = field(default_factory=dict)
    rejects: dict[str, Reject] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)
    noted: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.pending) + len(self.rejects)

    def count(self, counts: Counts) -> None:
        """Count what was confirmed with this."""
        deleted = [name for name, digest in self.pending.items() if digest is None]
        counts.written += len(self.pending) - len(deleted)
        counts.deleted += sum(name not in self.rejects for name in deleted)

    def note(
        self,
        connection: Connection,
        ledger: Ledger,
        quarantine: Quarantine,
        now: float,
        later: Sequence["Portion"],
    ) -> bool:
        """Note that this is confirmed. Returns whether anything is gone. What a later portion has changed
        again is no longer so, and stays in doubt until that one is confirmed."""
        changed = {name for portion in later for name in self.pending.keys() & portion.pending.keys()}
        settled = {name: digest for name, digest in self.pending.items() if name not in changed}
        gone = [name for name, digest in settled.items() if digest is None]
        ledger.record(connection, ((name, digest) for name, digest in settled.items() if digest is not None))
        ledger.forget(connection, gone)
        quarantine.release(connection, self.released)
        quarantine.add(connection, list(self.rejects.values()), now)
        return bool(gone)
