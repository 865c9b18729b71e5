"""What of a generation is in doubt, and whether the engine's stamp of it may be noted."""

from collections.abc import Sequence
from typing import Any

from sync import generations
from sync.context import SyncContext
from sync.lease import Lease
from sync.ledger import Ledger
from sync.trust import DISTRUSTED, stamp_of


class Doubts:
    """Of one generation, for whoever writes to it and holds `lease`. `known` is how it was found."""

    def __init__(
        self, context: SyncContext, lease: Lease, ledger: Ledger, known: generations.Known | None
    ) -> None:
        self._context = context
        self._lease = lease
        self._ledger = ledger
        self._are_mine = known is None or not known.in_doubt
        self._is_stamped = known is not None and known.stamp is not None and not known.in_doubt
        self._may_be_stamped = known is None or known.stamp != DISTRUSTED

    def add(self, identifiers: Sequence[str]) -> None:
        """Put these in doubt: the next that is said of them is written, whatever the ledger had."""
        self.stamp_is_old()
        with self._context.state.write() as connection:
            self._lease.guard(connection)
            self._ledger.doubt(connection, identifiers)
            generations.note(connection, self._ledger.generation, in_doubt=True)

    def stamp_is_old(self) -> None:
        """The engine is about to change the generation."""
        self._is_stamped = False

    def disown(self) -> None:
        """Have the generation answered by a reindex whatever is written to it until then: our own writes make
        up for what differs, and not for what else somebody did."""
        self._may_be_stamped = False
        with self._context.state.write() as connection:
            self._lease.guard(connection)
            generations.note(connection, self._ledger.generation, stamp=DISTRUSTED)

    def are_resolved(self) -> None:
        """Everything that an earlier pass left in doubt is taken before the next confirmation."""
        self._are_mine = True

    def settled(self) -> dict[str, Any]:
        """What to note about the generation now that nothing is under way to it."""
        if not self._are_mine:
            return {}
        noted: dict[str, Any] = {"in_doubt": False}
        if self._may_be_stamped and not self._is_stamped:
            noted["stamp"] = stamp_of(self._context, self._ledger.generation)
            self._is_stamped = True
        return noted
