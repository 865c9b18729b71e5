"""How often a caller may ask, and which callers are remembered."""

import pytest

from service import throttle
from service.throttle import Throttle


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_and_then_so_many_a_second() -> None:
    clock = Clock()
    asked = Throttle(0.5, burst=2, clock=clock)
    assert [asked.take("till") for _ in range(3)] == [0, 0, 2]
    clock.now += 1
    assert asked.take("till") == 1
    clock.now += 1
    assert [asked.take("till") for _ in range(2)] == [0, 2]
    clock.now += 1000
    assert [asked.take("till") for _ in range(3)] == [0, 0, 2]


def test_the_caller_unseen_for_longest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_CALLERS", 2)
    asked = Throttle(1, burst=1, clock=Clock())
    assert [asked.take(caller) for caller in ("anna", "bente", "anna")] == [0, 0, 1]
    assert asked.take("carl") == 0, "bente is forgotten for carl"
    assert [asked.take(caller) for caller in ("carl", "anna")] == [1, 1]
    assert asked.take("bente") == 0
