"""`synced_at`: all that the source had committed by then is findable."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import pytest

from sync.context import SyncContext
from sync.incremental import sync
from sync.pages import Page
from sync.reindexing import reindex
from sync.report import report
from sync.verification import verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated, undated

Job = Callable[[SyncContext], object]


def now(context: SyncContext) -> datetime:
    with context.state.read() as connection:
        return datetime.fromtimestamp(context.state.now(connection), UTC)


@pytest.mark.parametrize(
    "job", [sync, partial(verify, repair=True), reindex], ids=["sync", "verify", "reindex"]
)
@pytest.mark.parametrize("mapping", [dated, undated])
def test_it_is_before_the_last_read_of_a_job(
    sqlite_merchant: Merchant,
    make_context: MakeContext,
    monkeypatch: pytest.MonkeyPatch,
    job: Job,
    mapping: Callable[..., object],
) -> None:
    """What is committed while a job reads may be where it has read already."""
    context = make_context(mapping(sqlite_merchant.url))
    sqlite_merchant.add("C1", "Lars Hansen")
    reindex(context)
    scan, identifiers, window = context.source.scan, context.source.identifiers, context.source.window
    begun: list[datetime] = []

    def scan_slowly(after: str | None = None) -> Iterator[Page]:
        begun.append(now(context))
        yield from scan(after)
        time.sleep(0.05)

    def read_keys_slowly() -> Iterator[list[str | None]]:
        begun.append(now(context))
        yield from identifiers()
        time.sleep(0.05)

    def read_news_slowly(since: float, zone: float) -> Iterator[Page]:
        begun.append(now(context))
        yield from window(since, zone)
        time.sleep(0.05)

    monkeypatch.setattr(context.source, "scan", scan_slowly)
    monkeypatch.setattr(context.source, "identifiers", read_keys_slowly)
    monkeypatch.setattr(context.source, "window", read_news_slowly)
    job(context)
    synced_at = report(context.state, context.index).synced_at
    assert begun
    assert synced_at is not None
    assert synced_at <= begun[-1]
