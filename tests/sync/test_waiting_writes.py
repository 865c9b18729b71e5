"""A write has the time at which its statement began. MariaDB and MySQL call it a transaction only once it
has come to its first row: until then it must not be missed either."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, make_url, text

from sync.clock import read_clock
from sync.context import SyncContext
from sync.incremental import sync
from sync.mysql_behind import may_write
from sync.settings import SyncSettings
from sync.verification import VerifyResult, verify
from tests.databases import execute
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated

RENAME = "UPDATE customers SET name = 'Lars Holm', changed = utc_timestamp(6)"
# Something slow to compute: it waits for a lock that `computing` has.
SLOW = "get_lock(database(), 60)"
SLOW_RENAME = (
    f"UPDATE customers JOIN (SELECT 'C1' AS n, {SLOW} AS z) slow ON slow.n = number"
    " SET name = 'Lars Holm', changed = utc_timestamp(6)"
)


@pytest.fixture
def mariadb_merchant(mariadb_url: str) -> Iterator[Merchant]:
    with closing(Merchant(mariadb_url)) as merchant:
        merchant.add("C1", "Lars Hansen")
        yield merchant


@pytest.fixture
def context(mariadb_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Nothing is read twice, but for what the database tells."""
    context = make_context(dated(mariadb_merchant.url), settings=SyncSettings(overlap=timedelta(0)))
    sync(context)
    return context


@contextmanager
def running(merchant: Merchant, statement: str, state: str = "Waiting for%") -> Iterator[None]:
    """Another connection's statement, which has begun and waits; the block ends when it may go on."""
    thread = threading.Thread(target=merchant.run, args=(statement,))
    thread.start()
    watching = (
        "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND state LIKE :state"
    )
    with merchant.engine.connect() as connection:
        deadline = time.monotonic() + 60
        while not connection.scalar(text(watching), {"state": state}):
            assert time.monotonic() < deadline
            time.sleep(0.01)
    yield
    thread.join()


@contextmanager
def slowness(merchant: Merchant) -> Iterator[None]:
    """What is SLOW takes until the block ends."""
    with merchant.engine.connect() as holding:
        assert holding.scalar(text(f"SELECT {SLOW}")) == 1
        try:
            yield
        finally:
            holding.execute(text("SELECT release_lock(database())"))


@contextmanager
def computing(merchant: Merchant, statement: str) -> Iterator[None]:
    """Another connection's statement, which is at something SLOW until the block ends."""
    with ExitStack() as slow:
        slow.enter_context(slowness(merchant))
        with running(merchant, statement, "User lock"):
            try:
                yield
            finally:
                slow.close()


def assert_not_missed(context: SyncContext, writing: AbstractContextManager[None]) -> None:
    """Passes beside the write, and one after it, bring it."""
    with writing:
        for _ in range(2):
            assert sync(context).written == 0
    sync(context)
    assert verify(context) == VerifyResult()


@pytest.mark.mariadb
def test_a_write_that_waits_for_a_backup_s_lock_is_not_missed(
    mariadb_merchant: Merchant, context: SyncContext
) -> None:
    with mariadb_merchant.engine.connect() as backup:
        backup.execute(text("FLUSH TABLES WITH READ LOCK"))
        with running(mariadb_merchant, RENAME):
            for _ in range(2):
                assert sync(context).written == 0
            backup.execute(text("UNLOCK TABLES"))
    sync(context)
    assert verify(context) == VerifyResult()


@pytest.mark.mariadb
def test_a_write_that_reads_something_slow_first_is_not_missed(
    mariadb_merchant: Merchant, context: SyncContext
) -> None:
    assert_not_missed(context, computing(mariadb_merchant, SLOW_RENAME))


@pytest.mark.mariadb
@pytest.mark.parametrize("slow", [f"SELECT {SLOW} + count(*) INTO n FROM customers", f"SELECT {SLOW} INTO n"])
def test_a_write_whose_trigger_reads_something_slow_is_not_missed(
    mariadb_merchant: Merchant, context: SyncContext, slow: str
) -> None:
    """The trigger's statement is told in the place of the one that called it."""
    mariadb_merchant.run(
        f"CREATE TRIGGER slow BEFORE UPDATE ON customers FOR EACH ROW BEGIN DECLARE n INT; {slow}; END"
    )
    assert_not_missed(context, computing(mariadb_merchant, RENAME))


@pytest.mark.mariadb
def test_what_a_long_statement_of_a_trigger_selects_into_does_not_hide_its_write(
    mariadb_merchant: Merchant,
) -> None:
    """Only the beginning of a statement is looked at."""
    long = f"SELECT {SLOW}, '{'x' * 1_000}' INTO @slept, @long"
    mariadb_merchant.run(f"CREATE TRIGGER slow BEFORE INSERT ON customers FOR EACH ROW {long}")
    with computing(mariadb_merchant, "INSERT INTO customers (number) VALUES ('C2')"):
        time.sleep(0.3)
        with mariadb_merchant.engine.connect() as connection:
            reading = read_clock(connection)
    assert reading.settled < reading.now - 0.2


@pytest.mark.mariadb
def test_an_event_that_reads_something_slow_first_counts(mariadb_merchant: Merchant) -> None:
    """The server's own jobs are told as threads that connect."""
    at_work = text("SELECT count(*) FROM information_schema.processlist WHERE info LIKE 'UPDATE customers%'")
    mariadb_merchant.run("SET GLOBAL event_scheduler = ON")
    try:
        with mariadb_merchant.engine.connect() as connection:
            with slowness(mariadb_merchant):
                mariadb_merchant.run(f"CREATE EVENT nightly ON SCHEDULE AT now() DO {SLOW_RENAME}")
                deadline = time.monotonic() + 60
                while not connection.scalar(at_work):
                    assert time.monotonic() < deadline
                    time.sleep(0.01)
                time.sleep(0.3)
                reading = read_clock(connection)
                assert reading.settled < reading.now - 0.2
            while connection.scalar(at_work):
                assert time.monotonic() < deadline
                time.sleep(0.01)
    finally:
        mariadb_merchant.run("SET GLOBAL event_scheduler = OFF")


@pytest.mark.mariadb
def test_a_write_with_a_time_that_was_taken_early_is_not_missed(
    mariadb_merchant: Merchant, context: SyncContext
) -> None:
    with mariadb_merchant.engine.connect() as writer:
        writer.execute(text("SELECT count(*) FROM customers"))
        writer.execute(text("SET @taken = utc_timestamp(6)"))
        time.sleep(0.3)
        sync(context)
        writer.execute(text("UPDATE customers SET name = 'Lars Holm', changed = @taken"))
        writer.commit()
    sync(context)
    assert verify(context) == VerifyResult()


@pytest.mark.mariadb
@pytest.mark.parametrize("statement", [f"SELECT {SLOW}", f"/* report */ (select {SLOW})"])
def test_a_long_read_does_not_count(mariadb_merchant: Merchant, statement: str) -> None:
    with (
        computing(mariadb_merchant, statement),
        mariadb_merchant.engine.connect() as connection,
    ):
        reading = read_clock(connection)
        assert reading.settled == reading.now


@pytest.mark.mariadb
def test_our_own_long_read_does_not_count(mariadb_merchant: Merchant, context: SyncContext) -> None:
    """A verify of an hour: its cursors are open all the while."""
    mariadb_merchant.run(
        "INSERT INTO customers (number, name, changed)"
        " SELECT concat('X', seq), repeat('Ida Ny ', 20), utc_timestamp(6) FROM seq_1_to_100000"
    )
    scan = context.source.scan()
    next(scan)
    time.sleep(0.3)
    with mariadb_merchant.engine.connect() as connection:
        reading = read_clock(connection)
    scan.close()  # type: ignore[attr-defined]
    assert reading.settled == reading.now


@pytest.mark.mariadb
def test_a_user_that_may_not_see_others_reads_all_the_same(mariadb_merchant: Merchant) -> None:
    mariadb_merchant.run("CREATE USER looker IDENTIFIED BY 'secret'")
    url = make_url(mariadb_merchant.url)
    execute(url, f"GRANT SELECT ON {url.database}.* TO looker")
    looker = create_engine(url.set(username="looker", password="secret"))
    try:
        with computing(mariadb_merchant, f"DO {SLOW}"), looker.connect() as connection:
            reading = read_clock(connection)
            assert reading.settled == reading.now
    finally:
        looker.dispose()
        mariadb_merchant.run("DROP USER looker")


@pytest.mark.parametrize(
    ("statement", "writes"),
    [
        ("SELECT 1", False),
        ("  \n\tselect number FROM customers", False),
        ("((SELECT 1) UNION (SELECT 2))", False),
        ("-- nightly\n# report\n/* of\nall */ SELECT 1", False),
        ("SHOW STATUS", False),
        ("SELECT count(*) INTO n FROM orders", True),
        ("select", False),
        ("UPDATE customers SET name = '/* SELECT'", True),
        ("/* SELECT */ UPDATE customers", True),
        ("/*! UPDATE customers SET name = 'SELECT' */", True),
        ("/*M! UPDATE customers SET name = 'SELECT' */", True),
        ("/* cut off where the list ends", True),
        ("selected := 1", True),
        ("WITH news AS (SELECT 1) DELETE FROM customers", True),
        ("CALL rename_all()", True),
        ("", True),
        (None, True),
    ],
)
def test_what_may_write(statement: str | None, writes: bool) -> None:
    assert may_write(statement) == writes
