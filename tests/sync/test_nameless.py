"""Rows that have no identifier are counted, however few of them are listed."""

from collections import Counter

import pytest
from sqlalchemy import delete

from sync import quarantine
from sync.context import SyncContext
from sync.incremental import sync
from sync.quarantine import entries
from sync.reindexing import reindex
from sync.report import report
from sync.tables import QUARANTINE
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated

NULL, EMPTY = "identifier is NULL", "identifier is empty"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of them are listed."""
    monkeypatch.setattr("sync.nameless.LISTED", 3)


def left_out(context: SyncContext) -> Counter[str]:
    return Counter(entry.reason for entry in entries(context.state))


@pytest.mark.usefixtures("few")
def test_all_are_counted_and_a_few_are_listed(merchant: Merchant, context: SyncContext) -> None:
    """No more than a hundred were ever counted: `status` said nothing, however many lost their numbers."""
    with merchant.at_once():
        for number in range(30):
            merchant.add(f"C{number:02}", "Lars Hansen")
    assert sync(context).quarantined == 0
    now = merchant.now
    merchant.run(f"UPDATE customers SET number = NULL, changed = {now} WHERE number < 'C07'")
    merchant.run(f"UPDATE customers SET number = '', changed = {now} WHERE number = 'C07'")
    for job in (sync, sync, reindex):
        assert job(context).quarantined == 8
        assert left_out(context) == {EMPTY: 1, NULL: 2}
        assert quarantine.count(context.state) == report(context.state, context.index).quarantined == 8
        (problem,) = report(context.state, context.index).problems
        assert f"8 of 30 customers are left out of the index, 7 for this reason: {NULL}" in problem
    assert reindex(context, dry_run=True).quarantined == 8
    assert verify(context, repair=True) == VerifyResult()
    merchant.run("DELETE FROM customers WHERE number IS NULL")
    assert verify(context, repair=True) == VerifyResult()
    assert (quarantine.count(context.state), left_out(context)) == (1, {EMPTY: 1})
    assert report(context.state, context.index).problems == ()


def test_one_that_is_marked_as_deleted_is_not_left_out(merchant: Merchant, context: SyncContext) -> None:
    """An erased customer whose number was emptied: exit code 3 and a problem, for ever."""
    for number in range(30):
        merchant.add(f"C{number:02}", "Lars Hansen")
    sync(context)
    erased = f"gone = 1, changed = {merchant.now}"
    merchant.run(f"UPDATE customers SET number = NULL, {erased} WHERE number < 'C07'")
    merchant.run(f"UPDATE customers SET number = '', {erased} WHERE number = 'C07'")
    for job in (sync, reindex):
        assert job(context).quarantined == 0
        assert report(context.state, context.index).problems == ()
    assert reindex(context, dry_run=True).quarantined == 0
    merchant.run("UPDATE customers SET gone = 0 WHERE number IS NULL")
    assert verify(context, repair=True) == VerifyResult()
    assert (quarantine.count(context.state), left_out(context)) == (7, {NULL: 7})


def test_those_whose_list_an_older_process_has_cleared_are_told(
    sqlite_merchant: Merchant, make_context: MakeContext
) -> None:
    """During an upgrade: it knows of no count, and writes its list anew."""
    context = make_context(dated(sqlite_merchant.url))
    for _ in range(9):
        sqlite_merchant.add(None, "Ida Ny")
    sync(context)
    with context.state.write() as connection:
        connection.execute(delete(QUARANTINE))
    [problem] = report(context.state, context.index).problems
    assert "9 for this reason: identifier is missing" in problem
