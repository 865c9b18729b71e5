"""Rows that are left out: since when, and what else a pass finds meanwhile."""

from datetime import UTC, datetime

from sqlalchemy import update

from sync.context import SyncContext
from sync.incremental import sync
from sync.quarantine import entries
from sync.tables import QUARANTINE
from sync.verification import VerifyResult, verify
from tests.sync.merchant import Merchant

FIRST = datetime.fromtimestamp(1.5, UTC)


def date_back(context: SyncContext) -> None:
    with context.state.write() as connection:
        connection.execute(update(QUARANTINE).values(since=FIRST.timestamp()))


def test_a_row_is_left_out_since_it_was_first_met(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("C1", "Lars Hansen")
    merchant.owe("C1", 100, "kr.")
    assert sync(context).quarantined == 1
    (before,) = entries(context.state)
    date_back(context)
    merchant.add("C1", "Odd Dahl")
    assert sync(context).quarantined == 1
    (after,) = entries(context.state)
    assert after.reason != before.reason
    assert after.since == FIRST


def test_rows_without_an_identifier_are_left_out_since_they_were_first_met(
    merchant: Merchant, context: SyncContext
) -> None:
    """Each verify, and each pass that read all keys, made them new."""
    for _ in range(3):
        merchant.add(None, "Nobody")
    assert sync(context).quarantined == 3
    date_back(context)
    merchant.add(None, "Nobody")
    verify(context, repair=True)
    first, second, third, newest = (entry.since for entry in entries(context.state))
    assert first == second == third == FIRST < newest
    merchant.run("DELETE FROM customers WHERE number IS NULL")
    verify(context, repair=True)
    assert entries(context.state) == []


def test_who_goes_away_while_another_is_left_out_is_gone_with_the_same_pass(
    merchant: Merchant, context: SyncContext
) -> None:
    """The one is counted as still to leave, as the other is gone, so their number is right."""
    for number in ("C1", "C2", "C3"):
        merchant.add(number, "Lars Hansen")
    sync(context)
    sync(context)
    merchant.delete("C3")
    merchant.owe("C1", 100, "kr.")
    result = sync(context)
    assert (result.deleted, result.quarantined) == (1, 1)
    assert context.index.get("C3") is None
    assert verify(context) == VerifyResult()
