"""Workers: waits for what may never answer, but not longer than the till can."""

import threading
import weakref
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class AllBusyError(Exception):
    """Every worker is still waiting for an earlier call, given up or not."""


class _Call(Generic[Result]):
    """A call and what became of it. Not a Future, which costs every lookup twice as much."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work = work
        self._returned: Result
        self._raised: BaseException | None = None
        self.is_done = threading.Lock()
        self.is_done.acquire()

    def run(self) -> None:
        try:
            self._returned = self._work()
        except BaseException as error:
            self._raised = error

    def result(self, timeout: float) -> Result:
        if not self.is_done.acquire(timeout=max(0.0, timeout)):
            raise TimeoutError
        if self._raised is not None:
            raise self._raised
        return self._returned


class Workers:
    """A fixed number of threads. A call that outlasts its timeout is left to its thread, which is missing
    until it ends: so a dependency that hangs costs at most these threads, and then nobody waits for it, nor
    does the end of the process."""

    def __init__(self, count: int, name: str) -> None:
        self._idle: list[_Worker] = []
        self._to_start = count
        self._name = name
        self._starting = threading.Lock()
        weakref.finalize(self, _end, self._idle)

    def start(self, call: Callable[[], Result]) -> _Call[Result]:
        """Run `call` in a thread. Raises AllBusyError at once where none is free."""
        begun = _Call(call)
        self._free().begin(begun)
        return begun

    def run(self, call: Callable[[], Result], timeout: float) -> Result:
        """What `call` returns or raises. Raises TimeoutError after `timeout` seconds, AllBusyError at
        once."""
        return self.start(call).result(timeout)

    def _free(self) -> "_Worker":
        try:
            return self._idle.pop()
        except IndexError:
            return self._new()

    def _new(self) -> "_Worker":
        with self._starting:
            if not self._to_start:
                raise AllBusyError
            self._to_start -= 1
        return _Worker(self._idle, self._name)


class _Worker:
    """A thread, which adds itself to `idle` whenever it has nothing to do."""

    def __init__(self, idle: "list[_Worker]", name: str) -> None:
        self._idle = idle
        self._has_call = threading.Lock()
        self._has_call.acquire()
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def begin(self, call: _Call[Any] | None) -> None:
        """Run `call`; None: end."""
        self._call = call
        self._has_call.release()

    def _work(self) -> None:
        while self._has_call.acquire() and (call := self._call) is not None:
            self._call = None
            call.run()
            self._idle.append(self)
            call.is_done.release()


def _end(idle: list[_Worker]) -> None:
    for worker in idle:
        worker.begin(None)
