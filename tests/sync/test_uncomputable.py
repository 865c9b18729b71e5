"""A value that the database cannot compute leaves out its own row, and stops nobody else."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from customers.customer import Customer
from customers.errors import SourceError
from sync import statements
from sync.context import SyncContext
from sync.incremental import sync
from sync.mapping import Fault
from sync.pages import Entry
from sync.quarantine import entries
from sync.reindexing import reindex
from sync.settings import BalanceSettings, SourceSettings
from sync.source import Source
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import BALANCES, CUSTOMER, Merchant, dated, undated
from tests.sync.test_source_trouble import repair

# What each database makes of a phone of one 0, and cannot make of the other.
GOOD, BAD = "0", "1x"
SUMS = {
    "sqlite": "json_extract(phone, '$')",
    "postgresql": "CAST(phone AS INTEGER)",
    "mysql": "18446744073709551615 + CAST(phone AS UNSIGNED)",
}
CODES = {
    "sqlite": "OperationalError",
    "postgresql": "InvalidTextRepresentation 22P02",
    "mysql": "OperationalError 1690",
}
ROWS = 25
PLACES = {
    "first": {0},
    "last of a page": {2},
    "first of a page": {3},
    "last of a segment": {6},
    "first of a segment": {7},
    "around a segment's end": {5, 6, 7, 8},
    "a page": {3, 4, 5},
    "a segment": set(range(7, 14)),
    "every other": set(range(0, ROWS, 3)),
    "last": {ROWS - 1},
}


def computing(settings: SourceSettings, merchant: Merchant) -> SourceSettings:
    sql = SUMS[merchant.engine.dialect.name]
    return replace(settings, customer={"identifier": "number", "name": "name", "postal_code": sql})


def add(merchant: Merchant, number: str, phone: str = GOOD, *, changed: str | None = None) -> None:
    merchant.add(number, "Mette Holm", phone=phone, changed=changed)
    merchant.owe(number, 7)
    merchant.owe(number, 9, "EUR")


def spoil(merchant: Merchant, numbers: Iterator[str] | list[str], phone: str = BAD) -> None:
    moment = merchant.now
    with merchant.at_once():
        for number in numbers:
            merchant.run(
                f"UPDATE customers SET phone = '{phone}', changed = {moment} WHERE number = '{number}'"
            )


def name(place: int) -> str:
    return f"C{place:02}"


def left_out(context: SyncContext) -> dict[str | None, str]:
    return {entry.identifier: entry.reason for entry in entries(context.state)}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and segments of few rows."""
    monkeypatch.setattr("sync.source.PAGE", 3)
    monkeypatch.setattr("sync.source.SEGMENT", 7)
    monkeypatch.setattr(statements, "SEGMENT", 7)


def everything(source: Source) -> list[Entry]:
    return [entry for page in source.scan() for entry in page.entries]


def window(source: Source) -> list[Entry]:
    return [entry for page in source.window(0.0, 0.0) for entry in page.entries]


def without_time(source: Source) -> list[Entry]:
    return [entry for page in source.undated() for entry in page.entries]


def by_name(source: Source) -> list[Entry]:
    return list(source.read([name(place) for place in range(ROWS)]))


READINGS: dict[str, tuple[Callable[[Source], list[Entry]], str | None]] = {
    "scan": (everything, None),
    "window": (window, None),
    "ties in a window": (window, "'2024-01-01 00:00:00'"),
    "undated": (without_time, "NULL"),
    "read": (by_name, None),
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("reading", READINGS)
def test_every_row_is_read_once_wherever_others_fail(merchant: Merchant, reading: str) -> None:
    read, changed = READINGS[reading]
    with merchant.at_once():
        for place in range(ROWS):
            add(merchant, name(place), changed=changed)
    code = CODES[merchant.engine.dialect.name]
    for places in PLACES.values():
        spoilt = ", ".join(f"'{name(place)}'" for place in places)
        merchant.run(
            f"UPDATE customers SET phone = CASE WHEN number IN ({spoilt}) THEN '{BAD}' ELSE '{GOOD}' END"
        )
        with closing(Source(computing(dated(merchant.url), merchant))) as source:
            found = read(source)
            assert source._engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        assert sorted(str(entry.identifier) for entry in found) == [name(place) for place in range(ROWS)]
        faults = [entry for entry in found if isinstance(entry, Fault)]
        reason = f"postal_code: the database cannot compute it ({code})"
        assert {fault.identifier: fault.reason for fault in faults} == {
            name(place): reason for place in places
        }
        customers = [entry for entry in found if isinstance(entry, Customer)]
        assert all(len(customer.balances) == 2 for customer in customers)
        assert len(customers) + len(faults) == ROWS


@pytest.fixture(params=[dated, undated], ids=["by-time", "by-digest"])
def context(request: pytest.FixtureRequest, merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Reads thirty customers both ways."""
    with merchant.at_once():
        for place in range(30):
            add(merchant, name(place))
    return make_context(computing(request.param(merchant.url), merchant))


def test_its_neighbours_are_indexed_and_it_is_once_it_is_healed(
    merchant: Merchant, context: SyncContext
) -> None:
    assert sync(context).written == 30
    spoil(merchant, ["C07"])
    add(merchant, "C98", BAD)
    add(merchant, "C99")
    for _ in range(2):
        assert sync(context).quarantined == 2
        assert set(left_out(context)) == {"C07", "C98"}
        assert "1x" not in str(left_out(context))
        assert context.index.get("C07") is None
        assert context.index.get("C99") is not None
    context.source.check()
    assert verify(context) == VerifyResult()
    assert reindex(context, dry_run=True).quarantined == 2
    assert reindex(context).quarantined == 2
    spoil(merchant, ["C07"], GOOD)
    assert sync(context).quarantined == 1
    assert context.index.get("C07") is not None
    merchant.delete("C98")
    assert sync(context).quarantined == 0
    assert verify(context) == VerifyResult()


def test_a_mapping_that_fails_for_most_is_wrong(merchant: Merchant, context: SyncContext) -> None:
    sync(context)
    spoil(merchant, [name(place) for place in range(16)])
    for job in (sync, repair, reindex):
        with pytest.raises(SourceError, match="run `customer-lookup doctor`"):
            job(context)
    (live,) = (found for found in context.index.generations() if found.live)
    assert live.documents == 30
    spoil(merchant, ["C00"], GOOD)
    assert sync(context).quarantined == 15


def test_only_so_many_may_fail(
    merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.apart.MOST", 2)
    sync(context)
    spoil(merchant, ["C01", "C20"])
    assert sync(context).quarantined == 2
    spoil(merchant, ["C11"])
    for job in (sync, repair, reindex):
        with pytest.raises(SourceError, match="run `customer-lookup doctor`"):
            job(context)


def test_the_more_customers_the_more_may_fail(
    merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was a hundred, however many there are: the next one stopped every sync, however they had come."""
    monkeypatch.setattr("sync.apart.MOST", 2)
    monkeypatch.setattr("sync.apart.SHARE", 0.5)
    sync(context)
    spoil(merchant, [name(place) for place in range(15)])
    assert sync(context).quarantined == 15
    assert verify(context, repair=True).equal
    add(merchant, "C99", BAD)
    spoil(merchant, ["C15"])
    code = CODES[merchant.engine.dialect.name]
    reason = f"postal_code: the database cannot compute it ({code})"
    for job in (sync, repair, reindex):
        with pytest.raises(SourceError) as refused:
            job(context)
        assert f": 16 of 31 customers or more cannot be read, 16 for this reason: {reason};" in str(
            refused.value
        )
        assert "correct that key of the mapping, or these rows" in str(refused.value)


def test_those_that_fail_are_counted_over_the_whole_pass(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.apart.MOST", 2)
    monkeypatch.setattr("sync.source.IDENTIFIERS", 3)
    for place in range(9):
        add(merchant, name(place), BAD if place in {0, 4, 8} else GOOD)
    names = [name(place) for place in range(9)]
    with closing(Source(computing(dated(merchant.url), merchant))) as source:
        for read in (everything, window, lambda source: list(source.read(names))):
            source.renew()
            with pytest.raises(SourceError, match=": 3 of 9 customers or more cannot be read, 3 for"):
                read(source)


def test_a_row_that_fails_costs_few_statements(merchant: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was ten for each: so many more may fail only if they cost little."""
    monkeypatch.setattr("sync.apart.SHARE", 1.0)
    names = [name(place) for place in range(90)]
    with merchant.at_once():
        for number in names:
            merchant.add(number, "Mette Holm", phone=BAD)
            merchant.owe(number, 7)
        for place in range(100, 200):
            merchant.add(name(place), "Lars Hansen", phone=GOOD)
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    with closing(Source(computing(dated(merchant.url), merchant))) as source:
        event.listen(source._engine, "before_cursor_execute", count)
        assert len(list(source.read(names))) == 90
    assert statements < 90 * 3 + 30


def test_a_deleted_row_is_deleted(merchant: Merchant, context: SyncContext) -> None:
    sync(context)
    spoil(merchant, ["C07", "C08"])
    merchant.run(f"UPDATE customers SET gone = 1, changed = {merchant.now} WHERE number = 'C07'")
    assert sync(context).quarantined == 1
    assert set(left_out(context)) == {"C08"}
    assert context.index.get("C07") is None
    assert verify(context) == VerifyResult()


AMOUNTS = {
    # PostgreSQL computes the second for every balance before it joins them.
    "plain": "CAST(note AS INTEGER)",
    "coalesced": "coalesce(CAST(note AS INTEGER), 0)",
}


@pytest.mark.postgresql
@pytest.mark.parametrize("sql", AMOUNTS.values(), ids=AMOUNTS)
@pytest.mark.parametrize("currency", [False, True])
def test_a_balance_of_another_table(
    postgresql_url: str, make_context: MakeContext, sql: str, *, currency: bool
) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        with merchant.at_once():
            for place in range(30):
                add(merchant, name(place))
        merchant.run("ALTER TABLE balances ADD note TEXT DEFAULT '7'")
        merchant.run(
            "UPDATE balances SET note = 'oops', changed = now() WHERE number = 'C07' AND currency = 'EUR'"
        )
        merchant.run("DELETE FROM balances WHERE number = 'C08'")
        key: dict[str, Any] = (
            {"currency": f"chr(coalesce({sql}, 0) + 61) || 'KK'"} if currency else {"balance": sql}
        )
        if currency:
            merchant.run("DELETE FROM balances WHERE number <> 'C07' AND currency = 'EUR'")
        context = make_context(replace(dated(merchant.url), balances=replace(BALANCES, **key)))
        assert sync(context).quarantined == 1
        field = "currency" if currency else "balance"
        reason = f"balances: {field}: the database cannot compute it (InvalidTextRepresentation 22P02)"
        assert left_out(context) == {"C07": reason}
        with_none, other = context.index.get("C08"), context.index.get("C09")
        assert with_none is not None
        assert with_none.balances == ()
        assert other is not None
        assert len(other.balances) == (1 if currency else 2)
        assert verify(context) == VerifyResult()
        merchant.run("UPDATE balances SET note = '7', changed = now() WHERE number = 'C07'")
        assert sync(context).quarantined == (1 if currency else 0)


@pytest.mark.postgresql
def test_a_balance_in_the_customers_row(postgresql_url: str) -> None:
    own = BalanceSettings(currency="'DKK'", balance="CAST(phone AS INTEGER)")
    with closing(Merchant(postgresql_url)) as merchant:
        add(merchant, "C1", "7")
        add(merchant, "C2", BAD)
        with closing(Source(replace(dated(postgresql_url), balances=own))) as source:
            first, second = everything(source)
    assert isinstance(first, Customer)
    assert isinstance(second, Fault)
    assert second.reason.startswith("balances: balance: the database cannot compute it")


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "change",
    [
        {"customer": {**CUSTOMER, "identifier": "CAST(phone AS INTEGER)"}, "balances": None},
        {"updated_at": "to_timestamp(CAST(phone AS INTEGER))"},
        {"deleted": "CAST(phone AS INTEGER) = 1"},
        {"balances": replace(BALANCES, identifier="CAST(CAST(trim(number, 'C') AS INTEGER) AS TEXT)")},
    ],
    ids=["identifier", "updated_at", "deleted", "balances"],
)
def test_what_the_sync_goes_by_fails_as_a_whole(postgresql_url: str, change: dict[str, Any]) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        add(merchant, "C1")
        add(merchant, "C2X", BAD)
        with closing(Source(replace(dated(postgresql_url), **change))) as source:
            for read in (everything, window, lambda source: list(source.read(["C1", "C2X"]))):
                with pytest.raises(SourceError, match="run `customer-lookup doctor`"):
                    read(source)
