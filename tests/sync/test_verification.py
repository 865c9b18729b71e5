"""Index equals table, or it is said what differs."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Connection

from customers.errors import NoLiveGeneration
from sync import generations
from sync.context import SyncContext
from sync.incremental import sync
from sync.ledger import Ledger
from sync.settings import SourceSettings
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import LONG_AGO, Merchant, dated, undated


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


def misnote(context: SyncContext, change: Misnote) -> None:
    """Change the ledger of the live generation."""
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
    misnote(context, change)
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
    misnote(context, lambda ledger, connection: ledger.record(connection, [("C1", "00")]))
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
