"""Jobs in processes of their own, which die or pause at a chosen step; for tests of what is left then."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection as Pipe
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from urllib3 import HTTPConnectionPool

from customers.errors import CustomerLookupError
from customers.settings import SearchSettings
from index.interface import CustomerIndex
from index.meilisearch_engine import MeilisearchIndex
from index.tantivy_engine import TantivyIndex
from index.tantivy_writer import TantivyWriter
from sync import lease
from sync.context import SyncContext
from sync.incremental import sync
from sync.reindexing import reindex
from sync.rollback import rollback
from sync.settings import SourceSettings, SyncSettings
from sync.source import Source
from sync.state import State
from sync.verification import verify
from tests.sync.fresh_state import fresh_state

JOBS: dict[str, Callable[[SyncContext], object]] = {
    "sync": sync,
    "verify": partial(verify, repair=True),
    "reindex": reindex,
    "rollback": rollback,
}
PATIENCE_SECONDS = 60
# How a process ended: it did its job; it was told, by an error with a name, that it must not.
DONE, REFUSED = 0, 3
# What it tells meanwhile.
BEGAN, ENDED = "began", "ended"
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


def _doze(seconds: float) -> None:
    """A pause between two looks at a task. What tests do is done sooner than what merchants do."""
    time.sleep(min(seconds, 0.02))


@dataclass(frozen=True)
class Setup:
    """All that another process needs to work on the same source, state and index. `meilisearch`: its URL,
    both keys, and the name of the index; without it the index is embedded."""

    source: SourceSettings
    folder: Path
    meilisearch: tuple[str, str, str, str] | None = None

    @contextmanager
    def opened(self, holder: str = "test", steps: "Steps | None" = None) -> Iterator[SyncContext]:
        """A context of this process."""
        search = SearchSettings()
        index: CustomerIndex
        if self.meilisearch:
            index = MeilisearchIndex(*self.meilisearch, search, sleep=_doze)
        else:
            index = TantivyIndex(self.folder / "index", search)
        url = fresh_state(self.folder / "state.db")
        with closing(index), closing(Source(self.source)) as source:
            dying = steps is not None and steps.signal_number == signal.SIGKILL
            with closing(CountingState(url, steps) if steps and dying else State(url)) as state:
                seen: Any = Counting(index, steps) if steps else index
                yield SyncContext(source, state, seen, search, SyncSettings(), holder)


class Steps:
    """Sends this process `signal_number` when it has come to step `last`."""

    def __init__(self, last: int, signal_number: int) -> None:
        self.left = last
        self.signal_number = signal_number

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), self.signal_number)


class CountingState(State):
    """Every transaction is three steps: before it, before its commit, and after it. Not for pausing: SQLite
    lets nobody else write while a transaction sleeps."""

    def __init__(self, url: str, steps: Steps) -> None:
        super().__init__(url)
        self.steps: Steps | None = steps

    @contextmanager
    def write(self) -> Iterator[Connection]:
        steps = getattr(self, "steps", None) or Steps(0, 0)
        steps.step()
        with super().write() as connection:
            yield connection
            steps.step()
        steps.step()


class Counting:
    """An index or its writer: every call that changes anything is two steps, before and after it."""

    def __init__(self, target: Any, steps: Steps) -> None:
        self._target = target
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if name not in {"create", "writer", "write", "delete", "flush", "promote", "remove"}:
            return found

        def counted(*arguments: Any) -> Any:
            self._steps.step()
            result = found(*arguments)
            self._steps.step()
            return Counting(result, self._steps) if name == "writer" else result

        return counted

    def __exit__(self, *arguments: Any) -> None:
        self._target.__exit__(*arguments)


def start(
    setup: Setup,
    job: str,
    last: int,
    signal_number: int = signal.SIGKILL,
    ttl: float = 60.0,
    *,
    late: bool = False,
    told: Pipe | None = None,
) -> ForkServerProcess:
    """A process that does `job` and gets the signal at step `last`; never, where `last` is 0. `late`: only
    the last moments before something is changed are steps, in the engine's own code. `told` gets BEGAN and
    ENDED, or what it was refused with."""
    steps = Steps(last, signal_number)
    options = {"ttl": ttl, "late": late, "told": told}
    process = PROCESSES.Process(target=_work, args=(setup, job, steps), kwargs=options, daemon=True)
    process.start()
    return process


def _step_late(steps: Steps) -> None:
    """Count a step after all of our own code but the last: where a request is handed to the connection, and
    where Tantivy is about to commit."""
    urlopen, commit = HTTPConnectionPool.urlopen, TantivyWriter._commit

    def late_urlopen(pool: HTTPConnectionPool, method: str, *arguments: Any, **options: Any) -> Any:
        if method != "GET":
            steps.step()
        return urlopen(pool, method, *arguments, **options)

    def late_commit(writer: TantivyWriter) -> None:
        steps.step()
        commit(writer)

    HTTPConnectionPool.urlopen = late_urlopen  # type: ignore[method-assign, assignment]
    TantivyWriter._commit = late_commit  # type: ignore[method-assign, assignment]


def kill_after(setup: Setup, job: str, seconds: float, patience: float) -> bool:
    """Kill a process so long after it began `job`; whether it was still at it."""
    listener, told = PROCESSES.Pipe(duplex=False)
    process = start(setup, job, 0, told=told)
    told.close()
    assert listener.poll(patience)
    assert listener.recv() == BEGAN
    process.join(seconds)
    process.kill()
    process.join()
    with listener, suppress(EOFError):
        if listener.recv() == ENDED:
            return False
    return process.exitcode == -signal.SIGKILL


def is_paused(pid: int) -> bool:
    """Whether a process has come to where it pauses; False: it has ended instead."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
        except FileNotFoundError:
            return False
        if state in "TZ":
            return state == "T"
        time.sleep(0.02)
    raise AssertionError("neither paused nor ended")


def _work(setup: Setup, job: str, steps: Steps, *, ttl: float, late: bool, told: Pipe | None) -> None:
    if late:
        _step_late(steps)
    if ttl < lease.TTL_SECONDS:
        defaults: dict[str, Any] = lease.Lease.__init__.__kwdefaults__ or {}
        defaults.update(ttl=ttl, heartbeat=ttl / 4)
        lease.MARGIN_SECONDS = ttl / 10
    try:
        with setup.opened("another process", None if late else steps) as context:
            if told:
                told.send(BEGAN)
            JOBS[job](context)
            if told:
                told.send(ENDED)
    except CustomerLookupError as error:
        if told:
            told.send(str(error))
        os._exit(REFUSED)
    os._exit(DONE)
