"""Times that are numbers: each row's own size says its unit, whatever the others of its column are."""

from contextlib import closing
from dataclasses import replace

import pytest

from sync.incremental import sync
from sync.settings import SourceSettings
from sync.source import Source
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated

SINCE = 1_772_971_205.0
SECONDS, MILLISECONDS, MICROSECONDS = 99_999_999_999, 99_999_999_999_999, 9_999_999_999_999_999
BEFORE = [-5, 0, 1_772_971_204, 100_000_000_000, 1_772_971_204_999, 10**14, 1_772_971_204_999_999]
AFTER = [1_772_971_205, SECONDS, 1_772_971_205_000, MILLISECONDS, 1_772_971_205_000_000, MICROSECONDS]
# The year 9999 in seconds. As a number of milliseconds it is long ago.
NEVER = 253_402_300_799
NOW = {
    "sqlite": "CAST(strftime('%s', 'now') AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) AS BIGINT)",
    "mysql": "unix_timestamp()",
}


@pytest.fixture
def numbered(merchant: Merchant) -> Merchant:
    """A merchant whose customers have a number as their time."""
    merchant.run("DROP TABLE customers")
    merchant.run("CREATE TABLE customers (number VARCHAR(60), name VARCHAR(200), changed BIGINT)")
    merchant.run("CREATE INDEX customers_changed ON customers (changed)")
    return merchant


def settings(merchant: Merchant) -> SourceSettings:
    customer = {"identifier": "number", "name": "name"}
    return replace(dated(merchant.url), customer=customer, balances=None, deleted=None)


def insert(merchant: Merchant, number: str, changed: str) -> None:
    merchant.run(f"INSERT INTO customers VALUES ('{number}', 'Lars Hansen', {changed})")


def changed(merchant: Merchant) -> list[str | None]:
    with closing(Source(settings(merchant))) as source:
        return [entry.identifier for page in source.window(SINCE, 0.0) for entry in page.entries]


@pytest.mark.parametrize("greatest", [SECONDS, MILLISECONDS, MICROSECONDS])
def test_each_row_is_judged_by_its_own_unit(numbered: Merchant, greatest: int) -> None:
    moments = [moment for moment in (*BEFORE, *AFTER) if moment <= greatest]
    for moment in moments:
        insert(numbered, str(moment), str(moment))
    assert changed(numbered) == [str(moment) for moment in sorted(moments) if moment in AFTER]


def test_segments_go_on_from_one_unit_to_the_next(
    numbered: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sync.statements.SEGMENT", "sync.source.SEGMENT", "sync.source.PAGE"):
        monkeypatch.setattr(name, 2)
    for moment in (*BEFORE, *AFTER):
        insert(numbered, str(moment), str(moment))
    assert list(dict.fromkeys(changed(numbered))) == [str(moment) for moment in sorted(AFTER)]


@pytest.mark.parametrize("odd", [str(NEVER), "1000 * {now}", "1000000 * {now}"])
def test_a_row_in_another_unit_hides_no_change(
    numbered: Merchant, make_context: MakeContext, odd: str
) -> None:
    """Every change was missed until the next verify."""
    now = NOW[numbered.engine.dialect.name]
    insert(numbered, "C1", f"{now} - 86400")
    insert(numbered, "C2", odd.format(now=now))
    context = make_context(settings(numbered))
    sync(context)
    numbered.run(f"UPDATE customers SET name = 'Lars Holm', changed = {now} WHERE number = 'C1'")
    assert sync(context).written == 1
    assert verify(context) == VerifyResult()


def test_sqlite_may_have_text_among_numbers(sqlite_merchant: Merchant) -> None:
    merchant = sqlite_merchant
    merchant.run("DROP TABLE customers")
    merchant.run("CREATE TABLE customers (number TEXT, name TEXT, changed INTEGER)")
    for moment in (*BEFORE, *AFTER):
        insert(merchant, str(moment), str(moment))
    insert(merchant, "earlier text", "'2026-03-08 12:00:00'")
    insert(merchant, "later text", "'2026-03-08 12:00:10'")
    assert changed(merchant) == [*(str(moment) for moment in sorted(AFTER)), "later text"]


def test_sqlite_may_have_numbers_among_dates(sqlite_merchant: Merchant) -> None:
    merchant = sqlite_merchant
    merchant.run("DROP TABLE customers")
    merchant.run("CREATE TABLE customers (number TEXT, name TEXT, changed INTEGER)")
    insert(merchant, "number", str(AFTER[0]))
    insert(merchant, "date", "'2026-03-08'")
    insert(merchant, "earlier date", "'2026-03-01'")
    assert changed(merchant) == ["number", "date"]
