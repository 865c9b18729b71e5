"""Index equals table, or it is said what differs."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update

from customers.customer import Customer
from customers.document import to_documents
from customers.errors import NoLiveGeneration, SourceError
from sync import generations
from sync.context import SyncContext
from sync.incremental import sync
from sync.ledger import Ledger
from sync.report import report
from sync.runs import note_failure
from sync.settings import SourceSettings, SyncSettings
from sync.state import State
from sync.tables import JOBS
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated, undated

LONG_AGO = "'2020-01-01 00:00:00'"


def test_what_no_sync_can_see_is_found_and_repaired(merchant: Merchant, context: SyncContext) -> None:
    for number in range(4):
        merchant.add(f"C{number}", "Lars Hansen", changed=LONG_AGO)
    sync(context)
    merchant.rename("C1", "Lars Holm", quietly=True)
    merchant.delete("C2")
    merchant.add("C9", "Ida Ny", changed=LONG_AGO)
    assert verify(context) == VerifyResult(missing=1, stale=1, extra=1)
    repaired = verify(context, repair=True)
    assert repaired == VerifyResult(missing=1, stale=1, extra=1, repaired=3)
    assert repaired.equal
    assert verify(context) == VerifyResult()


def test_the_index_itself_is_read_back(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    merchant.add("C2", "Mette Jensen", changed=LONG_AGO)
    generation = sync(context).generation
    with context.index.writer(generation) as writer:
        writer.delete(["C1"])
        writer.flush()
    reason = "the index has 1 documents where the ledger has 2"
    assert verify(context) == VerifyResult(missing=1, distrusted=reason)
    repaired = verify(context, repair=True)
    assert repaired == VerifyResult(missing=1, repaired=1, distrusted=reason)
    assert not repaired.equal  # whoever took one out may have changed another
    assert context.index.get("C1") is not None
    assert not verify(context, repair=True).equal
    assert sync(context).generation != generation
    assert verify(context).equal


def test_a_row_that_is_left_out_is_no_difference(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    merchant.add("C2", "Mette Jensen", changed=LONG_AGO)
    sync(context)
    merchant.owe("C2", 1, "D1")
    merchant.run(f"UPDATE balances SET changed = {LONG_AGO}")
    assert verify(context) == VerifyResult(extra=1)
    assert verify(context, repair=True).equal
    assert verify(context) == VerifyResult()


def test_without_an_index_there_is_nothing_to_verify(context: SyncContext) -> None:
    with pytest.raises(NoLiveGeneration, match="nothing is indexed yet"):
        verify(context)


Misnote = Callable[[Ledger, Connection], None]
WRONG: dict[str, Misnote] = {
    "another digest": lambda ledger, connection: ledger.record(connection, [("C1", "00")]),
    "in doubt": lambda ledger, connection: ledger.doubt(connection, ["C1"]),
    "one too few": lambda ledger, connection: ledger.forget(connection, ["C1"]),
    "one too many": lambda ledger, connection: ledger.record(connection, [("C9", "00")]),
}


def _misnote(context: SyncContext, change: Misnote) -> None:
    with context.state.write() as connection:
        live = generations.live(connection)
        assert live is not None
        change(Ledger(live.name), connection)


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_ledger_that_alone_is_wrong_is_found_and_repaired(
    merchant: Merchant, context: SyncContext, change: Misnote
) -> None:
    merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    merchant.add("C2", "Mette Jensen", changed=LONG_AGO)
    generation = sync(context).generation
    _misnote(context, change)
    found = verify(context)
    assert found == VerifyResult(misnoted=1)
    assert not found.equal
    repaired = verify(context, repair=True)
    assert repaired == VerifyResult(misnoted=1, repaired=1)
    assert repaired.equal
    assert verify(context) == VerifyResult()
    assert sync(context).generation == generation


def test_a_customer_that_is_wrong_everywhere_counts_once(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    sync(context)
    merchant.rename("C1", "Lars Holm", quietly=True)
    _misnote(context, lambda ledger, connection: ledger.record(connection, [("C1", "00")]))
    assert verify(context) == VerifyResult(stale=1)
    assert verify(context, repair=True) == VerifyResult(stale=1, repaired=1)
    assert verify(context) == VerifyResult()


@pytest.mark.parametrize("mapping", [dated, undated])
def test_many_differences_are_repaired_a_few_at_a_time(
    sqlite_merchant: Merchant,
    make_context: MakeContext,
    monkeypatch: pytest.MonkeyPatch,
    mapping: Callable[[str], SourceSettings],
) -> None:
    for number in range(7):
        sqlite_merchant.add(f"C{number}", "Lars Hansen", changed=LONG_AGO)
    context = make_context(mapping(sqlite_merchant.url))
    sync(context)
    sqlite_merchant.run("UPDATE customers SET name = 'Lars Holm'")
    at_once: list[int] = []
    doubt = Ledger.doubt

    def counting(ledger: Ledger, connection: Connection, identifiers: Sequence[str]) -> None:
        at_once.append(len(identifiers))
        doubt(ledger, connection, identifiers)

    monkeypatch.setattr("sync.repairing.PORTION", 2, raising=False)
    monkeypatch.setattr("sync.source.IDENTIFIERS", 2)
    monkeypatch.setattr("sync.passes.IDENTIFIERS", 2)
    monkeypatch.setattr(Ledger, "doubt", counting)
    assert verify(context, repair=True) == VerifyResult(stale=7, repaired=7)
    assert max(at_once) == 2
    assert verify(context) == VerifyResult()


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
    _misnote(busy, lambda ledger, connection: ledger.record(connection, [("C1", document.digest)]))
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
