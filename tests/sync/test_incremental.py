"""One pass brings what changed, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from customers.customer import Balance
from sync import generations
from sync.context import SyncContext
from sync.incremental import sync
from sync.reindexing import reindex
from sync.report import report
from sync.settings import SourceSettings, SyncSettings
from sync.verification import verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated, undated


def test_the_first_pass_indexes_everybody(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("C1", "Lars Hansen", phone="12 34 56 78")
    merchant.add("C2", "Mette Jensen")
    result = sync(context)
    assert (result.read, result.written, result.quarantined) == (2, 2, 0)
    found = context.index.get("C1")
    assert found is not None
    assert (found.name, found.phone) == ("Lars Hansen", "12 34 56 78")


def test_a_second_pass_sends_nothing(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("C1", "Lars Hansen")
    merchant.owe("C1", 100)
    sync(context)
    result = sync(context)
    assert (result.written, result.deleted) == (0, 0)


def test_new_changed_and_deleted_customers_move(merchant: Merchant, context: SyncContext) -> None:
    for number in range(5):
        merchant.add(f"C{number}", "Lars Hansen")
    sync(context)
    merchant.rename("C1", "Lars Holm")
    merchant.delete("C2")
    merchant.run("UPDATE customers SET gone = 1 WHERE number = 'C3'")
    merchant.run(f"UPDATE customers SET changed = {merchant.now} WHERE number = 'C3'")
    merchant.add("C9", "Ida Ny")
    result = sync(context)
    assert result.deleted == 2
    assert _names(context) == {"C0": "Lars Hansen", "C1": "Lars Holm", "C4": "Lars Hansen", "C9": "Ida Ny"}


def test_a_change_of_the_balance_alone_moves_its_customer(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("C1", "Lars Hansen", changed="'2020-01-01 00:00:00'")
    merchant.owe("C1", 100)
    sync(context)
    merchant.owe("C1", 250.5)
    sync(context)
    found = context.index.get("C1")
    positive = (
        context.source.settings.balances is not None and context.source.settings.balances.owed == "positive"
    )
    expected = Decimal("-250.50") if positive else Decimal("250.50")
    assert found is not None
    assert found.balances == (Balance("DKK", expected),)


def test_identifiers_that_differ_in_case_alone_are_two_customers(
    merchant: Merchant, context: SyncContext
) -> None:
    merchant.add("abc", "Lars Hansen")
    merchant.add("ABC", "Mette Jensen")
    sync(context)
    assert _names(context) == {"abc": "Lars Hansen", "ABC": "Mette Jensen"}


def test_an_odd_row_is_left_out_and_comes_when_it_is_mended(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("C1", "Lars Hansen")
    merchant.add(None, "Nobody")
    merchant.add("", "Nobody either")
    merchant.add("C2", "Mette Jensen")
    merchant.owe("C2", 1, "DK")
    result = sync(context)
    assert (result.written, result.quarantined) == (1, 3)
    assert _names(context) == {"C1": "Lars Hansen"}
    merchant.run("DELETE FROM balances WHERE number = 'C2'")
    merchant.run("DELETE FROM customers WHERE number IS NULL OR number = ''")
    merchant.rename("C2", "Mette Holm")
    assert sync(context).quarantined in {
        0,
        1,
        2,
    }  # by time, a row without a key is only missed by a full read
    assert _names(context) == {"C1": "Lars Hansen", "C2": "Mette Holm"}


def test_customers_without_any_identifier_are_no_customers(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("", "Nobody")
    assert (sync(context).quarantined, sync(context).quarantined) == (1, 1)
    merchant.add("C1", "Lars Hansen")
    sync(context)
    assert verify(context).equal
    assert reindex(context).quarantined == 1
    assert _names(context) == {"C1": "Lars Hansen"}


def test_two_rows_with_one_identifier_are_left_out(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("C1", "Lars Hansen")
    merchant.add("C1", "Mette Jensen")
    merchant.add("C2", "Ida Ny")
    assert sync(context).quarantined == 1
    merchant.rename("C2", "Ida Holm")
    merchant.run(f"UPDATE customers SET changed = {merchant.now} WHERE name = 'Lars Hansen'")
    sync(context)
    assert _names(context) == {"C2": "Ida Holm"}
    merchant.run("DELETE FROM customers WHERE name = 'Mette Jensen'")
    merchant.rename("C1", "Lars Holm")
    assert sync(context).quarantined == 0
    assert _names(context) == {"C1": "Lars Holm", "C2": "Ida Holm"}


def test_a_deleted_row_does_not_delete_its_living_namesake(merchant: Merchant, context: SyncContext) -> None:
    merchant.add("C1", "Lars Hansen")
    sync(context)
    merchant.run("UPDATE customers SET gone = 1, changed = " + merchant.now)
    merchant.add("C1", "Lars Again")
    sync(context)
    assert _names(context) == {"C1": "Lars Again"}


def test_a_time_that_is_null_is_no_reason_to_miss_a_customer(
    sqlite_merchant: Merchant, make_context: MakeContext
) -> None:
    context = make_context(dated(sqlite_merchant.url))
    sync(context)
    sqlite_merchant.add("C1", "Lars Hansen", changed="NULL")
    sync(context)
    assert _names(context) == {"C1": "Lars Hansen"}


def test_another_mapping_is_answered_by_a_reindex(
    sqlite_merchant: Merchant, make_context: MakeContext
) -> None:
    sqlite_merchant.add("C1", "Lars Hansen", changed="'2020-01-01 00:00:00'")
    sync(make_context(dated(sqlite_merchant.url)))
    settings = dated(sqlite_merchant.url)
    changed = make_context(replace(settings, customer={"identifier": "number"}))
    sync(changed)
    found = changed.index.get("C1")
    assert found is not None
    assert found.name is None


def test_an_index_that_was_emptied_by_hand_is_answered_by_a_reindex(
    sqlite_merchant: Merchant, make_context: MakeContext
) -> None:
    sqlite_merchant.add("C1", "Lars Hansen", changed="'2020-01-01 00:00:00'")
    context = make_context(dated(sqlite_merchant.url))
    generation = sync(context).generation
    with context.index.writer(generation) as writer:
        writer.delete(["C1"])
        writer.flush()
    assert sync(context).generation != generation
    assert _names(context) == {"C1": "Lars Hansen"}


def test_the_report_says_when_the_index_caught_up(merchant: Merchant, context: SyncContext) -> None:
    assert report(context.state, context.index).synced_at is None
    merchant.add("C1", "Lars Hansen")
    sync(context)
    sync(context)
    state = report(context.state, context.index)
    assert state.synced_at is not None
    assert (state.documents, state.quarantined, state.problems) == (1, 0, ())
    assert {job.job for job in state.jobs} == {"reindex", "sync"}


def _names(context: SyncContext) -> dict[str, str | None]:
    live = next(found.name for found in context.index.generations() if found.live)
    identifiers = [identifier for identifier, _digest in context.index.digests(live)]
    customers = (context.index.get(identifier) for identifier in identifiers)
    return {customer.identifier: customer.name for customer in customers if customer is not None}


@pytest.mark.parametrize("mapping", [dated, undated])
def test_a_long_read_is_spared_a_source_that_was_read_just_now(
    sqlite_merchant: Merchant, make_context: MakeContext, mapping: Callable[[str], SourceSettings]
) -> None:
    context = make_context(mapping(sqlite_merchant.url), settings=SyncSettings(max_source_load=0.1))
    sqlite_merchant.add("C1", "Lars Hansen", changed="NULL")
    name = sync(context).generation

    def last_read(seconds_ago: float, took: float) -> None:
        with context.state.write() as connection:
            ended = context.state.now(connection) - seconds_ago
            generations.note(connection, name, scanned_at=ended, scan_seconds=took)

    last_read(seconds_ago=90, took=10)
    assert sync(context, paced=True).read == 0
    last_read(seconds_ago=110, took=10)
    assert sync(context, paced=True).read == 1
    last_read(seconds_ago=0, took=10)
    assert sync(context).read == 1
