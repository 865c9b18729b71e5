"""A row that is left out for what another row says comes back by itself when that is said no longer: no
change of its own tells."""

import pytest

from sync import generations
from sync.context import SyncContext
from sync.incremental import sync
from sync.quarantine import entries
from sync.reindexing import reindex
from sync.verification import VerifyResult, verify
from tests.sync.merchant import LONG_AGO, Merchant

TWIN_GOES = {
    "deleted": "DELETE FROM customers WHERE name = 'Odd Dahl'",
    "renumbered quietly": "UPDATE customers SET number = 'C3' WHERE name = 'Odd Dahl'",
    "marked as deleted quietly": "UPDATE customers SET gone = 1 WHERE name = 'Odd Dahl'",
}


@pytest.fixture
def twins(merchant: Merchant, context: SyncContext) -> SyncContext:
    """C1 is two people, and so neither is in the index."""
    merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    merchant.add("C1", "Odd Dahl", changed=LONG_AGO)
    merchant.add("C2", "Ida Ny")
    assert sync(context).quarantined == 1
    assert context.index.get("C1") is None
    return context


def left_out(context: SyncContext) -> list[str | None]:
    return [entry.identifier for entry in entries(context.state)]


@pytest.mark.parametrize("change", TWIN_GOES.values(), ids=TWIN_GOES)
def test_the_other_twin_is_back_with_the_next_sync(
    merchant: Merchant, twins: SyncContext, change: str
) -> None:
    merchant.run(change)
    assert sync(twins).quarantined == 0
    assert getattr(twins.index.get("C1"), "name", None) == "Lars Hansen"
    verify(twins, repair=True)
    assert (verify(twins), left_out(twins)) == (VerifyResult(), [])


@pytest.mark.parametrize("change", TWIN_GOES.values(), ids=TWIN_GOES)
def test_the_other_twin_is_back_with_the_next_verify(
    merchant: Merchant, twins: SyncContext, change: str
) -> None:
    merchant.run(change)
    assert verify(twins).missing >= 1
    verify(twins, repair=True)
    assert getattr(twins.index.get("C1"), "name", None) == "Lars Hansen"
    assert (verify(twins), left_out(twins)) == (VerifyResult(), [])


@pytest.mark.parametrize("change", TWIN_GOES.values(), ids=TWIN_GOES)
def test_the_other_twin_is_back_with_the_next_reindex(
    merchant: Merchant, twins: SyncContext, change: str
) -> None:
    merchant.run(change)
    assert reindex(twins).quarantined == 0
    assert (verify(twins), left_out(twins)) == (VerifyResult(), [])


def test_a_twin_that_goes_during_a_paced_pass_is_found_when_its_time_comes(
    merchant: Merchant, twins: SyncContext
) -> None:
    """The scheduler's passes read what no time tells only now and then."""
    merchant.run(TWIN_GOES["deleted"])
    with twins.state.write() as connection:
        live = generations.live(connection)
        assert live is not None
        generations.note(connection, live.name, scanned_at=0.0)
    assert sync(twins, paced=True).quarantined == 0


def test_an_account_that_was_twice_in_one_currency_and_was_deleted(
    merchant: Merchant, context: SyncContext
) -> None:
    merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    for amount in (1, 2):
        merchant.run(f"INSERT INTO balances (number, currency, amount) VALUES ('C1', 'DKK', {amount})")
    assert sync(context).quarantined == 1
    merchant.run("DELETE FROM balances WHERE amount = 2")
    assert sync(context).quarantined == 0
    assert verify(context) == VerifyResult()


def test_a_new_row_with_the_identifier_of_another_is_left_out_with_it(
    merchant: Merchant, context: SyncContext
) -> None:
    merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    sync(context)
    merchant.add("C1", "Odd Dahl")
    assert sync(context).quarantined == 1
    assert context.index.get("C1") is None
    merchant.run(TWIN_GOES["deleted"])
    assert sync(context).quarantined == 0
    assert getattr(context.index.get("C1"), "name", None) == "Lars Hansen"
