"""An index that is not the one which the ledger describes is noticed, whatever it has in common with it."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from customers.customer import Customer
from customers.document import to_document
from customers.errors import EngineUnavailable
from index.interface import Generation
from sync import generations
from sync.context import SyncContext
from sync.incremental import sync
from sync.report import report
from sync.trust import distrust, mapping_version
from sync.verification import VerifyResult, verify
from tests.sync.breaking_index import BreakingIndex
from tests.sync.conftest import MakeContext, name_of
from tests.sync.merchant import LONG_AGO, Merchant, dated


@pytest.fixture
def context(sqlite_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Two customers, indexed, who changed so long ago that only a full read looks at them."""
    sqlite_merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    sqlite_merchant.add("C2", "Mette Jensen", changed=LONG_AGO)
    context = make_context(dated(sqlite_merchant.url))
    sync(context)
    return context


@pytest.fixture
def restore(context: SyncContext, tmp_path: Path) -> Callable[[], None]:
    """Brings the index back as it is now."""
    index, backup = tmp_path / "lookup" / "index", tmp_path / "backup"
    shutil.copytree(index, backup)

    def bring_back() -> None:
        context.index.close()
        shutil.rmtree(index)
        shutil.copytree(backup, index)

    return bring_back


def change(merchant: Merchant, context: SyncContext) -> None:
    """A change that is synced, and that no window shows any more."""
    merchant.rename("C1", "Lars Holm")
    assert sync(context).written == 1
    merchant.run(f"UPDATE customers SET changed = {LONG_AGO}")


def break_down(context: SyncContext, moment: str) -> None:
    """A pass that breaks down then."""
    breaking = BreakingIndex(context.index)
    breaking.breaking = moment
    broken: Any = replace(context, index=breaking)
    with pytest.raises(EngineUnavailable):
        sync(broken)


def live_name(context: SyncContext) -> str:
    return next(found.name for found in context.index.generations() if found.live)


def test_an_older_copy_of_the_index_is_answered_by_a_reindex(
    sqlite_merchant: Merchant, context: SyncContext, restore: Callable[[], None]
) -> None:
    change(sqlite_merchant, context)
    restore()
    assert name_of(context, "C1") == "Lars Hansen"
    assert "a backup came back" in (distrust(context) or "")
    assert sync(context).read == 2
    assert name_of(context, "C1") == "Lars Holm"
    assert distrust(context) is None


def test_an_older_copy_is_a_problem_and_the_report_says_why_it_was_reindexed(
    sqlite_merchant: Merchant, context: SyncContext, restore: Callable[[], None]
) -> None:
    change(sqlite_merchant, context)
    assert report(context.state, context.index).problems == ()
    restore()
    why = "the index is not as the last sync left it: a backup came back, or somebody else wrote to it"
    assert report(context.state, context.index).problems == (f"{why}; the next sync reindexes",)
    sync(context)
    state = report(context.state, context.index)
    assert state.problems == ()
    assert [job.note for job in state.jobs if job.job == "reindex"] == [f"it was needed: {why}"]


@pytest.mark.parametrize("moment", ["before:flush", "after:flush", "before:generations"])
def test_what_a_pass_has_written_and_not_noted_yet_is_no_problem(
    sqlite_merchant: Merchant, context: SyncContext, moment: str
) -> None:
    sync(context)
    assert [job.note for job in report(context.state, context.index).jobs] == [None, None]
    sqlite_merchant.add("C3", "Ida Holm")
    break_down(context, moment)
    (problem,) = report(context.state, context.index).problems
    assert problem.startswith("sync: ")


def test_what_is_noted_between_two_looks_of_a_report_is_no_problem(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    sync(context)
    before = context.index.generations()
    sqlite_merchant.add("C3", "Ida Holm")
    looked = Mock(wraps=context.index)

    def look() -> list[Generation]:
        sync(context)
        return before

    looked.generations.side_effect = look
    assert report(context.state, looked).problems == ()


def test_an_older_copy_is_noticed_even_after_a_pass_that_broke_down(
    sqlite_merchant: Merchant, context: SyncContext, restore: Callable[[], None]
) -> None:
    change(sqlite_merchant, context)
    sqlite_merchant.rename("C2", "Mette Dahl")
    break_down(context, "before:flush")
    restore()
    assert distrust(context) is not None
    sync(context)
    assert verify(context) == VerifyResult()


def test_looking_at_an_older_copy_does_not_make_it_trusted(
    sqlite_merchant: Merchant, context: SyncContext, restore: Callable[[], None]
) -> None:
    change(sqlite_merchant, context)
    generation = sync(context).generation
    with context.state.write() as connection:
        generations.note(connection, generation, in_doubt=True)
    restore()
    assert verify(context) == VerifyResult(stale=1, distrusted=distrust(context))
    assert distrust(context) is not None


@pytest.mark.parametrize("moment", ["before:flush", "after:flush", "before:generations"])
def test_a_pass_that_broke_down_is_made_up_for_without_a_reindex(
    sqlite_merchant: Merchant, context: SyncContext, moment: str
) -> None:
    generation = sync(context).generation
    sqlite_merchant.rename("C1", "Lars Holm")
    break_down(context, moment)
    for _ in range(2):
        assert sync(context).generation == generation
        assert verify(context) == VerifyResult()


def test_a_stamp_that_could_not_be_noted_is_noted_by_the_next_pass(
    sqlite_merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> int:
        raise EngineUnavailable("broken")

    generation = sync(context).generation
    sqlite_merchant.rename("C1", "Lars Holm")
    with monkeypatch.context() as patch:
        patch.setattr("sync.doubts.stamp_of", unreachable)
        with pytest.raises(EngineUnavailable):
            sync(context)
    for _ in range(2):
        assert sync(context).generation == generation
        assert distrust(context) is None


@pytest.mark.parametrize("commits", range(4))
def test_an_older_copy_that_verify_has_repaired_is_reindexed(
    sqlite_merchant: Merchant, context: SyncContext, restore: Callable[[], None], commits: int
) -> None:
    change(sqlite_merchant, context)
    restore()
    reason = distrust(context)
    assert reason is not None
    repaired = verify(context, repair=True)
    assert repaired == VerifyResult(stale=1, repaired=1, distrusted=reason)
    assert not repaired.equal
    for _ in range(commits):  # whichever stamp it comes to have
        with context.index.writer(live_name(context)) as writer:
            writer.delete(["nobody"])
            writer.flush()
        verify(context, repair=True)
    assert distrust(context) is not None
    assert sync(context).read == 2
    assert distrust(context) is None


def test_a_generation_of_an_earlier_release_is_trusted_and_stamped(context: SyncContext) -> None:
    generation = sync(context).generation
    with context.state.write() as connection:
        generations.note(connection, generation, stamp=None)
    assert distrust(context) is None
    assert sync(context).generation == generation
    with context.state.read() as connection:
        live = generations.live(connection)
    assert live is not None
    assert live.stamp is not None


def test_an_idle_pass_asks_the_engine_no_more_than_it_did(
    context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(context)
    asking = Mock(side_effect=context.index.generations)
    monkeypatch.setattr(context.index, "generations", asking)
    sync(context)
    assert asking.call_count == 2  # whether a promotion was broken off, and whether the index is the ledger's


def test_what_somebody_else_wrote_during_a_verify_is_not_trusted_by_its_repair(
    sqlite_merchant: Merchant, context: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = sync(context).generation
    sqlite_merchant.rename("C2", "Mette Dahl", quietly=True)
    digests = context.index.digests

    def busy(name: str) -> object:
        read = list(digests(name))
        with context.index.writer(generation) as writer:
            writer.write([to_document(Customer("C1", "Somebody Else"), context.search)])
            writer.flush()
        return read

    with monkeypatch.context() as patch:
        patch.setattr(context.index, "digests", busy)
        assert not verify(context, repair=True).equal
    assert sync(context).generation != generation
    assert name_of(context, "C1") == "Lars Hansen"


def test_another_database_is_another_mapping_wherever_its_url_says_so() -> None:
    urls = [
        "postgresql://u:p@/erp?host=%2Fa",
        "postgresql://u:p@/erp?host=%2Fb",
        "postgresql://u:p@/erp?service=c",
    ]
    assert len({mapping_version(dated(url)) for url in urls}) == 3
    assert mapping_version(dated("postgresql://v:q@/erp?host=%2Fa&sslmode=require")) == mapping_version(
        dated(urls[0])
    )
