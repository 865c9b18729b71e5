"""The way into a generation, where confirmations come later than what is taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from customers.customer import Customer
from customers.settings import SearchSettings
from sync import generations
from sync.context import SyncContext
from sync.feed import Feed
from sync.lease import LIVE, Lease
from sync.mapping import Fault
from sync.progress import Silent
from sync.reindexing import reindex
from tests.sync.conftest import MakeContext
from tests.sync.memory_index import MemoryIndex
from tests.sync.merchant import Merchant, dated


@pytest.fixture
def memory() -> MemoryIndex:
    return MemoryIndex(SearchSettings())


@pytest.fixture
def lagging(
    sqlite_merchant: Merchant,
    make_context: MakeContext,
    memory: MemoryIndex,
    monkeypatch: pytest.MonkeyPatch,
) -> SyncContext:
    """One customer, C1, is indexed; from now on each is a portion of its own, and one stays under way."""
    sqlite_merchant.add("C1", "Lars Hansen")
    context = replace(make_context(dated(sqlite_merchant.url)), index=memory)
    reindex(context)
    monkeypatch.setattr("sync.feed.BATCH", 1)
    monkeypatch.setattr("sync.feed.UNDER_WAY", 1)
    memory.lagging = True
    return context


@contextmanager
def opened(context: SyncContext) -> Iterator[Feed]:
    (live,) = context.index.generations()
    with (
        Lease(context.state, LIVE, "test") as lease,
        Feed(context, lease, live.name, Silent()) as feed,
    ):
        yield feed


def doubted(context: SyncContext, feed: Feed) -> tuple[list[str], bool]:
    """What is in doubt, and whether the generation says that something may be."""
    with context.state.read() as connection:
        known = generations.find(connection, feed.generation)
        assert known is not None
        return sorted(feed.ledger.doubted(connection)), known.in_doubt


def test_what_is_under_way_stays_in_doubt(lagging: SyncContext) -> None:
    with opened(lagging) as feed:
        feed.take([Customer("C2", "Mette Jensen")])
        assert doubted(lagging, feed) == (["C2"], True)
        feed.take([Customer("C3", "Ida Dam")])
        assert doubted(lagging, feed) == (["C3"], True)
        feed.flush()
        assert doubted(lagging, feed) == ([], False)


def test_what_is_written_again_stays_in_doubt_until_that_is_confirmed(lagging: SyncContext) -> None:
    with opened(lagging) as feed:
        feed.take([Customer("C1", "Lars Holm")])
        feed.take([Customer("C1", "Lars Holm Hansen")])
        assert doubted(lagging, feed) == (["C1"], True)
        feed.take([Customer("C1", "Lars H. Hansen"), Customer("C2", "Mette Jensen")])
        assert doubted(lagging, feed) == (["C1", "C2"], True)


def test_who_is_to_leave_stays_until_the_last_word(lagging: SyncContext) -> None:
    def there(feed: Feed) -> list[str]:
        return sorted(name for name, _ in lagging.index.digests(feed.generation))

    with opened(lagging) as feed:
        feed.take([Customer("C2", "Mette Jensen"), Customer("C3", "Ida Dam")])
        feed.confirm()
        feed.delete(["C1", "C2", "C9"])
        feed.take([Fault("C3", "name: is bytes")])
        feed.take([Customer("C2", "Mette Jensen")])
        feed.confirm()
        assert (there(feed), len(feed.leaving), feed.quarantined_count()) == (["C1", "C2", "C3"], 2, 0)
        assert doubted(lagging, feed) == ([], False)
        feed.flush()
        assert (there(feed), len(feed.leaving), feed.quarantined_count()) == (["C2"], 0, 1)
        assert doubted(lagging, feed) == ([], False)
        assert (feed.counts.written, feed.counts.deleted) == (2, 1)


def test_what_an_earlier_pass_left_in_doubt_stays_so_until_it_has_left(lagging: SyncContext) -> None:
    with opened(lagging) as feed:
        feed.doubts.add(["C1"])
    with opened(lagging) as feed:
        feed.delete(["C1"])
        feed.doubts.are_resolved()
        feed.take([Customer("C2", "Mette Jensen")])
        feed.confirm()
        assert doubted(lagging, feed) == (["C1"], True)
        feed.flush()
        assert doubted(lagging, feed) == ([], False)


def test_a_row_that_is_well_again_is_no_longer_left_out(lagging: SyncContext) -> None:
    with opened(lagging) as feed:
        feed.take([Fault("C1", "name: is bytes")])
        feed.take([Customer("C1", "Lars Holm")])
        feed.flush()
        assert feed.quarantined_count() == 0
    assert [found.documents for found in lagging.index.generations()] == [1]


def test_what_is_refused_while_more_is_under_way_is_left_out(
    lagging: SyncContext, memory: MemoryIndex
) -> None:
    memory.refusing = {"C1", "C3"}
    with opened(lagging) as feed:
        for name in ("C1", "C2", "C3", "C4"):
            feed.take([Customer(name, "Lars Holm")])
        feed.flush()
        assert feed.quarantined_count() == 2
        assert doubted(lagging, feed) == ([], False)
        assert (feed.counts.written, feed.counts.deleted) == (2, 0)
    assert sorted(name for name, _ in memory.digests(feed.generation)) == ["C2", "C4"]


def test_what_is_to_be_noted_waits_for_its_portion(lagging: SyncContext) -> None:
    def checkpoint(feed: Feed) -> object:
        with lagging.state.read() as connection:
            known = generations.find(connection, feed.generation)
        return known.checkpoint if known else None

    with opened(lagging) as feed:
        feed.take([Customer("C2", "Mette Jensen")], checkpoint="C2")
        assert checkpoint(feed) is None
        feed.take([Customer("C3", "Ida Dam")], checkpoint="C3")
        assert checkpoint(feed) == "C2"
        feed.flush()
        assert checkpoint(feed) == "C3"
