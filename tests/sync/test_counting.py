"""By time, rows that went away are told by their number: whatever else keeps that number, none stays hidden
that arithmetic can tell."""

from unittest.mock import Mock

import pytest

from sync import passes
from sync.context import SyncContext
from sync.incremental import sync
from sync.reindexing import reindex
from sync.verification import verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import LONG_AGO, Merchant, dated


@pytest.fixture
def context(merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Reads the merchant by time."""
    return make_context(dated(merchant.url))


@pytest.fixture
def keys_read(context: SyncContext, monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Called whenever all keys are read."""
    reading = Mock(side_effect=context.source.identifiers)
    monkeypatch.setattr(context.source, "identifiers", reading)
    return reading


def indexed(context: SyncContext) -> set[str]:
    live = next(found.name for found in context.index.generations() if found.live)
    return {identifier for identifier, _digest in context.index.digests(live)}


def add(merchant: Merchant, *numbers: str) -> None:
    for number in numbers:
        merchant.add(number, "Lars Hansen", changed=LONG_AGO)


def test_two_rows_of_one_identifier_hide_no_deletion(merchant: Merchant, context: SyncContext) -> None:
    add(merchant, "B", "C")
    merchant.add("A", "Lars Hansen", changed=LONG_AGO)
    merchant.add("A", "Mette Jensen", changed=LONG_AGO)
    assert sync(context).quarantined == 1
    merchant.delete("B")
    assert sync(context).deleted == 1
    assert indexed(context) == {"C"}


def test_a_second_row_that_comes_hides_no_deletion(merchant: Merchant, context: SyncContext) -> None:
    add(merchant, "A", "B", "C")
    sync(context)
    merchant.add("A", "Mette Jensen")
    assert sync(context).quarantined == 1
    assert indexed(context) == {"B", "C"}
    merchant.delete("B")
    sync(context)
    assert indexed(context) == {"C"}


def test_the_row_that_is_left_of_two_comes_back(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("A", "Lars Hansen", changed=LONG_AGO)
    merchant.add("A", "Mette Jensen", changed=LONG_AGO)
    assert sync(context).quarantined == 1
    merchant.run("DELETE FROM customers WHERE name = 'Mette Jensen'")
    assert sync(context).quarantined == 0
    assert indexed(context) == {"A"}


def test_a_row_that_came_with_an_old_time_is_brought(merchant: Merchant, context: SyncContext) -> None:
    add(merchant, "A", "B")
    sync(context)
    add(merchant, "C")
    assert sync(context).written == 1
    merchant.delete("B")
    assert sync(context).deleted == 1
    assert indexed(context) == {"A", "C"}


def test_a_row_without_an_identifier_hides_no_deletion(merchant: Merchant, context: SyncContext) -> None:
    add(merchant, "A", "B")
    sync(context)
    add(merchant, "")
    assert sync(context).quarantined == 1
    merchant.delete("B")
    assert sync(context).deleted == 1
    assert indexed(context) == {"A"}


def test_keys_are_not_read_for_nothing(merchant: Merchant, context: SyncContext, keys_read: Mock) -> None:
    add(merchant, "A", "A", "A", "B", "C", "", "")
    merchant.add("C", "Another Hansen", changed=LONG_AGO)
    merchant.add(None, "Nobody", changed=LONG_AGO)
    merchant.add("D", "Lars Hansen", changed=LONG_AGO)
    merchant.owe("D", 1, "D1")
    sync(context)
    sync(context)
    keys_read.reset_mock()
    for _ in range(2):
        sync(context)
    merchant.rename("B", "Lars Holm")
    merchant.add("E", "Mette Jensen")
    sync(context)
    assert keys_read.call_count == 0
    assert "E" in indexed(context)


def test_rows_that_come_meanwhile_are_no_reason_to_read_keys(
    merchant: Merchant, context: SyncContext, keys_read: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(merchant, "A", "B")
    sync(context)
    keys_read.reset_mock()
    count, coming = context.source.count, ["C", "D"]

    def busy() -> int:
        if coming:
            merchant.add(coming.pop(), "Mette Jensen")
        return count()

    monkeypatch.setattr(context.source, "count", busy)
    assert sync(context).written == 2
    assert keys_read.call_count == 0
    assert indexed(context) == {"A", "B", "C", "D"}


def test_a_row_that_comes_while_keys_are_read_hides_no_deletion(
    merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(merchant, "A", "B", "C")
    sync(context)
    merchant.delete("A")
    identifiers = context.source.identifiers
    coming = ["D"]

    def busy() -> object:
        while coming:
            merchant.add(coming.pop(), "Mette Jensen")
        return identifiers()

    with monkeypatch.context() as patch:
        patch.setattr(context.source, "identifiers", busy)
        sync(context)
    merchant.delete("B")
    sync(context)
    assert indexed(context) == {"C", "D"}


def test_where_all_keys_are_known_none_are_kept(
    merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their sum tells, and counts the row that is nobody's."""
    add(merchant, "A", "B")
    merchant.add(None, "Nobody")
    reindex(context)
    with monkeypatch.context() as patch:
        patch.delattr(passes, "Comparison")
        assert reindex(context).quarantined == 1
    assert indexed(context) == {"A", "B"}
    merchant.delete("B")
    sync(context)
    assert indexed(context) == {"A"}


@pytest.mark.parametrize(("number", "right"), [("C", {"A", "C"}), ("A", set())])
def test_what_no_number_tells_is_found_by_verify(
    merchant: Merchant, context: SyncContext, number: str, right: set[str]
) -> None:
    add(merchant, "A", "B")
    sync(context)
    merchant.delete("B")
    merchant.add(number, "Mette Jensen", changed=LONG_AGO)
    sync(context)
    assert indexed(context) == {"A", "B"}
    assert not verify(context).equal
    assert verify(context, repair=True).equal
    assert indexed(context) == right
