"""The threads that answer, and the requests that wait for one."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from service.line import PATIENCE_S, Line


class Asked:
    """A connection with a request that `work` answers."""

    def __init__(self, work: Callable[[], object] = lambda: None) -> None:
        self.received_at = 0.0
        self.request = SimpleNamespace(error=None)
        self.requests = [self.request]
        self.answered = threading.Event()
        self.thread = ""
        self.is_cancelled = False
        self._work = work

    @property
    def is_refused(self) -> bool:
        return self.request.error is not None

    def service(self) -> None:
        self.thread = threading.current_thread().name
        if not self.is_refused:
            self._work()
        self.answered.set()

    def cancel(self) -> None:
        self.is_cancelled = True


@contextmanager
def line(threads: int, most: int) -> Iterator[Line]:
    """A line whose threads rest, and are told to hurry as the server does."""
    made = Line(threads, most)
    time.sleep(0.05)
    over = threading.Event()

    def hurry() -> None:
        while not over.wait(PATIENCE_S):
            made.hurry()

    loop = threading.Thread(target=hurry)
    loop.start()
    try:
        yield made
    finally:
        over.set()
        loop.join()
        made.shutdown()


def test_what_is_quick_is_answered_by_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """All together take longer than patience lasts, and none of them does, not even on a busy machine."""
    monkeypatch.setattr("service.line.PATIENCE_S", 0.5)
    at_once: list[int] = []
    busy = 0

    def work() -> None:
        nonlocal busy
        busy += 1
        at_once.append(busy)
        time.sleep(0.002)
        busy -= 1

    with line(threads=8, most=500) as answering:
        many = [Asked(work) for _ in range(500)]
        for each in many:
            answering.add_task(each)
        assert all(each.answered.wait(60) for each in many)
    assert set(at_once) == {1}


def test_those_that_wait_for_somebody_else_do_so_side_by_side() -> None:
    at_once: list[int] = []
    inside: set[str] = set()

    def work() -> None:
        inside.add(threading.current_thread().name)
        at_once.append(len(inside))
        time.sleep(5 * PATIENCE_S)
        inside.remove(threading.current_thread().name)

    with line(threads=8, most=500) as answering:
        many = [Asked(work) for _ in range(400)]
        for each in many:
            answering.add_task(each)
        assert all(each.answered.wait(60) for each in many)
    assert sum(at_once) / len(at_once) > 6


def test_nobody_waits_behind_one_that_hangs() -> None:
    over = threading.Event()
    with line(threads=3, most=50) as answering:
        hanging = [Asked(lambda: over.wait(90)) for _ in range(2)]
        quick = [Asked() for _ in range(20)]
        for each in (*hanging, *quick):
            answering.add_task(each)
        assert all(each.answered.wait(60) for each in quick)
        assert not any(each.answered.is_set() for each in hanging)
        over.set()


def test_as_many_wait_as_may_and_one_more_is_refused_at_once() -> None:
    over = threading.Event()
    with line(threads=2, most=3) as answering:
        asked = [Asked(lambda: over.wait(90)) for _ in range(6)]
        for each in asked:
            answering.add_task(each)
        assert asked[-1].answered.wait(60)
        assert [each.is_refused for each in asked] == [False] * 5 + [True]
        over.set()
        assert all(each.answered.wait(60) for each in asked)


def test_without_a_queue_a_thread_that_rests_still_answers() -> None:
    with line(threads=1, most=0) as answering:
        asked = Asked()
        answering.add_task(asked)
        assert asked.answered.wait(60)
        assert not asked.is_refused


@pytest.mark.parametrize("mistake", [ValueError, BaseException])
def test_a_mistake_ends_no_thread(mistake: type[BaseException]) -> None:
    def fail() -> None:
        raise mistake

    with line(threads=1, most=5) as answering:
        mistaken, after = Asked(fail), Asked()
        for each in (mistaken, after):
            answering.add_task(each)
        assert after.answered.wait(60)
        assert mistaken.is_cancelled, "its connection would stay open for ever"


def test_what_waits_at_the_end_is_cancelled() -> None:
    over = threading.Event()
    answering = Line(1, 5)
    first, second = Asked(lambda: over.wait(90)), Asked()
    for each in (first, second):
        answering.add_task(each)
    answering.shutdown(timeout=0.1)
    assert second.is_cancelled
    over.set()
