"""When much of the merchant's table is left out, the report says so and why."""

import pytest

from sync import shortfall
from sync.incremental import sync
from sync.reindexing import reindex
from sync.report import report
from sync.shortfall import FEWEST, is_large
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated


def test_decimal_commas_are_noticed(
    sqlite_merchant: Merchant, database_url: str, make_context: MakeContext
) -> None:
    """On every kind of state database: eleven balances have a comma, one row another fault."""
    for number in range(30):
        sqlite_merchant.add(f"C{number}", "Lars Hansen")
    sqlite_merchant.run(
        "INSERT INTO balances (number, currency, amount) SELECT number, 'DKK', 1 FROM customers"
    )
    sqlite_merchant.run("UPDATE balances SET amount = '1,5' WHERE number LIKE 'C1%'")
    sqlite_merchant.run("UPDATE customers SET blocked = 'perhaps' WHERE number = 'C2'")
    context = make_context(dated(sqlite_merchant.url), state_url=database_url)
    assert reindex(context).quarantined == 12
    assert report(context.state, context.index).problems == (
        "quarantine: 12 of 30 customers are left out of the index, 11 for this reason: balances: balance:"
        " is text that is not a number like 1234.56; correct the mapping, or the rows; see `customer-lookup"
        " quarantine`",
    )
    sqlite_merchant.run(f"UPDATE balances SET amount = 1.5, changed = {sqlite_merchant.now}")
    sync(context)
    assert report(context.state, context.index).problems == ()


def test_a_glance_at_the_reasons_is_enough(
    sqlite_merchant: Merchant, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortfall, "LOOKED_AT", 7)
    for number in range(8):
        sqlite_merchant.add(f"C{number}", "Lars Hansen")
    sqlite_merchant.run("UPDATE customers SET blocked = 'perhaps'")
    context = make_context(dated(sqlite_merchant.url))
    reindex(context)
    (problem,) = report(context.state, context.index).problems
    assert "8 of 8 customers are left out of the index, 7 of the first 7 for this reason: block" in problem


@pytest.mark.parametrize(
    ("left_out", "of", "large"),
    [
        pytest.param(FEWEST, FEWEST, True, id="all"),
        pytest.param(10, 100, True, id="a-tenth"),
        pytest.param(9, 100, False, id="less"),
        pytest.param(FEWEST - 1, FEWEST, False, id="a-few"),
        pytest.param(0, 0, False, id="nobody"),
    ],
)
def test_some_odd_rows_are_no_problem(left_out: int, of: int, large: bool) -> None:
    assert is_large(left_out, of) is large
