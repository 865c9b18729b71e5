"""A value that the database cannot compute leaves out its own row, and stops nobody else."""

import pytest

from customers.errors import SourceError
from sync.context import SyncContext
from sync.incremental import sync
from sync.reindexing import reindex
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated, undated
from tests.sync.test_source_trouble import repair
from tests.sync.uncomputable import BAD, CODES, GOOD, add, computing, left_out, name, spoil


@pytest.fixture(params=[dated, undated], ids=["by-time", "by-digest"])
def context(request: pytest.FixtureRequest, merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Reads thirty customers both ways."""
    with merchant.at_once():
        for place in range(30):
            add(merchant, name(place))
    return make_context(computing(request.param(merchant.url), merchant))


def test_its_neighbours_are_indexed_and_it_is_once_it_is_healed(
    merchant: Merchant, context: SyncContext
) -> None:
    assert sync(context).written == 30
    spoil(merchant, ["C07"])
    add(merchant, "C98", BAD)
    add(merchant, "C99")
    for _ in range(2):
        assert sync(context).quarantined == 2
        assert set(left_out(context)) == {"C07", "C98"}
        assert "1x" not in str(left_out(context))
        assert context.index.get("C07") is None
        assert context.index.get("C99") is not None
    context.source.check()
    assert verify(context) == VerifyResult()
    assert reindex(context, dry_run=True).quarantined == 2
    assert reindex(context).quarantined == 2
    spoil(merchant, ["C07"], GOOD)
    assert sync(context).quarantined == 1
    assert context.index.get("C07") is not None
    merchant.delete("C98")
    assert sync(context).quarantined == 0
    assert verify(context) == VerifyResult()


def test_a_mapping_that_fails_for_most_is_wrong(merchant: Merchant, context: SyncContext) -> None:
    sync(context)
    spoil(merchant, [name(place) for place in range(16)])
    for job in (sync, repair, reindex):
        with pytest.raises(SourceError, match="run `customer-lookup doctor`"):
            job(context)
    (live,) = (found for found in context.index.generations() if found.live)
    assert live.documents == 30
    spoil(merchant, ["C00"], GOOD)
    assert sync(context).quarantined == 15


def test_only_so_many_may_fail(
    merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.apart.MOST", 2)
    sync(context)
    spoil(merchant, ["C01", "C20"])
    assert sync(context).quarantined == 2
    spoil(merchant, ["C11"])
    for job in (sync, repair, reindex):
        with pytest.raises(SourceError, match="run `customer-lookup doctor`"):
            job(context)


def test_the_more_customers_the_more_may_fail(
    merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was a hundred, however many there are: the next one stopped every sync, however they had come."""
    monkeypatch.setattr("sync.apart.MOST", 2)
    monkeypatch.setattr("sync.apart.SHARE", 0.5)
    sync(context)
    spoil(merchant, [name(place) for place in range(15)])
    assert sync(context).quarantined == 15
    assert verify(context, repair=True).equal
    add(merchant, "C99", BAD)
    spoil(merchant, ["C15"])
    code = CODES[merchant.engine.dialect.name]
    reason = f"postal_code: the database cannot compute it ({code})"
    for job in (sync, repair, reindex):
        with pytest.raises(SourceError) as refused:
            job(context)
        assert f": 16 of 31 customers or more cannot be read, 16 for this reason: {reason};" in str(
            refused.value
        )
        assert "correct that key of the mapping, or these rows" in str(refused.value)


def test_a_deleted_row_is_deleted(merchant: Merchant, context: SyncContext) -> None:
    sync(context)
    spoil(merchant, ["C07", "C08"])
    merchant.run(f"UPDATE customers SET gone = 1, changed = {merchant.now} WHERE number = 'C07'")
    assert sync(context).quarantined == 1
    assert set(left_out(context)) == {"C08"}
    assert context.index.get("C07") is None
    assert verify(context) == VerifyResult()
