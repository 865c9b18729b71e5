"""A balance that the database cannot compute leaves out its customer, and nobody else."""

from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from customers.customer import Customer
from sync.incremental import sync
from sync.mapping import Fault
from sync.settings import BalanceSettings
from sync.source import Source
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import BALANCES, Merchant, dated
from tests.sync.uncomputable import BAD, add, everything, left_out, name

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
