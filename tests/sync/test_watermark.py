"""From where a pass reads. Customers are renamed rather than added, since counting finds those however late,
and `overlap` is short, since a long one hides what is wrong here."""

from datetime import timedelta

import pytest

from sync import generations
from sync.context import SyncContext
from sync.incremental import sync
from sync.settings import SyncSettings
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.merchant import Merchant, dated

MINUTE = 60.0


@pytest.fixture
def context(sqlite_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """One customer, who is indexed."""
    sqlite_merchant.add("C1", "Lars Hansen")
    context = make_context(dated(sqlite_merchant.url), settings=SyncSettings(overlap=timedelta(seconds=5)))
    sync(context)
    return context


def renamed(merchant: Merchant, name: str, seconds_ago: float) -> None:
    merchant.run(
        "UPDATE customers SET name = :name, changed = strftime('%Y-%m-%d %H:%M:%f', 'now', :ago)",
        name=name,
        ago=f"-{seconds_ago} seconds",
    )


@pytest.mark.parametrize(
    ("watermark", "synced_at"),
    [(+30 * MINUTE, -30 * MINUTE), (-10 * MINUTE, -30 * MINUTE), (+30 * MINUTE, +30 * MINUTE)],
    ids=["still ahead", "no longer ahead", "and the state database's"],
)
def test_a_clock_of_the_source_that_was_ahead_is_put_right(
    sqlite_merchant: Merchant,
    context: SyncContext,
    caplog: pytest.LogCaptureFixture,
    watermark: float,
    synced_at: float,
) -> None:
    """The last pass was half an hour ago. What was changed soon after it, with a time before its watermark,
    was never read."""
    with context.state.write() as connection:
        live = generations.live(connection)
        assert live is not None
        now = context.state.now(connection)
        generations.note(connection, live.name, synced_at=now + synced_at, watermark=now + watermark)
    renamed(sqlite_merchant, "Lars Holm", 29 * MINUTE)
    sync(context)
    assert verify(context) == VerifyResult()
    assert ("the clock was put back" in caplog.text) == (watermark > 0)


def test_a_deletion_is_found_when_the_state_database_s_clock_is_put_back(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    """The source was given a rest until that clock was where it had been."""
    with context.state.write() as connection:
        live = generations.live(connection)
        assert live is not None
        ended = context.state.now(connection) + 60 * MINUTE
        generations.note(connection, live.name, scanned_at=ended, scan_seconds=0.1)
    sqlite_merchant.delete("C1")
    sync(context, paced=True)
    assert context.index.get("C1") is None
