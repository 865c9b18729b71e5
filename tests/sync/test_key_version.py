"""An index that an older version of the program built goes on answering, and is built anew by the sync
itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from customers import keys
from customers.term import understand
from sync.context import SyncContext
from sync.report import report
from sync.scheduler import Scheduler
from tests.sync.killing import Setup
from tests.sync.merchant import Merchant, dated


@pytest.fixture
def outdated(
    sqlite_merchant: Merchant, quick: Setup, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SyncContext]:
    """What this program finds where an older one, with other search keys, has indexed Lars."""
    sqlite_merchant.add("C1", "Lars Hansen")
    with monkeypatch.context() as older:
        older.setattr(keys, "KEYS_VERSION", "0")
        keys.keys_version.cache_clear()
        with quick.opened() as context:
            Scheduler(context).sync()
    keys.keys_version.cache_clear()
    with quick.opened() as context:
        yield context


def found(context: SyncContext, text: str) -> list[str]:
    return [hit.customer.identifier for hit in context.index.search(understand(text, context.search), 20)]


def live_keys(context: SyncContext) -> str:
    (live,) = [generation for generation in context.index.generations() if generation.live]
    return live.keys


def test_it_goes_on_answering_and_the_status_says_so(outdated: SyncContext) -> None:
    assert found(outdated, "lars hansen") == ["C1"]
    said = report(outdated.state, outdated.index)
    (problem,) = said.problems
    assert "has search keys 0-" in problem
    assert "reindex" in problem
    (live,) = outdated.index.generations()
    assert (said.generation, said.documents) == (live.name, 1)


def test_the_next_sync_reindexes_and_says_why(
    sqlite_merchant: Merchant, outdated: SyncContext, caplog: pytest.LogCaptureFixture
) -> None:
    sqlite_merchant.add("C2", "Ida Ny")
    Scheduler(outdated).sync()
    assert "reindex needed: the index was built by another version of the search keys" in caplog.text
    assert live_keys(outdated) == keys.keys_version(outdated.search)
    assert found(outdated, "lars hansen") == ["C1"]
    assert found(outdated, "ida ny") == ["C2"]
    state = report(outdated.state, outdated.index)
    assert state.problems == ()
    assert {job.job for job in state.jobs} == {"reindex"}


def test_an_index_that_cannot_be_read_is_built_anew(
    sqlite_merchant: Merchant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Of another Tantivy, after an update, or damaged."""
    embedded = Setup(dated(sqlite_merchant.url), tmp_path, None)
    sqlite_merchant.add("C1", "Lars Hansen")
    with embedded.opened() as context:
        Scheduler(context).sync()
    for meta in tmp_path.rglob("meta.json"):
        meta.write_text("{ this is nothing of ours")
    with embedded.opened() as context:
        Scheduler(context).sync()
        assert "it has unreadable" in caplog.text
        assert found(context, "lars hansen") == ["C1"]
        assert report(context.state, context.index).problems == ()
