"""Values of several types that become the same identifier are two rows with one identifier, whichever way
they are met."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from customers.customer import Customer
from sync.context import SyncContext
from sync.incremental import sync
from sync.mapping import Fault
from sync.quarantine import entries
from sync.reindexing import reindex
from sync.settings import SourceSettings
from sync.source import Source
from sync.verification import verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated, undated

NOT_UNIQUE = "identifier is not unique: two rows of the source have it"
NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"


@pytest.fixture
def merchant(sqlite_url: str) -> Iterator[Merchant]:
    """A merchant whose `mixed` customers may have numbers of any type."""
    with closing(Merchant(sqlite_url)) as merchant:
        merchant.run("CREATE TABLE mixed (number, name TEXT, gone INTEGER DEFAULT 0, changed TEXT)")
        yield merchant


def add(merchant: Merchant, number: str, name: str) -> None:
    merchant.run(f"INSERT INTO mixed (number, name, changed) VALUES ({number}, '{name}', {NOW})")


@pytest.fixture(params=[dated, undated], ids=["by-time", "by-digest"])
def settings(request: pytest.FixtureRequest, merchant: Merchant) -> SourceSettings:
    """Reads them both ways."""
    right: SourceSettings = request.param(merchant.url)
    return replace(right, from_="mixed", customer={"identifier": "number", "name": "name"}, balances=None)


@pytest.fixture
def context(settings: SourceSettings, make_context: MakeContext) -> SyncContext:
    return make_context(settings)


def names(context: SyncContext) -> dict[str, str | None]:
    live = next(found.name for found in context.index.generations() if found.live)
    found = (context.index.get(identifier) for identifier, _ in context.index.digests(live))
    return {customer.identifier: customer.name for customer in found if customer is not None}


def left_out(context: SyncContext) -> dict[str | None, str]:
    return {entry.identifier: entry.reason for entry in entries(context.state)}


@pytest.mark.parametrize("other", ["'1'", "x'31'"])
def test_both_are_left_out_whichever_comes_first(
    merchant: Merchant, context: SyncContext, other: str
) -> None:
    add(merchant, "1", "Lars Hansen")
    add(merchant, "2", "Ida Ny")
    add(merchant, "'C'", "Mette Jensen")
    sync(context)
    assert names(context) == {"1": "Lars Hansen", "2": "Ida Ny", "C": "Mette Jensen"}
    add(merchant, other, "Odd Dahl")
    for _ in range(2):
        assert sync(context).quarantined == 1
        assert names(context) == {"2": "Ida Ny", "C": "Mette Jensen"}
        assert left_out(context) == {"1": NOT_UNIQUE}
    assert verify(context).equal
    assert reindex(context).quarantined == 1
    assert names(context) == {"2": "Ida Ny", "C": "Mette Jensen"}
    assert reindex(context, dry_run=True).quarantined == 1


def test_the_one_that_is_left_comes_back(merchant: Merchant, context: SyncContext) -> None:
    add(merchant, "1", "Lars Hansen")
    add(merchant, "'1'", "Odd Dahl")
    assert sync(context).quarantined == 1
    merchant.run(f"UPDATE mixed SET changed = {NOW}, name = 'Lars Holm' WHERE typeof(number) = 'integer'")
    assert sync(context).quarantined == 1
    merchant.run("DELETE FROM mixed WHERE typeof(number) = 'text'")
    merchant.run(f"UPDATE mixed SET changed = {NOW}")
    assert sync(context).quarantined == 0
    assert names(context) == {"1": "Lars Holm"}


def test_a_deleted_one_does_not_delete_its_living_namesake(merchant: Merchant, context: SyncContext) -> None:
    add(merchant, "1", "Lars Hansen")
    add(merchant, "'1'", "Odd Dahl")
    merchant.run("UPDATE mixed SET gone = 1 WHERE typeof(number) = 'text'")
    for _ in range(2):
        assert sync(context).quarantined == 0
        assert names(context) == {"1": "Lars Hansen"}
    assert verify(context).equal


def test_a_change_of_a_number_among_texts_is_no_deletion(merchant: Merchant, context: SyncContext) -> None:
    for number in ("1", "2.5", "'C'", "'01'", "9e18", "x'ff'"):
        add(merchant, number, "Lars Hansen")
    expected = {"1", "2.5", "C", "01", "9000000000000000000", "ff"}
    sync(context)
    assert set(names(context)) == expected
    merchant.run(f"UPDATE mixed SET name = 'Lars Holm', changed = {NOW}")
    sync(context)
    assert names(context) == dict.fromkeys(expected, "Lars Holm")
    assert {entry.identifier for entry in context.source.read([*expected])} == expected
    assert verify(context).equal


def test_reading_goes_on_after_a_number_among_texts(merchant: Merchant, settings: SourceSettings) -> None:
    for number in ("9", "10", "11", "'C'"):
        add(merchant, number, "Lars Hansen")
    with closing(Source(settings)) as source:
        pages = list(source.scan("10"))
    assert [entry.identifier for page in pages for entry in page.entries] == ["10", "11", "C"]


@pytest.mark.mariadb
def test_bytes_and_the_text_of_their_digits(mariadb_url: str) -> None:
    with closing(Merchant(mariadb_url)) as merchant:
        merchant.run("CREATE TABLE odd (id VARBINARY(16), name VARCHAR(40))")
        merchant.run(
            "INSERT INTO odd VALUES (x'ff', 'Lars'), ('ff', 'Odd'), ('abcd', 'Ida'), (x'00ff', 'Mette')"
        )
        fields = {"identifier": "id", "name": "name"}
        settings = SourceSettings(url=mariadb_url, from_="odd", customer=fields)
        with closing(Source(settings)) as source:
            found = [entry for page in source.scan() for entry in page.entries]
            assert set(found) == {Fault("ff", NOT_UNIQUE), Customer("abcd", "Ida"), Customer("00ff", "Mette")}
            assert list(source.read(["abcd", "00ff"])) == [Customer("abcd", "Ida"), Customer("00ff", "Mette")]
            after = [entry.identifier for page in source.scan("00ff") for entry in page.entries]
            assert after == ["00ff", "abcd", "ff"]


def test_a_number_that_is_none_is_nobodys(merchant: Merchant, context: SyncContext) -> None:
    for number in ("1", "9e999", "-9e999", "'Inf'"):
        add(merchant, number, "Lars Hansen")
    for _ in range(2):
        assert sync(context).quarantined == 2
        assert set(names(context)) == {"1", "Inf"}
        assert left_out(context) == {None: "identifier is not a finite number"}
    assert verify(context).equal
    assert reindex(context).quarantined == 2


@pytest.mark.postgresql
def test_a_number_of_postgresql_that_is_none_is_nobodys(
    postgresql_url: str, make_context: MakeContext
) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.run("CREATE TABLE odd (id NUMERIC, changed TIMESTAMPTZ)")
        merchant.run("INSERT INTO odd VALUES ('NaN', now()), (1.50, now())")
        settings = SourceSettings(
            url=postgresql_url, from_="odd", customer={"identifier": "id"}, updated_at="changed"
        )
        context = make_context(settings)
        assert (sync(context).quarantined, sync(context).quarantined) == (1, 1)
        assert left_out(context) == {None: "identifier is not a finite number"}
        assert set(names(context)) == {"1.50"}


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("sql", "identifier"),
    [("true", "true"), ("date '2024-02-29'", "2024-02-29"), ("1.50", "1.50"), ("now()", None)],
)
def test_any_type_is_read_back_by_its_text(
    postgresql_url: str, make_context: MakeContext, sql: str, identifier: str | None
) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.run("CREATE TABLE odd (name TEXT)")
        merchant.run("INSERT INTO odd VALUES ('Lars Hansen')")
        fields = {"identifier": sql, "name": "name"}
        context = make_context(SourceSettings(url=postgresql_url, from_="odd", customer=fields))
        assert sync(context).written == 1
        assert list(context.source.read(["nobody"])) == []
        if identifier is not None:
            assert list(context.source.read([identifier])) == [Customer(identifier, "Lars Hansen")]
