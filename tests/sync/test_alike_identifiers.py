"""Identifiers that the database takes for equal although they are written differently: in capitals and small
letters where its collation says so, as MariaDB's does by default."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from sync.context import SyncContext
from sync.incremental import sync
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import LONG_AGO, Merchant, dated, undated

CASELESS = [
    pytest.param(("sqlite_url", "VARCHAR(60) COLLATE NOCASE"), id="sqlite"),
    pytest.param(("mariadb_url", "VARCHAR(60)"), id="mariadb", marks=pytest.mark.mariadb),
]


@pytest.fixture(params=CASELESS)
def caseless(request: pytest.FixtureRequest) -> Iterator[Merchant]:
    """A merchant whose database takes `k5` and `K5` for equal."""
    url, key = request.param
    with closing(Merchant(request.getfixturevalue(url), key=key)) as merchant:
        yield merchant


@pytest.fixture(params=[dated, undated], ids=["by-time", "by-digest"])
def context(request: pytest.FixtureRequest, caseless: Merchant, make_context: MakeContext) -> SyncContext:
    return make_context(request.param(caseless.url))


def accounts(context: SyncContext, identifier: str) -> list[tuple[str, int]]:
    customer = context.index.get(identifier)
    assert customer is not None
    return [(balance.currency, abs(int(balance.balance or 0))) for balance in customer.balances]


def test_both_are_customers_with_all_their_balances(caseless: Merchant, context: SyncContext) -> None:
    for number in range(20):
        caseless.add(f"k{number}", "Lars Hansen", changed=LONG_AGO)
        caseless.add(f"K{number}", "Odd Dahl", changed=LONG_AGO)
        caseless.run(
            "INSERT INTO balances (number, currency, amount, changed) VALUES"
            f" ('k{number}', 'DKK', 1, {caseless.now}), ('K{number}', 'EUR', 2, {caseless.now}),"
            f" ('k{number}', 'SEK', 3, {caseless.now})"
        )
    sync(context)
    assert verify(context) == VerifyResult()
    assert accounts(context, "k5") == accounts(context, "K5") == [("DKK", 1), ("EUR", 2), ("SEK", 3)]
    found = sync(context)
    assert (found.written, found.deleted, found.quarantined) == (0, 0, 0)
