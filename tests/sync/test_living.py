"""A worker lives for months; where its configuration leads may be another database by then."""

import errno
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from decimal import Decimal
from itertools import count
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import event, make_url

from customers.errors import SourceError, SourceUnavailable
from sync.context import SyncContext
from sync.incremental import sync
from sync.reindexing import reindex
from sync.rollback import rollback
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated

Job = Callable[[SyncContext], object]
JOBS: dict[str, Job] = {"sync": sync, "verify": verify, "reindex": reindex, "rollback": rollback}


@pytest.fixture
def replaced(sqlite_merchant: Merchant, make_context: MakeContext, tmp_path: Path) -> SyncContext:
    """Its merchant's file was replaced by that of another night, as an export does it."""
    sqlite_merchant.add("C1", "Lars Hansen")
    context = make_context(dated(sqlite_merchant.url))
    reindex(context)
    reindex(context)
    with closing(Merchant(f"sqlite:///{tmp_path / 'tonight.db'}")) as tonight:
        tonight.add("C2", "Mette Jensen")
    (tmp_path / "tonight.db").replace(str(make_url(sqlite_merchant.url).database))
    return context


@pytest.mark.parametrize("job", ["sync", "reindex", "rollback"])
def test_a_file_that_was_replaced_is_read(replaced: SyncContext, job: str) -> None:
    JOBS[job](replaced)
    assert [found.documents for found in replaced.index.generations() if found.live] == [1]
    assert replaced.index.get("C1") is None
    assert replaced.index.get("C2") is not None


def test_verify_reads_the_file_that_is_there_now(replaced: SyncContext) -> None:
    assert verify(replaced) == VerifyResult(extra=1, coming=1)  # C2's time is one that the next pass sees


class Address:
    """A server's address that leads to another server, or to none, once it is told to."""

    def __init__(self, host: str, port: int) -> None:
        self.leads_to: tuple[str, int] | None = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def close(self) -> None:
        """End all that it leads to."""
        for end in (self._listening, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for end in (self._listening, *self._ends):
            end.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if self.leads_to is None:
                    near.close()
                    continue
                far = socket.create_connection(self.leads_to)
                self._ends += [near, far]
                for pair in ((near, far), (far, near)):
                    self._threads.append(threading.Thread(target=_pass_on, args=pair))
                    self._threads[-1].start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while received := source.recv(65_536):
            target.sendall(received)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def moved(
    mariadb_url: str, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SyncContext]:
    """The address of its merchant's server leads there no more, while the server lives on."""
    monkeypatch.setattr("sync.pages.PAUSES", (0.0,))
    url = make_url(mariadb_url)
    assert url.host
    with (
        closing(Merchant(mariadb_url)) as merchant,
        closing(Address(url.host, url.port or 0)) as address,
    ):
        merchant.add("C1", "Lars Hansen")
        through = url.set(host="127.0.0.1", port=address.port)
        context = make_context(dated(through.render_as_string(hide_password=False)))
        reindex(context)
        reindex(context)
        address.leads_to = None
        yield context
        context.source.close()


@pytest.mark.mariadb
@pytest.mark.parametrize("job", JOBS)
def test_a_server_that_the_address_leads_to_no_more_is_not_read(moved: SyncContext, job: str) -> None:
    with pytest.raises(SourceUnavailable):
        JOBS[job](moved)


def test_a_connection_in_use_is_closed_once_it_is_given_back(
    sqlite_merchant: Merchant, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.source.PAGE", 1)
    for number in range(3):
        sqlite_merchant.add(f"C{number}", "Lars Hansen")
    source = make_context(dated(sqlite_merchant.url)).source
    pages = source.scan()
    next(pages)
    closed = Mock()
    event.listen(source._engine, "close", closed)
    source.renew()
    closed.reset_mock()
    assert len(list(pages)) == 2
    assert closed.call_count == 1


def test_a_connection_for_live_balances_is_renewed_now_and_then(
    monkeypatch: pytest.MonkeyPatch, sqlite_merchant: Merchant, make_context: MakeContext
) -> None:
    monkeypatch.setattr("sync.source_engine.RECYCLE_SECONDS", 0)
    source = make_context(dated(sqlite_merchant.url)).source
    opened = Mock()
    event.listen(source._engine, "connect", opened)
    for _ in range(3):
        source.balances(["C1"], "DKK", 0.3)
        time.sleep(0.01)
    assert opened.call_count >= 3


def test_live_balances_are_those_of_the_file_that_is_there(
    sqlite_merchant: Merchant, make_context: MakeContext, tmp_path: Path
) -> None:
    """For a minute they were those of the file before, and called live, when the index had newer ones."""
    file = Path(str(make_url(sqlite_merchant.url).database))
    source = make_context(dated(sqlite_merchant.url)).source

    def asked() -> Decimal | None:
        account = source.balances(["C1"], "DKK", 5.0)["C1"]
        return account.balance if account else None

    sqlite_merchant.add("C1", "Lars Hansen")
    sqlite_merchant.owe("C1", -7)
    assert asked() == -7
    with closing(Merchant(f"sqlite:///{tmp_path / 'tonight.db'}")) as tonight:
        tonight.add("C1", "Lars Hansen")
        tonight.owe("C1", -9)
    (tmp_path / "tonight.db").replace(file)
    assert asked() == -9
    file.unlink()
    with pytest.raises(SourceError, match=r"cannot be opened"):
        asked()


def test_a_file_that_is_another_at_every_look_is_read_all_the_same(
    sqlite_merchant: Merchant, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some network file systems number a file anew each time; or it is replaced while it is opened."""
    source = make_context(dated(sqlite_merchant.url)).source
    sqlite_merchant.add("C1", "Lars Hansen")
    sqlite_merchant.owe("C1", -7)
    looks = count()
    monkeypatch.setattr("sync.source_engine._file_at", lambda _: (1, next(looks)))
    for _ in range(3):
        account = source.balances(["C1"], "DKK", 5.0)["C1"]
        assert account is not None
        assert account.balance == -7


def test_a_file_that_cannot_be_looked_at_is_a_source_that_is_down(
    sqlite_merchant: Merchant, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a network file system that is away for a moment, or in a folder that is another user's."""
    source = make_context(dated(sqlite_merchant.url)).source
    sqlite_merchant.add("C1", "Lars Hansen")
    assert source.count() == 1
    with monkeypatch.context() as away:
        away.setattr(Path, "stat", Mock(side_effect=OSError(errno.ESTALE, "Stale file handle")))
        with pytest.raises(SourceError, match=r"cannot be opened"):
            source.count()
    assert source.count() == 1


def test_a_file_that_is_gone_is_not_made_anew(sqlite_merchant: Merchant, make_context: MakeContext) -> None:
    context = make_context(dated(sqlite_merchant.url))
    reindex(context)
    file = Path(str(make_url(sqlite_merchant.url).database))
    sqlite_merchant.close()
    file.unlink()
    with pytest.raises(SourceError, match=r"cannot be opened .*; see that it is there"):
        sync(context)
    assert not file.exists()
