"""How quick something is, on a machine that may stop it at any time for other work."""

import time
from collections.abc import Callable


def quickest(ask: Callable[[], object], within: float, tries: int = 10) -> float:
    """Seconds of the first try that took less than `within`, or of the best one: other work makes a try
    slower, and none quicker than it can be."""
    took: list[float] = []
    while len(took) < tries and (not took or took[-1] >= within):
        started = time.monotonic()
        ask()
        took.append(time.monotonic() - started)
    return min(took)
