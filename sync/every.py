"""When a job that comes again and again is next."""

from datetime import datetime, timedelta

from apscheduler.triggers.base import BaseTrigger


class Every(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """So long after the moment at which it was due. APScheduler's own trigger counts each time that went by
    meanwhile, which takes hours where the machine's clock was years behind and is put right."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """As BaseTrigger has it; None of what went by is made up for."""
        if previous_fire_time is None or previous_fire_time + self._interval <= now:
            return now + self._interval
        return previous_fire_time + self._interval
