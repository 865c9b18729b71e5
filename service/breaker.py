"""Breaker: after some failures, stop asking for a while."""

import threading
import time
from collections.abc import Callable


class Breaker:
    """Closed: ask. Open (after `failures` in a row): do not ask, but every `rest_s` seconds one probe may,
    while nobody waits for it; a success closes the breaker. Safe to share between threads."""

    def __init__(
        self, failures: int = 3, rest_s: float = 5.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._allowed = failures
        self._rest_s = rest_s
        self._clock = clock
        self._failed = 0
        self._probe_at = 0.0
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether nobody should wait for the dependency now."""
        return self._failed >= self._allowed

    def may_probe(self) -> bool:
        """Whether it is time for the one probe; it is then yours."""
        with self._lock:
            if not self.is_open or self._clock() < self._probe_at:
                return False
            self._probe_at = self._clock() + self._rest_s
            return True

    def succeeded(self) -> None:
        """The dependency answered in time."""
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        """The dependency refused, or did not answer in time."""
        with self._lock:
            self._failed += 1
            self._probe_at = self._clock() + self._rest_s
