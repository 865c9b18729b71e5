"""Cron expressions as `man 5 crontab` has them, in UTC. APScheduler's own reading takes the machine's zone,
counts weekdays from Monday, and wants both the day and the weekday where cron wants either."""

from datetime import UTC

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

# By cron's numbers: Sunday is the first and the last.
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = "0-6"


def cron_trigger(expression: str) -> BaseTrigger:
    """When to run, by five fields: minute, hour, day, month, weekday. Raises ValueError."""
    minute, hour, day, month, weekday = expression.split()
    weekdays = ",".join(name for part in weekday.split(",") for name in _names(part))

    def trigger(day: str, weekdays: str) -> CronTrigger:
        return CronTrigger(minute=minute, hour=hour, day=day, month=month, day_of_week=weekdays, timezone=UTC)

    if day.startswith("*") or weekday.startswith("*"):
        return trigger(day, weekdays)
    return OrTrigger([trigger(day, "*"), trigger("*", weekdays)])


def _names(part: str) -> tuple[str, ...]:
    """The weekdays of `5`, `mon-fri`, `*` or `1-5/2`."""
    days, _, step = part.partition("/")
    first, is_range, last = (EVERY_DAY if days == "*" else days).partition("-")
    start = _number(first)
    end = _number(last) if is_range else start
    if is_range and end == 0:
        end = len(WEEKDAYS) - 1  # up to Sunday
    found = WEEKDAYS[start : end + 1 : int(step or 1)]
    if not found:
        raise ValueError(f"{part}: ends before it begins")
    return found


def _number(day: str) -> int:
    number = WEEKDAYS.index(day.lower()) if day.isalpha() else int(day)
    if not 0 <= number < len(WEEKDAYS):
        raise ValueError(f"{day}: not a weekday")
    return number
