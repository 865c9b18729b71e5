"""Index equals table, or it is said what differs."""

import pytest

from customers.errors import NoLiveGeneration
from sync.context import SyncContext
from sync.incremental import sync
from sync.verification import VerifyResult, verify
from tests.sync.merchant import Merchant


def test_what_no_sync_can_see_is_found_and_repaired(merchant: Merchant, context: SyncContext) -> None:
    for number in range(4):
        merchant.add(f"C{number}", "Lars Hansen")
    sync(context)
    merchant.rename("C1", "Lars Holm", quietly=True)
    merchant.delete("C2")
    merchant.add("C9", "Ida Ny", changed="'2020-01-01 00:00:00'")
    assert verify(context) == VerifyResult(missing=1, stale=1, extra=1)
    repaired = verify(context, repair=True)
    assert repaired == VerifyResult(missing=1, stale=1, extra=1, repaired=3)
    assert repaired.equal
    assert verify(context) == VerifyResult()


def test_the_index_itself_is_read_back(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("C1", "Lars Hansen", changed="'2020-01-01 00:00:00'")
    merchant.add("C2", "Mette Jensen", changed="'2020-01-01 00:00:00'")
    generation = sync(context).generation
    with context.index.writer(generation) as writer:
        writer.delete(["C1"])
        writer.flush()
    assert verify(context) == VerifyResult(missing=1)
    assert verify(context, repair=True) == VerifyResult(missing=1, repaired=1)
    assert verify(context) == VerifyResult()
    assert sync(context).generation == generation


def test_a_row_that_is_left_out_is_no_difference(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("C1", "Lars Hansen")
    merchant.add("C2", "Mette Jensen")
    sync(context)
    merchant.owe("C2", 1, "D1")
    assert verify(context) == VerifyResult(extra=1)
    assert verify(context, repair=True).equal
    assert verify(context) == VerifyResult()


def test_without_an_index_there_is_nothing_to_verify(context: SyncContext) -> None:
    with pytest.raises(NoLiveGeneration, match="nothing is indexed yet"):
        verify(context)
