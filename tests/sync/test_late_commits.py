"""A transaction that commits late carries an old time; it must not be missed."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from sync.incremental import sync
from sync.settings import SyncSettings
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
