"""Workers: waits for what may never answer, but not longer than the till can."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


class AllBusyError(Exception):
    """Every worker is still waiting for an earlier call, given up or not."""


class Workers:
    """A fixed number of threads. A call that outlasts its timeout is left to its thread, which is missing
    until it ends: so a dependency that hangs costs at most these threads, and then nobody waits for it."""

    def __init__(self, count: int, name: str) -> None:
        self._free = threading.Semaphore(count)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix=name)

    def start(self, call: Callable[[], Result]) -> "Future[Result]":
        """Run `call` in a thread. Raises AllBusyError at once where none is free."""
        if not self._free.acquire(blocking=False):
            raise AllBusyError
        try:
            future = self._threads.submit(call)
        except BaseException:
            self._free.release()
            raise
        future.add_done_callback(lambda _: self._free.release())
        return future

    def run(self, call: Callable[[], Result], timeout: float) -> Result:
        """What `call` returns or raises. Raises TimeoutError after `timeout` seconds, AllBusyError at
        once."""
        return self.start(call).result(max(0.0, timeout))

    def close(self) -> None:
        """Take no more calls; do not wait for those that hang."""
        self._threads.shutdown(wait=False, cancel_futures=True)
