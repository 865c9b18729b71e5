"""EngineCheck: whether the index engine answers, asked no more than once a second."""

import threading
import time
from collections.abc import Callable

from customers.errors import CustomerLookupError
from service.workers import AllBusyError, Workers

# A check may take this long (seconds), and is good for that long: health is asked often.
CHECK_TIMEOUT_S = 2.0
CHECK_GOOD_FOR_S = 1.0


class EngineCheck:
    """What is wrong with the engine, if anything. Safe to share between threads."""

    def __init__(self, check: Callable[[], None], workers: Workers) -> None:
        self._check = check
        self._workers = workers
        self._lock = threading.Lock()
        self._problem: str | None = None
        self._checked_at = float("-inf")

    def problem(self) -> str | None:
        """One sentence, or None while the engine answers."""
        with self._lock:
            if time.monotonic() - self._checked_at > CHECK_GOOD_FOR_S:
                self._problem = self._ask()
                self._checked_at = time.monotonic()
            return self._problem

    def _ask(self) -> str | None:
        try:
            self._workers.run(self._check, CHECK_TIMEOUT_S)
        except CustomerLookupError as error:
            return str(error)
        except (TimeoutError, AllBusyError):
            return f"the index engine did not answer within {CHECK_TIMEOUT_S:g} s: is its server overloaded?"
        return None
