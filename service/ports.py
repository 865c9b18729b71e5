"""What the service asks of the rest of the project: handed in by `customer_lookup`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from customers.customer import Balance, Customer
from customers.hit import Hit
from customers.term import Term


class LookupIndex(Protocol):
    """What a lookup asks of a CustomerIndex, or of what stands before one."""

    def search(self, term: Term, limit: int) -> list[Hit]:
        """See CustomerIndex.search."""

    def get(self, identifier: str) -> Customer | None:
        """See CustomerIndex.get."""

    def check(self) -> None:
        """See CustomerIndex.check."""


@dataclass(frozen=True, slots=True)
class JobReport:
    """How one job of the scheduler (`sync`, `verify`, `reindex`) has fared. Times are aware, UTC.
    `last_error` is one line without personal data, and so is `note`, on what the last run put right."""

    job: str
    last_success_at: datetime | None = None
    last_error_at: datetime | None = None
    last_error: str | None = None
    running_since: datetime | None = None
    runs: int = 0
    failures: int = 0
    note: str | None = None

    @property
    def last_failed(self) -> bool:
        """Whether the last run that ended was a failure."""
        if self.last_error_at is None:
            return False
        return self.last_success_at is None or self.last_success_at < self.last_error_at


@dataclass(frozen=True, slots=True)
class SyncReport:
    """The sync as the service shows it. `synced_at` is when the index last caught up with the source: all
    that the source had committed by then is findable. `documents` counts the live generation, `quarantined`
    the rows left out of it. `problems` are sentences for a person: what is wrong and what to do."""

    synced_at: datetime | None = None
    generation: str | None = None
    documents: int | None = None
    quarantined: int = 0
    jobs: tuple[JobReport, ...] = ()
    problems: tuple[str, ...] = ()


class SyncStatus(Protocol):
    """Where the service learns how old the index is. Called on every lookup, so it must be cheap."""

    def report(self, left_s: float | None = None) -> SyncReport:
        """The newest report; never raises: a state database that cannot be read is one of its `problems`. A
        lookup, which has `left_s` seconds left, may be given one that is some seconds old, and at once."""


class LiveBalances(Protocol):
    """The source's own balances, read while the till waits."""

    def balances(
        self, identifiers: Sequence[str], currency: str, timeout: float
    ) -> Mapping[str, Balance | None]:
        """The accounts in `currency` of these customers, in at most `timeout` seconds; None for one that
        cannot be read; a customer without one is not in the answer. Raises SourceError."""
