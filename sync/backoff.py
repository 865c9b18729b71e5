"""How long to leave a server alone after a failure."""

import random

FIRST_PAUSE = 1.0  # seconds
LONGEST_PAUSE = 60.0  # seconds


class Backoff:
    """Twice as long after each failure, up to LONGEST_PAUSE. Up to half of it is left to chance, so that many
    that lost one server do not all come back to it at the same moment."""

    def __init__(self) -> None:
        self._failures = 0

    def failed(self) -> float:
        """How many seconds to wait now."""
        longest = min(FIRST_PAUSE * 2.0**self._failures, LONGEST_PAUSE)
        if longest < LONGEST_PAUSE:
            self._failures += 1
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret

    def succeeded(self) -> None:
        """Begin anew at the next failure."""
        self._failures = 0
