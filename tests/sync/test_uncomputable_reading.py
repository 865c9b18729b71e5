"""Each row is read once where some have a value that the database cannot compute."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from customers.customer import Customer
from customers.errors import SourceError
from sync import statements
from sync.mapping import Fault
from sync.pages import Entry
from sync.source import Source
from tests.sync.merchant import BALANCES, CUSTOMER, Merchant, dated
from tests.sync.uncomputable import BAD, CODES, GOOD, add, computing, everything, name, window

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


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and segments of few rows."""
    monkeypatch.setattr("sync.source.PAGE", 3)
    monkeypatch.setattr("sync.source.SEGMENT", 7)
    monkeypatch.setattr(statements, "SEGMENT", 7)


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
