"""The sync as the service asks for it."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta

from customers.errors import StateError
from index.interface import CustomerIndex
from service.ports import JobReport, SyncReport
from service.workers import AllBusyError, Workers
from sync.report import SyncState, report
from sync.state import State

# A report is asked for on every lookup; a newer one is made no more often than this.
FRESH_SECONDS = 1.0
# Nobody waits longer than this to hear how old the index is.
PATIENCE_SECONDS = 0.2
# A lookup waits only where the last report is older than this; whoever is told something older is told so.
LATE_SECONDS = 5.0
_SILENT = (
    "the state database, or the index engine, has not answered for 5 s: see that it runs and can be reached"
)


class Status:
    """service.ports.SyncStatus over the state database. Safe to share between threads: while one report is
    being made, the last one is given, and nobody waits for a database or an engine that does not answer."""

    def __init__(
        self,
        state: State,
        index: CustomerIndex,
        verify_interval: timedelta,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._state = state
        self._index = index
        self._verify_interval = verify_interval
        self._clock = clock
        self._maker = Workers(1, "status")
        self._made: tuple[float, SyncReport] | None = None

    def report(self, left_s: float | None = None) -> SyncReport:
        """See SyncStatus.report."""
        if self._age() >= FRESH_SECONDS:
            try:
                self._maker.run(self._make, self._patience(left_s))
            except (TimeoutError, AllBusyError):
                if self._age() >= LATE_SECONDS:
                    return replace(self._known(), problems=(_SILENT,))
        return self._known()

    def _patience(self, left_s: float | None) -> float:
        """Seconds to wait for a newer report: none for a lookup, unless nobody asked for a while, as in the
        night, and the last one would make its answer look old."""
        if left_s is None:
            return PATIENCE_SECONDS
        return 0.0 if self._age() < LATE_SECONDS else min(PATIENCE_SECONDS, left_s)

    def _age(self) -> float:
        return self._clock() - self._made[0] if self._made else math.inf

    def _known(self) -> SyncReport:
        return self._made[1] if self._made else SyncReport()

    def _make(self) -> None:
        self._made = (self._clock(), self._newest())

    def _newest(self) -> SyncReport:
        """What was known before stays known while the state database is away: the index ages in sight."""
        try:
            return as_sync_report(report(self._state, self._index, self._verify_interval))
        except StateError as error:
            return replace(self._known(), problems=(str(error),))


def as_sync_report(state: SyncState) -> SyncReport:
    """sync's words in service's: the two rooms do not know each other."""
    content = asdict(state)
    jobs = tuple(JobReport(**job) for job in content.pop("jobs"))
    return SyncReport(**content, jobs=jobs)
