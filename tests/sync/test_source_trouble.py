"""Whatever goes wrong in the merchant's database is tried again or reported; it is never taken for "all
customers were deleted"."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import make_url, text

from customers.errors import SourceError, SourceUnavailable
from sync.context import SyncContext
from sync.incremental import sync
from sync.reindexing import reindex
from sync.source import Source
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import TIMES, Merchant, dated

CUSTOMERS = 30
SERVERS = [
    pytest.param("postgresql_url", marks=pytest.mark.postgresql),
    pytest.param("mariadb_url", marks=pytest.mark.mariadb),
]
# How an administrator ends every connection but his own.
CONNECTIONS = {
    "postgresql": "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = :name",
    "mysql": "SELECT id FROM information_schema.processlist WHERE id <> connection_id() AND db = :name",
}
END = {"postgresql": "SELECT pg_terminate_backend({})", "mysql": "KILL {}"}


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Merchant]:
    """A merchant with a server of databases, and enough customers for a loss to be noticed."""
    with closing(Merchant(request.getfixturevalue(request.param))) as merchant:
        fill(merchant)
        yield merchant


@pytest.fixture
def context(merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Reads a merchant on each kind of database."""
    return make_context(dated(merchant.url))


def fill(merchant: Merchant) -> None:
    with merchant.at_once():
        for number in range(CUSTOMERS):
            merchant.add(f"C{number:02}", "Lars Hansen")


def end_connections(merchant: Merchant) -> None:
    dialect = merchant.engine.dialect.name
    merchant.engine.dispose()
    with merchant.engine.begin() as connection:
        name = make_url(merchant.url).database
        for number in connection.scalars(text(CONNECTIONS[dialect]), {"name": name}).all():
            connection.execute(text(END[dialect].format(number)))


def assert_nothing_is_lost(context: SyncContext, *jobs: Callable[[SyncContext], object]) -> None:
    """Each job says no in our words, and the index is as it was."""
    for job in jobs:
        with pytest.raises(SourceError) as refused:
            job(context)
        assert "Lars" not in str(refused.value)
    (live,) = (found for found in context.index.generations() if found.live)
    assert live.documents == CUSTOMERS


def repair(context: SyncContext) -> object:
    return verify(context, repair=True)


def test_a_connection_that_drops_between_pages_is_made_again(
    server: Merchant, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.source.PAGE", 4)
    monkeypatch.setattr("sync.statements.SEGMENT", 8)
    monkeypatch.setattr("sync.source.SEGMENT", 8)
    context = make_context(dated(server.url))
    met: list[str] = []
    for number, page in enumerate(context.source.scan()):
        met += [str(entry.identifier) for entry in page.entries]
        if number == 2:
            end_connections(server)
    assert met == [f"C{number:02}" for number in range(CUSTOMERS)]


def test_a_server_that_came_back_is_read_again(server: Merchant, make_context: MakeContext) -> None:
    context = make_context(dated(server.url))
    sync(context)
    server.rename("C07", "Mette Holm")
    end_connections(server)
    assert sync(context).written == 1
    assert verify(context) == VerifyResult()


def test_a_locked_table_is_waited_for_and_then_reported(
    server: Merchant, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(make_context(dated(server.url)))
    monkeypatch.setattr("sync.source_engine.LOCK_SECONDS", 1)
    monkeypatch.setattr("sync.pages.PAUSES", (0.0,) * 4)
    monkeypatch.setattr("sync.pages.RETRIES", 0)
    with server.engine.connect() as connection:
        mysql = server.engine.dialect.name == "mysql"
        connection.execute(text("LOCK TABLES customers WRITE" if mysql else "LOCK TABLE customers"))
        context = make_context(dated(server.url))
        with pytest.raises(SourceUnavailable):
            sync(context)
        connection.execute(text("UNLOCK TABLES" if mysql else "ROLLBACK"))
    sync(context)
    assert verify(context) == VerifyResult()


def test_a_truncated_table_empties_no_index(merchant: Merchant, context: SyncContext) -> None:
    fill(merchant)
    sync(context)
    merchant.run("DELETE FROM customers")
    assert_nothing_is_lost(context, sync, reindex, repair)


@pytest.mark.parametrize(
    "change",
    ["ALTER TABLE customers RENAME TO clients", "ALTER TABLE customers RENAME COLUMN name TO title"],
    ids=["table", "column"],
)
def test_what_is_renamed_is_reported(merchant: Merchant, context: SyncContext, change: str) -> None:
    fill(merchant)
    sync(context)
    merchant.engine.dispose()
    context.source.close()
    merchant.run(change)
    assert_nothing_is_lost(context, sync, reindex, repair)


def test_numbers_that_become_text_under_a_worker_delete_nobody(
    server: Merchant, make_context: MakeContext
) -> None:
    """A worker lives for months. It took texts for nobody's, since the column had held numbers."""
    dialect = server.engine.dialect.name
    server.run(f"CREATE TABLE numbered (id INTEGER, name TEXT, gone INTEGER, changed {TIMES[dialect]})")
    server.run(f"INSERT INTO numbered VALUES (1, 'Lars Hansen', 0, {server.now})")
    fields = {"identifier": "id", "name": "name"}
    context = make_context(replace(dated(server.url), from_="numbered", customer=fields, balances=None))
    sync(context)
    server.engine.dispose()
    to_text = "MODIFY id" if dialect == "mysql" else "ALTER COLUMN id TYPE"
    server.run(f"ALTER TABLE numbered {to_text} VARCHAR(40)")
    server.run(f"INSERT INTO numbered VALUES ('K-2', 'Ida Ny', 0, {server.now})")
    sync(context)
    server.run("UPDATE numbered SET name = 'Ida Dahl', changed = '2020-01-01 00:00:00' WHERE id = 'K-2'")
    assert verify(context, repair=True).repaired == 1
    assert getattr(context.index.get("K-2"), "name", None) == "Ida Dahl"
    assert context.index.get("1") is not None


def test_a_permission_that_is_taken_away_is_reported(server: Merchant, make_context: MakeContext) -> None:
    mysql = server.engine.dialect.name == "mysql"
    name = make_url(server.url).database
    reader = f"reader_{name}"
    whom = f"{reader}@'%'" if mysql else reader
    server.run(f"CREATE USER {whom} IDENTIFIED BY 'x'" if mysql else f"CREATE ROLE {reader} LOGIN")
    for table in ("customers", "balances"):
        server.run(f"GRANT SELECT ON {table} TO {whom}")
    url = make_url(server.url).set(username=reader, password="x")
    context = make_context(replace(dated(server.url), url=url.render_as_string(hide_password=False)))
    sync(context)
    server.run(f"REVOKE SELECT ON customers FROM {whom}")
    with pytest.raises(SourceError, match=r"may not read .* grant it SELECT"):
        sync(context)
    assert_nothing_is_lost(context, sync, reindex, repair)
    context.source.close()
    if not mysql:
        server.run(f"DROP OWNED BY {reader}")
    server.run(f"DROP USER {whom}")


def test_a_fetch_that_takes_too_long_is_given_up(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.source_engine.STATEMENT_SECONDS", 1)
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.add("C1", "Lars Hansen")
        slow = replace(dated(postgresql_url), from_=None, query="SELECT *, pg_sleep(3) FROM customers")
        with closing(Source(slow)) as source, pytest.raises(SourceUnavailable, match="57014"):
            source.count()
