"""A new generation beside the live one, switched to at once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from customers.errors import EngineUnavailable, LeaseHeld, NoLiveGeneration, SourceError
from sync import quarantine
from sync.context import SyncContext
from sync.feed import Feed
from sync.incremental import sync
from sync.lease import BUILD, Lease
from sync.promotion import promote
from sync.pruning import prune
from sync.reindexing import reindex
from sync.rollback import rollback
from sync.settings import SyncSettings
from sync.tables import LEASE
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.memory_index import MemoryIndex
from tests.sync.merchant import Merchant, dated, undated


@pytest.fixture
def context(sqlite_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Reads a merchant on SQLite into the embedded index."""
    return make_context(dated(sqlite_merchant.url))


@pytest.fixture
def memory(context: SyncContext) -> MemoryIndex:
    """An index that breaks down when told."""
    return MemoryIndex(context.search)


def test_a_reindex_replaces_the_generation_and_keeps_the_former(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    sqlite_merchant.add("C1", "Lars Hansen")
    first = reindex(context)
    second = reindex(context)
    assert (first.written, second.written) == (1, 1)
    live = {found.name: found.live for found in context.index.generations()}
    assert live == {first.generation: False, second.generation: True}
    third = reindex(context)
    assert {found.name for found in context.index.generations()} == {second.generation, third.generation}


def test_the_former_generation_goes_when_its_time_is_over(
    sqlite_merchant: Merchant, make_context: MakeContext
) -> None:
    settings = SyncSettings(keep_previous=timedelta(0))
    context = make_context(dated(sqlite_merchant.url), settings=settings)
    reindex(context)
    reindex(context)
    assert len(context.index.generations()) == 1


def test_a_source_that_lost_most_of_its_rows_is_not_believed(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    for number in range(30):
        sqlite_merchant.add(f"C{number}", "Lars Hansen")
    generation = reindex(context).generation
    sqlite_merchant.run("DELETE FROM customers WHERE number <> 'C1'")
    for job in (reindex, sync):
        with pytest.raises(SourceError, match="the source has 1 customers where the index has 30"):
            job(context)
    with pytest.raises(SourceError, match="--force"):
        verify(context, repair=True)
    assert next(found for found in context.index.generations() if found.live).name == generation
    assert context.index.get("C29") is not None
    assert reindex(context, force=True).written == 1
    assert context.index.get("C29") is None


def test_a_dry_run_writes_nothing(sqlite_merchant: Merchant, context: SyncContext) -> None:
    sqlite_merchant.add("C1", "Lars Hansen")
    sqlite_merchant.add(None, "Nobody")
    sqlite_merchant.add("", "Nobody either")
    result = reindex(context, dry_run=True)
    assert (result.read, result.written, result.quarantined) == (1, 0, 2)
    assert context.index.generations() == []


@pytest.mark.parametrize("mapping", [dated, undated])
def test_what_changes_meanwhile_is_in_the_new_generation(
    sqlite_merchant: Merchant,
    make_context: MakeContext,
    monkeypatch: pytest.MonkeyPatch,
    mapping: type,
) -> None:
    context = make_context(mapping(sqlite_merchant.url))
    for number in range(4):
        sqlite_merchant.add(f"C{number}", "Lars Hansen")
    scan = context.source.scan
    scans: list[str | None] = []

    def changing(after: str | None = None) -> object:
        yield from scan(after)
        if not scans:
            sqlite_merchant.rename("C1", "Lars Holm")
            sqlite_merchant.delete("C2")
            sqlite_merchant.add("C9", "Ida Ny")
        scans.append(after)

    monkeypatch.setattr(context.source, "scan", changing)
    reindex(context)
    monkeypatch.undo()
    assert verify(context) == VerifyResult()
    assert context.index.get("C2") is None
    assert context.index.get("C9") is not None


def test_a_second_reindex_says_who_is_at_it(context: SyncContext) -> None:
    with (
        Lease(context.state, BUILD, "till-server, process 7"),
        pytest.raises(LeaseHeld, match="till-server, process 7 is at it since 20"),
    ):
        reindex(context)


def test_rollback_brings_the_former_generation_up_to_the_source_first(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    for number in range(3):
        sqlite_merchant.add(f"C{number}", "Lars Hansen")
    first = reindex(context).generation
    reindex(context)
    sqlite_merchant.delete("C1")
    sqlite_merchant.rename("C2", "Lars Holm", quietly=True)
    assert rollback(context).generation == first
    assert context.index.get("C1") is None
    assert verify(context) == VerifyResult()
    assert sync(context).generation == first


def test_rollback_needs_something_to_go_back_to(context: SyncContext) -> None:
    reindex(context)
    with pytest.raises(NoLiveGeneration, match="no earlier generation is kept"):
        rollback(context)


MOMENTS = [
    f"{when}:{call}"
    for call in ("create", "writer", "write", "flush", "promote", "generations")
    for when in ("before", "after")
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_reindex_that_breaks_anywhere_is_made_up_for(
    sqlite_merchant: Merchant, context: SyncContext, memory: MemoryIndex, moment: str
) -> None:
    context = replace(context, index=memory)
    sqlite_merchant.add("C1", "Lars Hansen")
    sync(context)
    sqlite_merchant.rename("C1", "Lars Holm", quietly=True)
    memory.breaking = moment
    try:
        reindex(context)
    except EngineUnavailable:
        found = memory.get("C1")
        assert found is not None
        sync(context)
        reindex(context, resume=True)
    assert verify(context) == VerifyResult()
    assert len(memory.generations()) <= 2


@pytest.mark.parametrize("moment", [*MOMENTS, "before:delete", "after:delete"])
def test_a_pass_that_breaks_anywhere_is_made_up_for(
    sqlite_merchant: Merchant, make_context: MakeContext, memory: MemoryIndex, moment: str
) -> None:
    context = replace(make_context(undated(sqlite_merchant.url)), index=memory)
    for number in range(3):
        sqlite_merchant.add(f"C{number}", "Lars Hansen")
    generation = sync(context).generation
    sqlite_merchant.rename("C1", "Lars Holm")
    sqlite_merchant.delete("C2")
    memory.breaking = moment
    try:
        sync(context)
    except EngineUnavailable:
        # Back to what the ledger had before the failure: it must not be sure that this is what is there.
        sqlite_merchant.run("DELETE FROM customers")
        for number in range(3):
            sqlite_merchant.add(f"C{number}", "Lars Hansen")
    assert sync(context).generation == generation
    assert verify(context) == VerifyResult()


def test_a_document_that_the_engine_refuses_is_left_out_until_it_changes(
    sqlite_merchant: Merchant, context: SyncContext, memory: MemoryIndex
) -> None:
    context = replace(context, index=memory)
    sqlite_merchant.add("C1", "Lars Hansen")
    sqlite_merchant.add("C2", "Mette Jensen")
    sync(context)
    memory.refusing = {"C2"}
    sqlite_merchant.rename("C1", "Lars Holm")
    sqlite_merchant.rename("C2", "Mette Holm")
    assert sync(context).quarantined == 1
    assert memory.get("C2") is None
    assert memory.get("C1") is not None
    (entry,) = quarantine.entries(context.state)
    assert (entry.identifier, entry.reason) == ("C2", "the engine does not like it")
    sent = memory.sent
    assert sync(context).quarantined == 1
    assert memory.sent == sent
    memory.refusing = set()
    sqlite_merchant.rename("C2", "Mette Berg")
    assert sync(context).quarantined == 0
    assert memory.get("C2") is not None
    assert quarantine.entries(context.state) == []


def test_who_was_replaced_removes_nothing(context: SyncContext, memory: MemoryIndex) -> None:
    """What it takes for left behind is what its successor builds."""
    context = replace(context, index=memory)
    reindex(context)
    with Lease(context.state, BUILD, "first", ttl=5.0) as first:
        with context.state.write() as connection:
            connection.execute(update(LEASE).values(expires_at=0.0))
        with Lease(context.state, BUILD, "second"):
            memory.create("built by the second")
            with pytest.raises(LeaseHeld, match="second is at it"):
                prune(context, first)
    assert "built by the second" in {found.name for found in memory.generations()}


def test_who_was_replaced_makes_nothing_live(context: SyncContext, memory: MemoryIndex) -> None:
    """Though its own clock says that its lease is not over."""
    context = replace(context, index=memory)
    former, live = reindex(context).generation, reindex(context).generation
    with Lease(context.state, BUILD, "first") as first:
        with context.state.write() as connection:
            connection.execute(update(LEASE).values(expires_at=0.0))
        with (
            Lease(context.state, BUILD, "second"),
            pytest.raises(LeaseHeld, match="second is at it"),
        ):
            promote(context, first, former)
    assert [found.name for found in memory.generations() if found.live] == [live]


def test_what_a_killed_build_wrote_and_never_noted_does_not_stay(
    sqlite_merchant: Merchant, context: SyncContext, memory: MemoryIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = replace(context, index=memory)
    monkeypatch.setattr("sync.feed.BATCH", 2)
    monkeypatch.setattr("sync.source.PAGE", 2)
    for number in range(6):
        sqlite_merchant.add(f"C{number}", "Lars Hansen")
    confirm = Feed.confirm

    def dying(feed: Feed, *under_way: int, **noted: object) -> None:
        if feed.counts.read == 4:
            memory.breaking = "after:flush"
        confirm(feed, *under_way, **noted)

    monkeypatch.setattr(Feed, "confirm", dying)
    with pytest.raises(EngineUnavailable):
        reindex(context)
    monkeypatch.setattr(Feed, "confirm", confirm)
    sqlite_merchant.delete("C2")
    result = reindex(context, resume=True)
    assert len(memory.generations()) == 1
    assert memory.generations()[0].name == result.generation
    assert verify(context) == VerifyResult()


def test_a_rollback_reads_the_former_generation_back_first(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    sqlite_merchant.add("C1", "Lars Hansen")
    sqlite_merchant.add("C2", "Mette Jensen")
    first = reindex(context).generation
    reindex(context)
    with context.index.writer(first) as writer:  # behind the ledger's back
        writer.delete(["C1"])
        writer.flush()
    rollback(context)
    assert verify(context) == VerifyResult()


def test_the_index_of_another_state_is_not_trusted(
    sqlite_merchant: Merchant, make_context: MakeContext, tmp_path: Path
) -> None:
    sqlite_merchant.add("C1", "Lars Hansen")
    context = make_context(dated(sqlite_merchant.url))
    generation = sync(context).generation
    other = make_context(dated(sqlite_merchant.url), state_url=f"sqlite:///{tmp_path / 'other.db'}")
    with pytest.raises(NoLiveGeneration, match="not the one that this state database describes"):
        verify(other)
    assert sync(other).generation != generation
