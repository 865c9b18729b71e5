"""The sync as the service asks for it."""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, replace

from customers.errors import StateError
from index.interface import CustomerIndex
from service.ports import JobReport, SyncReport
from sync.report import SyncState, report
from sync.state import State

# A report is asked for on every lookup; how old the index is may be known this late.
FRESH_SECONDS = 1.0


class Status:
    """service.ports.SyncStatus over the state database. Safe to share between threads: while one of them
    makes a new report, the others get the last one."""

    def __init__(
        self, state: State, index: CustomerIndex, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._state = state
        self._index = index
        self._clock = clock
        self._making = threading.Lock()
        self._made: tuple[float, SyncReport] | None = None

    def report(self) -> SyncReport:
        """See SyncStatus.report."""
        made = self._made
        if made is not None and (self._is_fresh(made) or self._making.locked()):
            return made[1]
        with self._making:
            made = self._made
            if made is None or not self._is_fresh(made):
                made = self._made = (self._clock(), self._newest())
            return made[1]

    def _is_fresh(self, made: tuple[float, SyncReport]) -> bool:
        return self._clock() - made[0] < FRESH_SECONDS

    def _newest(self) -> SyncReport:
        """What was known before stays known while the state database is away: the index ages in sight."""
        try:
            return as_sync_report(report(self._state, self._index))
        except StateError as error:
            known = self._made[1] if self._made else SyncReport()
            return replace(known, problems=(str(error),))


def as_sync_report(state: SyncState) -> SyncReport:
    """sync's words in service's: the two rooms do not know each other."""
    content = asdict(state)
    jobs = tuple(JobReport(**job) for job in content.pop("jobs"))
    return SyncReport(**content, jobs=jobs)
