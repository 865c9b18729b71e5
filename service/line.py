"""Line: the requests that wait for a thread, and the threads that answer them."""

import logging
import queue
import threading
import time
from collections import deque
from typing import Any, Protocol

from waitress.utilities import Error

# Seconds without a request being begun after which one that waits gets a thread of its own.
PATIENCE_S = 0.002
# The part of one processor core from which this process is busy itself, and the seconds over which that is
# measured.
BUSY = 0.8
MEASURED_S = 0.05

logger = logging.getLogger(__name__)


class OverloadedError(Error):
    """What a request gets that finds the line full."""

    code = 503
    reason = "Service Unavailable"


class Channel(Protocol):
    """A connection whose first request waits: waitress calls it a task."""

    received_at: float
    requests: list[Any]

    def service(self) -> None:
        """Answer the request."""

    def cancel(self) -> None:
        """Close the connection."""


class _Load:
    """How busy this process is. For one thread at a time."""

    def __init__(self) -> None:
        self._is_busy = True
        self._measured_at, self._spent = time.monotonic(), time.process_time()

    def is_busy(self) -> bool:
        """Whether it computed for most of the last MEASURED_S, and so did not wait for somebody else."""
        now = time.monotonic()
        passed = now - self._measured_at
        if passed > MEASURED_S:
            spent = time.process_time()
            self._is_busy = spent - self._spent > BUSY * passed
            self._measured_at, self._spent = now, spent
        return self._is_busy


class Line:
    """At most `most` requests wait for `threads`; one more is refused at once, by a thread that does nothing
    else. What waitress calls a task dispatcher.

    While requests are answered quickly, one thread answers them all: two that compute take Python's lock from
    each other, over and over, and answer fewer together than one alone. Another is woken where none was begun
    for PATIENCE_S: the one that works is waiting for something, or has a long search. So the loop that reads
    the connections has to call `hurry`, at least that often while `is_waiting`. A thread that was woken rests
    after its request, unless the process has time to spare: then they all wait for somebody else, and get on
    side by side.
    """

    def __init__(self, threads: int, most: int) -> None:
        self._most = most
        self._count = self._awake = threads
        self._answering = 0
        self._waiting: deque[Channel] = deque()
        self._changed = threading.Condition(threading.Lock())
        self._begun, self._begun_at = 0, 0.0
        self._load = _Load()
        self._is_open = True
        self._refused: queue.SimpleQueue[Channel | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"line-{number}", daemon=True)
            for number in range(threads)
        ]
        self._threads.append(threading.Thread(target=self._refuse, name="refusals", daemon=True))
        for thread in self._threads:
            thread.start()

    @property
    def is_waiting(self) -> bool:
        """Whether any request has no thread yet."""
        return bool(self._waiting)

    def add_task(self, task: Channel) -> None:
        """Answer the request, soon."""
        task.received_at = time.monotonic()
        with self._changed:
            is_full = len(self._waiting) >= self._most + self._count - self._answering
            if not is_full:
                self._waiting.append(task)
                if not self._awake:
                    self._wake()
        if is_full:
            task.requests[0].error = OverloadedError("")
            self._refused.put(task)

    def hurry(self) -> None:
        """Wake another thread where it is time to."""
        if self._waiting and time.monotonic() - self._begun_at > PATIENCE_S:
            with self._changed:
                if self._waiting and self._awake < self._count:
                    self._wake()

    def shutdown(self, timeout: float = 5.0) -> None:
        """Answer nothing more; wait for what is being answered, but not longer."""
        self._refused.put(None)
        give_up_at = time.monotonic() + timeout
        with self._changed:
            self._is_open = False
            abandoned, self._waiting = self._waiting, deque()
            self._changed.notify_all()
        for task in abandoned:
            task.cancel()
        for thread in self._threads:
            thread.join(max(0.0, give_up_at - time.monotonic()))

    def _wake(self) -> None:
        self._awake += 1
        self._begun_at = time.monotonic()
        self._changed.notify()

    def _work(self) -> None:
        number = 0
        while (begun := self._next(number)) is not None:
            number, task = begun
            _answer(task)

    def _refuse(self) -> None:
        while (task := self._refused.get()) is not None:
            _answer(task)

    def _next(self, last: int) -> tuple[int, Channel] | None:
        """The next request with its number; None at the end. A thread whose `last` request was not the last
        that was begun is not the only one that gets on, and rests."""
        with self._changed:
            self._answering -= bool(last)
            rests = self._awake > 1 and self._begun != last and self._load.is_busy()
            while self._is_open and (rests or not self._waiting):
                rests = False
                self._awake -= 1
                self._changed.wait()
            if not self._is_open:
                return None
            self._answering += 1
            self._begun += 1
            self._begun_at = time.monotonic()
            return self._begun, self._waiting.popleft()


def _answer(task: Channel) -> None:
    try:
        task.service()
    except BaseException:  # what is no Exception would end the thread, and so, one by one, all of them
        logger.exception("a request failed by a mistake outside of the application: its connection is closed")
        task.cancel()
