"""Whatever takes most customers away at once leaves the index as it is, until somebody says it is right."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from customers.errors import SourceError
from sync import generations, quarantine
from sync.context import SyncContext
from sync.guard import EMPTIED_FROM
from sync.incremental import sync
from sync.ledger import Ledger
from sync.pages import Page
from sync.reindexing import reindex
from sync.report import report
from sync.rollback import rollback
from sync.settings import SourceSettings
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated, undated

SHOP = 40
Harm = Callable[[Merchant], None]


def repair(context: SyncContext) -> VerifyResult:
    return verify(context, repair=True)


def _currency(merchant: Merchant, those: str, currency: str) -> None:
    now = merchant.now
    merchant.run(f"UPDATE balances SET currency = '{currency}', changed = {now} WHERE number {those}")


def _mark(merchant: Merchant, those: str, gone: int = 1) -> None:
    merchant.run(f"UPDATE customers SET gone = {gone}, changed = {merchant.now} WHERE number {those}")


def _two_thirds_in_three_ways(merchant: Merchant) -> None:
    _currency(merchant, "< 'C10'", "Kr.")
    _mark(merchant, "BETWEEN 'C10' AND 'C19'")
    merchant.run("DELETE FROM customers WHERE number BETWEEN 'C20' AND 'C26'")


HARMS: dict[str, Harm] = {
    "cannot be mapped": lambda merchant: _currency(merchant, "IS NOT NULL", "Kr."),
    "cannot be mapped, as raw SQL does it": lambda merchant: merchant.run(
        "UPDATE balances SET currency = 'Kr.'"
    ),
    "marked": lambda merchant: _mark(merchant, "IS NOT NULL"),
    "deleted": lambda merchant: merchant.run("DELETE FROM customers WHERE number <> 'C00'"),
    "times went away": lambda merchant: merchant.run("UPDATE customers SET gone = 1, changed = NULL"),
    "some of each": _two_thirds_in_three_ways,
}


@pytest.fixture(params=[dated, undated], ids=["by-time", "by-digest"])
def shop(request: pytest.FixtureRequest, sqlite_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Enough customers for the guard, indexed."""
    with sqlite_merchant.at_once():
        for number in range(SHOP):
            sqlite_merchant.add(f"C{number:02}", "Lars Hansen")
            sqlite_merchant.owe(f"C{number:02}", 100)
    context = make_context(request.param(sqlite_merchant.url))
    sync(context)
    sync(context)
    return context


def documents(context: SyncContext) -> int:
    return next(found.documents for found in context.index.generations() if found.live)


def doubted(context: SyncContext) -> list[str]:
    with context.state.read() as connection:
        live = generations.live(connection)
        assert live is not None
        return Ledger(live.name).doubted(connection)


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
@pytest.mark.parametrize("job", [sync, repair])
def test_most_customers_are_never_lost_at_once(
    sqlite_merchant: Merchant, shop: SyncContext, harm: Harm, job: Callable[[SyncContext], Any]
) -> None:
    harm(sqlite_merchant)
    for _ in range(3):
        with pytest.raises(SourceError, match=rf"where the index has {SHOP}.*nothing was deleted.*--force"):
            job(shop)
    assert (documents(shop), quarantine.entries(shop.state), doubted(shop)) == (SHOP, [], [])
    (problem,) = report(shop.state, shop.index).problems
    assert "nothing was deleted" in problem


@pytest.mark.parametrize("mapping", [dated, undated])
def test_a_small_shop_is_never_emptied_at_once(
    sqlite_merchant: Merchant, make_context: MakeContext, mapping: Callable[[str], SourceSettings]
) -> None:
    for number in range(EMPTIED_FROM):
        sqlite_merchant.add(f"C{number}", "Lars Hansen")
    context = make_context(mapping(sqlite_merchant.url))
    sync(context)
    sqlite_merchant.run("DELETE FROM customers")
    for job in (sync, repair, reindex):
        with pytest.raises(SourceError, match=r"has 0 customers .* nothing was deleted"):
            job(context)
    assert documents(context) == EMPTIED_FROM
    sqlite_merchant.add("C1", "Lars Hansen")
    assert sync(context).deleted == EMPTIED_FROM - 1


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_what_is_right_is_accepted(sqlite_merchant: Merchant, shop: SyncContext, harm: Harm) -> None:
    harm(sqlite_merchant)
    with pytest.raises(SourceError):
        sync(shop)
    with pytest.raises(SourceError, match="nothing was deleted"):
        reindex(shop)
    reindex(shop, force=True)
    assert documents(shop) < SHOP / 2
    # Those whose rows cannot be mapped are still a problem, though not a job's.
    assert all("left out of the index" in problem for problem in report(shop.state, shop.index).problems)
    assert verify(shop) == VerifyResult()


def test_why_rows_cannot_be_mapped_is_said(sqlite_merchant: Merchant, shop: SyncContext) -> None:
    HARMS["cannot be mapped"](sqlite_merchant)
    for job in (sync, repair, reindex):
        with pytest.raises(SourceError, match=rf"{SHOP} rows that cannot become one, .*currency"):
            job(shop)


def test_what_is_mended_in_the_source_needs_no_reindex(sqlite_merchant: Merchant, shop: SyncContext) -> None:
    _two_thirds_in_three_ways(sqlite_merchant)
    sqlite_merchant.rename("C39", "Lars Holm")
    with pytest.raises(SourceError):
        sync(shop)
    found = shop.index.get("C39")
    assert found is not None
    assert found.name == "Lars Holm"
    _currency(sqlite_merchant, "IS NOT NULL", "DKK")
    _mark(sqlite_merchant, "IS NOT NULL", gone=0)
    result = sync(shop)
    assert (result.deleted, result.quarantined) == (7, 0)
    assert result.generation == report(shop.state, shop.index).generation
    assert {job.job: job.runs for job in report(shop.state, shop.index).jobs}["reindex"] == 1
    assert verify(shop) == VerifyResult()


def test_fewer_than_half_leave_at_once(sqlite_merchant: Merchant, shop: SyncContext) -> None:
    _currency(sqlite_merchant, "< 'C05'", "Kr.")
    _mark(sqlite_merchant, "BETWEEN 'C05' AND 'C09'")
    merchant_deletes = "DELETE FROM customers WHERE number BETWEEN 'C10' AND 'C19'"
    sqlite_merchant.run(merchant_deletes)
    result = sync(shop)
    assert (result.deleted, result.quarantined, documents(shop)) == (15, 5, 20)
    assert verify(shop) == VerifyResult()


def test_other_numbers_for_all_are_no_loss(sqlite_merchant: Merchant, shop: SyncContext) -> None:
    for table in ("customers", "balances"):
        now = sqlite_merchant.now
        sqlite_merchant.run(f"UPDATE {table} SET number = 'D' || number, changed = {now}")
    assert sync(shop).deleted == SHOP
    assert documents(shop) == SHOP


def test_a_generation_that_is_emptied_before_it_goes_live_does_not(
    sqlite_merchant: Merchant, shop: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = shop.source.scan

    def scan_then_harm(after: str | None = None) -> Iterator[Page]:
        yield from scan(after)
        HARMS["marked"](sqlite_merchant)

    monkeypatch.setattr(shop.source, "scan", scan_then_harm)
    with pytest.raises(SourceError, match="nothing was deleted"):
        reindex(shop)
    assert documents(shop) == SHOP


def test_a_rollback_does_not_lose_most_customers(sqlite_merchant: Merchant, shop: SyncContext) -> None:
    live = reindex(shop).generation
    HARMS["cannot be mapped"](sqlite_merchant)
    with pytest.raises(SourceError, match="nothing was deleted"):
        rollback(shop)
    assert (documents(shop), report(shop.state, shop.index).generation) == (SHOP, live)
