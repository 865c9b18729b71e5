"""Since when a row is left out: it is told to a person, who wants to know how long that has been so."""

import time

from sync.incremental import sync
from sync.quarantine import entries
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated


def test_a_row_that_is_left_out_again_keeps_its_first_time(
    sqlite_merchant: Merchant, make_context: MakeContext
) -> None:
    sqlite_merchant.run(
        "INSERT INTO customers (number, name, blocked) VALUES ('C1', 'Lars Hansen', 'perhaps')"
    )
    sqlite_merchant.run("INSERT INTO customers (name) VALUES ('Nobody')")
    context = make_context(dated(sqlite_merchant.url))
    sync(context)
    first = {entry.identifier: entry.since for entry in entries(context.state)}
    assert set(first) == {"C1", None}
    time.sleep(0.05)
    sqlite_merchant.run("UPDATE customers SET blocked = 'never' WHERE number = 'C1'")
    sqlite_merchant.rename("C1", "Lars Holm")
    sync(context)
    assert [entry.since for entry in entries(context.state) if entry.identifier] == [first["C1"]]
