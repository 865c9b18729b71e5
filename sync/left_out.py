"""The rows that are left out of a generation, as of all that was taken for it, confirmed or not."""

from collections.abc import Sequence

from customers.document import identifier_key
from sync.portion import Portion
from sync.quarantine import Reject


class LeftOut:
    """`known` is the quarantine as it is noted: identifier_key -> digest of what the engine refused."""

    def __init__(self, known: dict[str, str | None]) -> None:
        self._digests = known

    def has(self, identifier: str) -> bool:
        """Whether a row of this identifier is left out, or was since this began."""
        return bool(self._digests) and identifier_key(identifier) in self._digests

    def has_refused(self, identifier: str, digest: str | None) -> bool:
        """Whether the engine has refused exactly this document."""
        refused = self._digests.get(identifier_key(identifier)) if self._digests else None
        return refused is not None and refused == digest

    def add(self, portion: Portion, reject: Reject) -> None:
        """Leave a row out with `portion`."""
        self.notice(portion, reject)
        portion.rejects[reject.identifier] = reject

    def notice(self, portion: Portion, reject: Reject) -> None:
        """A row is to be left out, with a later portion."""
        if not self.has(reject.identifier):
            portion.noted["surplus"] = None  # it may be one of two rows, so how many there are is open again
        self._digests[identifier_key(reject.identifier)] = reject.digest

    def release(self, portion: Portion, identifiers: Sequence[str]) -> None:
        """Leave these out no longer, with `portion`."""
        for identifier in identifiers if self._digests else ():
            if self.has(identifier):
                portion.rejects.pop(identifier, None)
                portion.released.add(identifier)
