"""A transaction that commits late carries an old time; it must not be missed."""

import time
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import make_url, text

from sync.incremental import sync
from sync.settings import SyncSettings
from sync.source import Source
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated

NO_OVERLAP = SyncSettings(overlap=timedelta(0))


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql_url", marks=pytest.mark.postgresql),
        pytest.param("mariadb_url", marks=pytest.mark.mariadb),
    ],
)
def test_the_watermark_waits_for_the_oldest_open_transaction(
    request: pytest.FixtureRequest, make_context: MakeContext, url: str
) -> None:
    merchant = Merchant(request.getfixturevalue(url))
    context = make_context(dated(merchant.url), settings=NO_OVERLAP)
    merchant.add("C1", "Lars Hansen")
    sync(context)
    with merchant.engine.execution_options(isolation_level="READ COMMITTED").connect() as late:
        late.execute(text(f"UPDATE customers SET name = 'Lars Holm', changed = {merchant.now}"))
        merchant.add("C3", "Mette Jensen")
        sync(context)
        merchant.add("C4", "Ole Berg")
        sync(context)
        late.commit()
    sync(context)
    assert verify(context) == VerifyResult()
    merchant.close()


@pytest.mark.mariadb
def test_a_transaction_counts_that_began_right_after_the_clock_was_last_read(mariadb_url: str) -> None:
    with closing(Merchant(mariadb_url)) as merchant, closing(Source(dated(mariadb_url))) as source:
        source.clock()
        with merchant.engine.connect() as late:
            late.execute(text("INSERT INTO customers (number, name) VALUES ('C2', 'Ida Ny')"))
            reading = source.clock()
            assert reading.settled < reading.now


@pytest.mark.postgresql
def test_a_transaction_that_is_prepared_is_waited_for(postgresql_url: str, make_context: MakeContext) -> None:
    """Two-phase commit: no connection has it open any more, and it may be committed at any time."""
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.add("C1", "Lars Hansen")
        context = make_context(dated(postgresql_url), settings=SyncSettings(overlap=timedelta(seconds=0.5)))
        sync(context)
        with merchant.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as alone:
            alone.execute(text("BEGIN"))
            alone.execute(text(f"UPDATE customers SET name = 'Lars Holm', changed = {merchant.now}"))
            alone.execute(text("PREPARE TRANSACTION 'late'"))
            time.sleep(0.8)
            sync(context)
            alone.execute(text("COMMIT PREPARED 'late'"))
        sync(context)
        assert verify(context) == VerifyResult()


@pytest.mark.postgresql
def test_a_role_that_may_not_see_prepared_transactions_reads_all_the_same(postgresql_url: str) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.run("CREATE ROLE reader LOGIN")
        merchant.run("REVOKE SELECT ON pg_prepared_xacts FROM public")
        try:
            url = make_url(postgresql_url).set(username="reader").render_as_string(hide_password=False)
            with closing(Source(dated(url))) as source:
                reading = source.clock()
                assert reading.settled == reading.now
        finally:
            merchant.run("GRANT SELECT ON pg_prepared_xacts TO public")
            merchant.run("DROP ROLE reader")
