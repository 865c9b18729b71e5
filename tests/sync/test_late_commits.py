"""A transaction that commits late carries an old time; it must not be missed."""

from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import text

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
    with merchant.engine.connect() as late:
        written = f"INSERT INTO customers (number, name, changed) VALUES ('C2', 'Ida Ny', {merchant.now})"
        late.execute(text(written))
        merchant.add("C3", "Mette Jensen")
        sync(context)
        merchant.add("C4", "Ole Berg")
        sync(context)
        assert context.index.get("C2") is None
        late.commit()
    sync(context)
    assert context.index.get("C2") is not None
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
