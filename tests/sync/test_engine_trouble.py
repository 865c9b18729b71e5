"""Meilisearch goes away while the scheduler runs, for as long as it likes: the scheduler waits longer and
longer between its tries, and catches up when it is back."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3.util.connection

from customers.settings import SearchSettings
from index.meilisearch_engine import MeilisearchIndex
from sync.backoff import Backoff
from sync.context import SyncContext
from sync.lease import BUILD, LIVE, Lease
from sync.report import report
from sync.scheduler import Scheduler
from sync.settings import SyncSettings
from sync.source import Source
from sync.state import State
from sync.verification import VerifyResult, verify
from tests.index.meilisearch_server import Server, binary, index_name, make_keys, start
from tests.index.proxy import Proxy, Rule, answering
from tests.sync.merchant import Merchant, dated
from tests.sync.test_scheduler import eventually, has

# The longest pauses of the scheduler, in seconds, of which up to half is left to chance. They are here so
# many times shorter, and the server is back in the last of them.
LONGEST = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0)
SHORTER = 120


@dataclass
class Watched(Backoff):
    """Notes each pause; calls `back` in the last one."""

    back: Callable[[], None] = lambda: None
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def failed(self) -> float:
        self.pauses.append(super().failed())
        if len(self.pauses) == len(LONGEST):
            self.back()
        return self.pauses[-1] / SHORTER


@pytest.fixture
def server() -> Iterator[Server]:
    """A Meilisearch of this test's own, which it may kill."""
    program, server = binary(), Server()
    assert program is not None
    start(program, server)
    make_keys(server)
    yield server
    server.stop()


@contextmanager
def context_of(merchant: Merchant, folder: Path, url: str, server: Server) -> Iterator[SyncContext]:
    """Of the index behind `url`, synced all the time."""
    search = SearchSettings()
    settings = SyncSettings(interval=timedelta(seconds=0.2), verify=timedelta(hours=1))
    index = MeilisearchIndex(url, server.search_key, server.admin_key, index_name(), search)
    with (
        closing(index),
        closing(Source(dated(merchant.url))) as source,
        closing(State(f"sqlite:///{folder / 'state.db'}")) as state,
    ):
        yield SyncContext(source, state, index, search, settings, "test")


def failures(context: SyncContext) -> int:
    return sum(job.failures for job in report(context.state, context.index).jobs)


def check(pauses: list[float]) -> None:
    """They grow up to a minute, and chance has a part in each."""
    assert len(pauses) == len(LONGEST)
    parts = [pause / longest for pause, longest in zip(pauses, LONGEST, strict=True)]
    assert all(0.5 <= part <= 1.0 for part in parts)
    assert len(set(parts)) == len(parts)


def live_through(
    context: SyncContext, merchant: Merchant, away: Callable[[], None], back: Callable[[], None]
) -> None:
    """Have the server away while the merchant goes on working, and everything found when it is back."""
    for number in range(5):
        merchant.add(f"C{number}", "Lars Hansen")
    backoff = Watched()
    scheduler = Scheduler(context, backoff)
    scheduler.start()
    try:
        eventually(lambda: has(context, "C4"))
        failed: list[int] = []

        def return_() -> None:
            failed.append(failures(context))
            back()

        backoff.back = return_
        # So that no pass is under way, nor the end of the reindex, which tidies after it went live.
        with (
            Lease(context.state, BUILD, "test", patience=10.0),
            Lease(context.state, LIVE, "test", patience=10.0),
        ):
            away()
        merchant.add("C5", "Ida Ny")
        merchant.rename("C0", "Lars Holm")
        merchant.delete("C1")
        eventually(lambda: bool(failed) and report(context.state, context.index).problems == ())
    finally:
        assert scheduler.stop(60.0)
    assert failed == [len(LONGEST)]
    assert failures(context) == len(LONGEST)  # the first pass after the server's return brought everything
    assert verify(context) == VerifyResult()
    assert context.index.get("C1") is None
    assert getattr(context.index.get("C0"), "name", None) == "Lars Holm"
    assert has(context, "C5")
    check(backoff.pauses)


@pytest.mark.meilisearch(replay=False)
def test_a_server_that_is_killed_and_started_again(
    sqlite_merchant: Merchant, tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[object] = []
    connect = urllib3.util.connection.create_connection

    def counted(address: Any, *arguments: Any, **options: Any) -> Any:
        tries.append(address)
        return connect(address, *arguments, **options)

    def away() -> None:
        server.kill()
        monkeypatch.setattr(urllib3.util.connection, "create_connection", counted)

    def back() -> None:
        monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
        server.run()

    with context_of(sqlite_merchant, tmp_path, server.url, server) as context:
        live_through(context, sqlite_merchant, away, back)
    assert len(LONGEST) <= len(tries) <= 2 * len(LONGEST)


@pytest.mark.meilisearch(replay=False)
def test_a_server_that_is_too_busy(sqlite_merchant: Merchant, tmp_path: Path, server: Server) -> None:
    with Proxy(server.url) as proxy:
        busy = [
            Rule(method, "", answering(503, "too_many_search_requests"), times=1000)
            for method in ("GET", "POST")
        ]
        with context_of(sqlite_merchant, tmp_path, proxy.url, server) as context:
            live_through(context, sqlite_merchant, lambda: proxy.rules.extend(busy), proxy.rules.clear)
        tries = sum(1000 - rule.times for rule in busy)
    assert len(LONGEST) <= tries <= 2 * len(LONGEST)
