"""A cron expression means what cron means by it, whatever zone the machine is in."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.base import BaseTrigger

from sync.cron import cron_trigger

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def copenhagen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that does not live in UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Copenhagen")
        time.tzset()
        yield
    time.tzset()


def times(trigger: BaseTrigger, count: int) -> list[str]:
    found: list[str] = []
    now, previous = TUESDAY, None
    for _ in range(count):
        previous = trigger.get_next_fire_time(previous, now)
        assert previous is not None
        found.append(f"{previous.astimezone(UTC):%a %d %H:%M}")
        now = previous + timedelta(seconds=1)
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 3 * * 0", ["Sun 29 03:00", "Sun 06 03:00"]),
        ("0 3 * * 7", ["Sun 29 03:00", "Sun 06 03:00"]),
        ("0 3 * * SUN", ["Sun 29 03:00", "Sun 06 03:00"]),
        ("30 2 * * *", ["Wed 25 02:30", "Thu 26 02:30"]),
        ("0 3 * * 1-5", ["Wed 25 03:00", "Thu 26 03:00", "Fri 27 03:00", "Mon 30 03:00"]),
        ("0 3 * * sat-sun", ["Sat 28 03:00", "Sun 29 03:00", "Sat 05 03:00"]),
        ("0 3 * * 6-7,wed", ["Wed 25 03:00", "Sat 28 03:00", "Sun 29 03:00"]),
        ("0 3 * * */3", ["Wed 25 03:00", "Sat 28 03:00", "Sun 29 03:00"]),
        ("0 3 26 * 0", ["Thu 26 03:00", "Sun 29 03:00"]),
        ("*/20 * * * *", ["Tue 24 12:00", "Tue 24 12:20"]),
    ],
)
def test_what_cron_means(expression: str, expected: list[str]) -> None:
    assert times(cron_trigger(expression), len(expected)) == expected


@pytest.mark.parametrize(
    "expression",
    ["daily", "0 3 * *", "0 3 * * 8", "0 3 * * 5-3", "0 3 * * */0", "61 3 * * 0", "0 3 * * day", ""],
)
def test_what_is_none(expression: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the configuration says it in our own words
        cron_trigger(expression)
