"""What is no time in `updated_at`: it never stops a pass, and its row is never lost."""

from contextlib import closing
from dataclasses import replace

import pytest

from customers.errors import ConfigurationError
from sync import generations
from sync.context import SyncContext
from sync.incremental import sync
from sync.quarantine import entries
from sync.source import Source
from sync.verification import verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import BALANCES, Merchant, dated

REASON = "updated_at: is text that is not a time like 2024-12-31 23:59:59"


@pytest.fixture
def context(sqlite_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Reads a table whose times are text, with two customers that are indexed."""
    sqlite_merchant.add("C1", "Lars Hansen")
    sqlite_merchant.add("C9", "Mette Jensen")
    context = make_context(dated(sqlite_merchant.url))
    sync(context)
    return context


def names(context: SyncContext, *identifiers: str) -> list[str | None]:
    found = (context.index.get(identifier) for identifier in identifiers)
    return [customer.name if customer else None for customer in found]


def left_out(context: SyncContext) -> dict[str | None, str]:
    return {entry.identifier: entry.reason for entry in entries(context.state)}


def watermark(context: SyncContext) -> float:
    with context.state.read() as connection:
        live = generations.live(connection)
    assert live is not None
    assert live.watermark is not None
    return live.watermark


@pytest.mark.parametrize(
    "blank", ["''", "'   '", "char(9)", "'0000-00-00 00:00:00'", "' 2020-01-01 00:00:00'"]
)
def test_a_blank_time_is_treated_as_none(sqlite_merchant: Merchant, context: SyncContext, blank: str) -> None:
    sqlite_merchant.add("C2", "Ida Ny", changed=blank)
    assert sync(context).quarantined == 0
    sqlite_merchant.run("UPDATE customers SET name = 'Ida Holm' WHERE number = 'C2'")
    assert sync(context).written == 1
    assert names(context, "C1", "C2") == ["Lars Hansen", "Ida Holm"]
    assert verify(context).equal


def test_blank_times_alone_are_none(sqlite_merchant: Merchant, context: SyncContext) -> None:
    sqlite_merchant.run("UPDATE customers SET changed = ''")
    sqlite_merchant.run("UPDATE balances SET changed = ''")
    sqlite_merchant.add("C2", "Ida Ny", changed="''")
    assert sync(context).written == 3
    assert verify(context).equal


def test_a_column_of_numbers_may_hold_a_blank(sqlite_merchant: Merchant, make_context: MakeContext) -> None:
    sqlite_merchant.run("CREATE TABLE numbered (id INTEGER, name TEXT, changed INTEGER)")
    sqlite_merchant.run("INSERT INTO numbered VALUES (1, 'Lars Hansen', 1700000000), (2, 'Ida Ny', '')")
    settings = replace(
        dated(sqlite_merchant.url),
        from_="numbered", customer={"identifier": "id", "name": "name"}, deleted=None, balances=None,
    )  # fmt: skip
    context = make_context(settings)
    sync(context)
    sqlite_merchant.run("UPDATE numbered SET name = 'Ida Holm' WHERE id = 2")
    sqlite_merchant.run("INSERT INTO numbered VALUES (3, 'Mette Jensen', strftime('%s', 'now'))")
    assert sync(context).written == 2
    sqlite_merchant.run("INSERT INTO numbered VALUES (4, 'Nobody', 'yesterday')")
    sqlite_merchant.run(
        "UPDATE numbered SET name = 'Mette Holm', changed = strftime('%s', 'now') WHERE id = 3"
    )
    assert sync(context).quarantined == 1
    assert names(context, "1", "2", "3", "4") == ["Lars Hansen", "Ida Holm", "Mette Holm", None]


@pytest.mark.parametrize("odd", ["'yesterday'", "'99/99/9999'", "'9999-12-31T23:59:59-12:00'", "x'ff'"])
def test_an_unreadable_time_leaves_out_its_row_alone(
    sqlite_merchant: Merchant, context: SyncContext, odd: str
) -> None:
    before = watermark(context)
    sqlite_merchant.add("C2", "Ida Ny", changed=odd)
    sqlite_merchant.rename("C1", "Lars Holm")
    assert sync(context).quarantined == 1
    assert names(context, "C1", "C2", "C9") == ["Lars Holm", None, "Mette Jensen"]
    ((identifier, reason),) = left_out(context).items()
    assert identifier == "C2"
    assert reason.startswith("updated_at: is ")
    assert watermark(context) > before
    sqlite_merchant.rename("C9", "Mette Ny")
    assert sync(context).quarantined == 1
    assert names(context, "C9") == ["Mette Ny"]
    sqlite_merchant.rename("C2", "Ida Holm")
    assert sync(context).quarantined == 0
    assert names(context, "C2") == ["Ida Holm"]
    assert verify(context).equal


def test_a_new_one_that_sorts_before_every_time_is_found_by_their_number(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    sqlite_merchant.add("C2", "Ida Ny", changed="'01/02/2026'")
    assert sync(context).quarantined == 1
    assert left_out(context) == {"C2": REASON}
    assert verify(context).equal
    sqlite_merchant.rename("C2", "Ida Holm")
    assert sync(context).quarantined == 0
    assert names(context, "C1", "C2") == ["Lars Hansen", "Ida Holm"]


def test_one_that_sorts_before_every_time_now_is_found_by_verify(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    sqlite_merchant.run("UPDATE customers SET changed = '01/02/2026' WHERE number = 'C9'")
    assert sync(context).quarantined == 0
    assert verify(context, repair=True).equal
    assert left_out(context) == {"C9": REASON}
    sqlite_merchant.rename("C9", "Mette Holm")
    assert sync(context).quarantined == 0
    assert names(context, "C1", "C9") == ["Lars Hansen", "Mette Holm"]


def test_no_readable_time_at_all_leaves_everybody_out_until_there_is_one(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    sqlite_merchant.run("UPDATE customers SET changed = 'yesterday' WHERE number = 'C1'")
    sqlite_merchant.run("UPDATE customers SET changed = NULL WHERE number = 'C9'")
    assert sync(context).quarantined == 1
    assert names(context, "C1", "C9") == [None, "Mette Jensen"]
    sqlite_merchant.rename("C1", "Lars Holm")
    assert sync(context).quarantined == 0
    assert names(context, "C1") == ["Lars Holm"]


def test_a_balances_unreadable_time_hides_no_other_balance(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    sqlite_merchant.owe("C1", 100)
    sqlite_merchant.run("UPDATE balances SET changed = 'yesterday'")
    sqlite_merchant.owe("C9", 200)
    assert sync(context).quarantined == 0
    amounts = [balance.balance for name in ("C1", "C9") for balance in context.index.get(name).balances]  # type: ignore[union-attr]
    assert amounts == [100, 200]


def test_a_column_that_is_none_of_times_is_a_wrong_mapping(sqlite_merchant: Merchant) -> None:
    for number, name, currency in (("C1", "Lars Hansen", "DKK"), ("C2", "Ida Ny", "EUR"), ("C3", "", "")):
        sqlite_merchant.add(number, name)
        sqlite_merchant.owe(number, 100, currency)
    right = dated(sqlite_merchant.url)
    wrong = {
        "[source] updated_at": replace(right, updated_at="name"),
        "[source.balances] updated_at": replace(right, balances=replace(BALANCES, updated_at="currency")),
    }
    for key, settings in wrong.items():
        with closing(Source(settings)) as source, pytest.raises(ConfigurationError) as refused:
            source.check()
        assert str(refused.value).startswith(f"{key}: found ")
        assert ": is text that is not a time like " in str(refused.value)
        assert str(refused.value).endswith("; map a column of times, or leave it out")


@pytest.mark.mariadb
def test_a_zero_date_of_mysql_is_no_time(mariadb_url: str, make_context: MakeContext) -> None:
    with closing(Merchant(mariadb_url)) as merchant:
        merchant.add("C1", "Lars Hansen")
        context = make_context(dated(merchant.url))
        sync(context)
        merchant.add("C2", "Ida Ny", changed="cast(0 AS DATETIME)")
        sync(context)
        assert names(context, "C1", "C2") == ["Lars Hansen", "Ida Ny"]
        merchant.rename("C2", "Ida Holm", quietly=True)
        sync(context)
        assert names(context, "C1", "C2") == ["Lars Hansen", "Ida Holm"]


@pytest.mark.postgresql
def test_a_time_that_python_does_not_have_leaves_out_its_row_alone(
    postgresql_url: str, make_context: MakeContext
) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.add("C1", "Lars Hansen")
        merchant.add("C2", "Ida Ny", changed="'infinity'")
        merchant.add("C3", "Mette Jensen", changed="'-infinity'")
        merchant.add("C4", "Odd Dahl", changed="'20000-01-01'")
        context = make_context(dated(merchant.url))
        assert sync(context).quarantined == 3
        assert left_out(context) == dict.fromkeys(("C2", "C3", "C4"), REASON)
        merchant.rename("C1", "Lars Holm")
        merchant.rename("C2", "Ida Holm")
        assert sync(context).quarantined == 2
        assert names(context, "C1", "C2", "C3") == ["Lars Holm", "Ida Holm", None]


@pytest.mark.postgresql
def test_text_as_times_in_postgresql(postgresql_url: str, make_context: MakeContext) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.run("ALTER TABLE customers ALTER changed TYPE varchar(40)")
        merchant.add("C1", "Lars Hansen")
        context = make_context(dated(merchant.url))
        sync(context)
        merchant.add("C2", "Ida Ny", changed="''")
        merchant.add("C3", "Mette Jensen", changed="'yesterday'")
        merchant.rename("C1", "Lars Holm")
        assert sync(context).quarantined == 1
        assert names(context, "C1", "C2", "C3") == ["Lars Holm", "Ida Ny", None]


@pytest.mark.postgresql
def test_a_number_that_is_none_is_no_time(postgresql_url: str, make_context: MakeContext) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.run("ALTER TABLE customers ALTER changed TYPE float8 USING extract(epoch FROM changed)")
        now = "extract(epoch FROM now())"
        merchant.add("C1", "Lars Hansen", changed=now)
        merchant.add("C2", "Ida Ny", changed="'NaN'")
        context = make_context(replace(dated(merchant.url), balances=None))
        assert sync(context).quarantined == 1
        merchant.run(f"UPDATE customers SET name = 'Lars Holm', changed = {now} WHERE number = 'C1'")
        assert sync(context).quarantined == 1
        assert names(context, "C1", "C2") == ["Lars Holm", None]
