"""What a verify takes for news that the next pass brings, and what for a difference."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from customers.customer import Customer
from customers.document import to_documents
from customers.errors import SourceError
from sync.context import SyncContext
from sync.incremental import sync
from sync.report import report
from sync.runs import note_failure
from sync.settings import SyncSettings
from sync.state import State
from sync.tables import JOBS
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import LONG_AGO, Merchant, dated
from tests.sync.test_verification import misnote


@pytest.fixture
def busy(merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Customers that were indexed in peace, read by time."""
    for number in range(6):
        merchant.add(f"C{number}", "Lars Hansen", changed=LONG_AGO)
    context = make_context(dated(merchant.url))
    sync(context)
    sync(context)
    return context


def trade(merchant: Merchant) -> None:
    """What goes on in a shop between two passes."""
    merchant.rename("C1", "Lars Holm")
    merchant.owe("C2", 100)
    merchant.run(f"UPDATE customers SET gone = 1, changed = {merchant.now} WHERE number = 'C3'")
    merchant.add("C9", "Ida Ny")


def test_what_the_next_pass_brings_is_no_difference(merchant: Merchant, busy: SyncContext) -> None:
    trade(merchant)
    found = verify(busy)
    assert found == VerifyResult(coming=4)
    assert found.equal
    assert "4 changed since the last pass" in found.summary
    assert report(busy.state, busy.index).problems == ()
    result = sync(busy)
    assert (result.written, result.deleted) == (3, 1)
    assert verify(busy) == VerifyResult()


def test_a_repair_brings_what_is_coming_and_does_not_complain(
    merchant: Merchant, busy: SyncContext, caplog: pytest.LogCaptureFixture
) -> None:
    trade(merchant)
    assert verify(busy, repair=True) == VerifyResult(coming=4)
    assert verify(busy) == VerifyResult()
    assert not [record for record in caplog.records if "verify" in record.getMessage()]


def test_what_no_pass_sees_is_found_in_a_busy_shop_too(merchant: Merchant, busy: SyncContext) -> None:
    trade(merchant)
    merchant.rename("C4", "Lars Dahl", quietly=True)
    merchant.delete("C5")
    assert verify(busy) == VerifyResult(stale=1, extra=1, coming=4)
    assert verify(busy, repair=True) == VerifyResult(stale=1, extra=1, repaired=2, coming=4)
    assert verify(busy) == VerifyResult()


def test_news_of_which_the_ledger_is_wrong_are_a_difference(merchant: Merchant, busy: SyncContext) -> None:
    trade(merchant)
    (document,) = to_documents(_customers(busy, "C1"), busy.search)
    misnote(busy, lambda ledger, connection: ledger.record(connection, [("C1", document.digest)]))
    assert verify(busy) == VerifyResult(stale=1, coming=3)


def test_nothing_is_coming_while_passes_fail(merchant: Merchant, busy: SyncContext) -> None:
    trade(merchant)
    note_failure(busy.state, "sync", "test", SourceError("broken"))
    assert verify(busy) == VerifyResult(missing=1, stale=2, extra=1)


def pass_ago(context: SyncContext, seconds: float) -> None:
    """Have the last pass be so long ago."""
    with context.state.write() as connection:
        moment = context.state.now(connection) - seconds
        connection.execute(update(JOBS).values(last_success_at=moment))


@pytest.mark.parametrize(
    ("interval", "seconds", "is_sure"),
    [(1, 50, True), (1, 70, False), (60, 170, True), (60, 190, False), (30, 3 * 86400, False)],
)
def test_nothing_is_coming_where_passes_have_stopped(
    sqlite_merchant: Merchant, make_context: MakeContext, interval: float, seconds: float, is_sure: bool
) -> None:
    """Nobody runs a worker any more: `verify` said that all was equal, for ever."""
    sqlite_merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    settings = SyncSettings(interval=timedelta(seconds=interval))
    context = make_context(dated(sqlite_merchant.url), settings=settings)
    sync(context)
    sync(context)
    sqlite_merchant.rename("C1", "Lars Holm")
    pass_ago(context, seconds)
    found = verify(context)
    assert found == (VerifyResult(coming=1) if is_sure else VerifyResult(stale=1))
    assert found.equal == is_sure


def test_a_verify_is_no_pass(sqlite_merchant: Merchant, make_context: MakeContext) -> None:
    sqlite_merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    context = make_context(dated(sqlite_merchant.url))
    sync(context)
    pass_ago(context, 3 * 86400)
    assert verify(context) == VerifyResult()
    sqlite_merchant.rename("C1", "Lars Holm")
    assert verify(context) == VerifyResult(stale=1)


def test_a_verify_that_takes_long_does_not_wait_for_the_pass_that_waits_for_it(
    sqlite_merchant: Merchant, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No pass comes while it reads."""
    sqlite_merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    context = make_context(dated(sqlite_merchant.url))
    sync(context)
    sqlite_merchant.rename("C1", "Lars Holm")
    digests, now = context.index.digests, State.now

    def slowly(generation: str) -> Iterator[tuple[str, str]]:
        monkeypatch.setattr(State, "now", lambda state, connection: now(state, connection) + 3600)
        return digests(generation)

    monkeypatch.setattr(context.index, "digests", slowly)
    assert verify(context) == VerifyResult(coming=1)


def test_nothing_is_coming_where_the_guard_holds_it_back(
    sqlite_merchant: Merchant, make_context: MakeContext
) -> None:
    for number in range(40):
        sqlite_merchant.add(f"C{number}", "Lars Hansen", changed=LONG_AGO)
    context = make_context(dated(sqlite_merchant.url))
    sync(context)
    sqlite_merchant.run(f"UPDATE customers SET gone = 1, changed = {sqlite_merchant.now}")
    assert verify(context) == VerifyResult(extra=40)


def _customers(context: SyncContext, identifier: str) -> list[Customer]:
    return [entry for entry in context.source.read([identifier]) if isinstance(entry, Customer)]
