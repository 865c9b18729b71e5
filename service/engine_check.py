"""EngineCheck: whether the index engine answers, asked no more than once a second."""

import threading
import time
from collections.abc import Callable

from customers.errors import CustomerLookupError, KeysVersionMismatch
from service.workers import AllBusyError, Workers

# Seconds: health is asked often, and whoever asks has little patience. A result is good for so long,
GOOD_FOR_S = 1.0
# and for so long to those who ask while somebody else waits for a newer one.
GOOD_MEANWHILE_S = 5.0
# Longer than this nobody waits for one.
PATIENCE_S = 0.7
_SILENT = f"the index engine did not answer within {PATIENCE_S:g} s: is its server overloaded?"


class EngineCheck:
    """What is wrong with the engine, if anything. Safe to share between threads; an engine that hangs keeps
    one of them waiting, and not for long."""

    def __init__(self, check: Callable[[], None], workers: Workers) -> None:
        self._check = check
        self._workers = workers
        self._asking = threading.Lock()
        self._problem: str | None = None
        self.outdated: str | None = None
        """That the index has other search keys than ours, where it has: it answers, as well as it can."""
        self._checked_at = float("-inf")

    def problem(self) -> str | None:
        """One sentence, or None while the engine answers."""
        patience = 0.0 if self._is_known_for(GOOD_MEANWHILE_S) else PATIENCE_S
        if not self._is_known_for(GOOD_FOR_S) and self._asking.acquire(timeout=patience):
            try:
                self._ask()
            finally:
                self._asking.release()
        return self._problem if self._is_known_for(GOOD_MEANWHILE_S) else _SILENT

    def _is_known_for(self, seconds: float) -> bool:
        return time.monotonic() - self._checked_at < seconds

    def _ask(self) -> None:
        try:
            if not self._is_known_for(GOOD_FOR_S):
                self._workers.run(self._look, PATIENCE_S)
        except (TimeoutError, AllBusyError):
            self._note(_SILENT)

    def _look(self) -> None:
        """In a worker. It may come too late for who asked; then the next one is told."""
        try:
            self._check()
        except KeysVersionMismatch as error:
            self._note(None, outdated=str(error))
        except CustomerLookupError as error:
            self._note(str(error))
        else:
            self._note(None)

    def _note(self, problem: str | None, outdated: str | None = None) -> None:
        self._problem, self.outdated, self._checked_at = problem, outdated, time.monotonic()
