"""A clock that nobody sets, for how long something has taken."""

import time

# Counts what the machine is suspended for, where time.monotonic stands still. Linux alone has it.
_BOOT_TIME = getattr(time, "CLOCK_BOOTTIME", None)


def steady() -> float:
    """Seconds since some moment that stays the same while this process lives."""
    return time.monotonic() if _BOOT_TIME is None else time.clock_gettime(_BOOT_TIME)
