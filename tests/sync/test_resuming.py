"""A reindex that was broken off is gone on with, where that is right."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest

from customers.errors import SourceError
from sync.context import SyncContext, SyncResult
from sync.incremental import sync
from sync.reindexing import reindex
from sync.source import Source
from sync.verification import VerifyResult, verify
from tests.sync.conftest import MakeContext
from tests.sync.memory_index import MemoryIndex
from tests.sync.merchant import Merchant, dated


@pytest.fixture
def context(sqlite_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Reads a merchant on SQLite into the embedded index."""
    return make_context(dated(sqlite_merchant.url))


@pytest.fixture
def memory(context: SyncContext) -> MemoryIndex:
    """An index that counts what is sent."""
    return MemoryIndex(context.search)


def break_off(context: SyncContext) -> None:
    """A reindex that ends after two pages."""
    scan = context.source.scan

    def dying(after: str | None = None) -> object:
        for number, page in enumerate(scan(after)):
            if number == 2:
                raise SourceError("the power went out")
            yield page

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context.source, "scan", dying)
        with pytest.raises(SourceError):
            reindex(context)


@pytest.mark.parametrize("again", [partial(reindex, resume=True), sync])
def test_a_reindex_that_was_broken_off_goes_on_where_it_was(
    sqlite_merchant: Merchant,
    context: SyncContext,
    memory: MemoryIndex,
    monkeypatch: pytest.MonkeyPatch,
    again: Callable[[SyncContext], SyncResult],
) -> None:
    context = replace(context, index=memory)
    monkeypatch.setattr("sync.feed.BATCH", 2)
    monkeypatch.setattr("sync.source.PAGE", 2)
    for number in range(6):
        sqlite_merchant.add(f"C{number}", "Lars Hansen")
    break_off(context)
    sent = memory.sent
    result = again(context)
    assert memory.sent - sent < 6
    assert len(memory.generations()) == 1
    assert memory.generations()[0].name == result.generation
    assert verify(context) == VerifyResult()


Change = Callable[[SyncContext], SyncContext]


def mapped_otherwise(context: SyncContext) -> SyncContext:
    settings = context.source.settings
    settings = replace(settings, customer={**settings.customer, "name": "upper(name)"})
    return replace(context, source=Source(settings))


def found_otherwise(context: SyncContext) -> SyncContext:
    return replace(context, search=replace(context.search, default_region="NO"))


@pytest.mark.parametrize("change", [mapped_otherwise, found_otherwise])
def test_what_was_built_by_another_configuration_is_not_gone_on_with(
    sqlite_merchant: Merchant,
    context: SyncContext,
    memory: MemoryIndex,
    monkeypatch: pytest.MonkeyPatch,
    change: Change,
) -> None:
    """Its first half would stay as the configuration before had it."""
    context = replace(context, index=memory)
    monkeypatch.setattr("sync.feed.BATCH", 2)
    monkeypatch.setattr("sync.source.PAGE", 2)
    for number in range(6):
        sqlite_merchant.add(f"C{number}", "Lars Hansen", changed="'2020-01-01 00:00:00'")
    break_off(context)
    broken_off = {found.name for found in memory.generations()}
    changed = change(context)
    with closing(changed.source):
        result = reindex(changed, resume=True)
    assert result.read == result.written == 6
    assert {found.name for found in memory.generations()}.isdisjoint(broken_off)
