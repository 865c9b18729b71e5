"""How a long job says how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Counts rows that are confirmed, not rows that were sent."""

    def start(self, label: str, total: int | None) -> None:
        """A new phase begins; `total` is None where nobody can tell."""

    def advance(self, count: int) -> None:
        """`count` more rows are done."""

    def finish(self) -> None:
        """The phase is over."""


class Silent:
    """Nobody is watching."""

    def start(self, label: str, total: int | None) -> None:
        """Say nothing."""

    def advance(self, count: int) -> None:
        """Say nothing."""

    def finish(self) -> None:
        """Say nothing."""
