"""Histories: any order of changes in the source, of jobs, and of breakdowns. Whatever happened, once it is
quiet the index equals the table."""

import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from customers.errors import CustomerLookupError
from customers.settings import SearchSettings
from index.tantivy_engine import TantivyIndex
from sync.context import SyncContext
from sync.incremental import sync
from sync.reindexing import reindex
from sync.rollback import rollback
from sync.settings import SyncSettings
from sync.source import Source
from sync.state import State
from sync.verification import verify
from tests.index.meilisearch_server import SERVER, open_index
from tests.sync.breaking_index import BreakingIndex
from tests.sync.fresh_state import fresh_state
from tests.sync.memory_index import Backup, MemoryIndex
from tests.sync.merchant import Merchant, dated, undated
from tests.sync.tally import TALLY

# Few of each, so that histories meet the same customer again and again.
NUMBERS = st.sampled_from(["C1", "c1", "C2", "Ærø", "a/b"])
NAMES = st.sampled_from(["Lars Hansen", "Lars Holm", "Mette", ""])
CURRENCIES = st.sampled_from(["DKK", "EUR", "D1"])
CALLS = ("create", "writer", "write", "delete", "flush", "promote", "remove", "generations", "digests")
INDEXES = count(1)
MOMENTS = st.sampled_from([f"{when}:{call}" for call in CALLS for when in ("before", "after")])


class Histories(RuleBasedStateMachine):
    """On SQLite; other databases give another `database_url`."""

    mapping = staticmethod(dated)

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="lookup-history-"))
        self.opened = ExitStack()
        for limit in ("sync.feed.BATCH", "sync.source.PAGE"):  # so that several portions are under way
            self.opened.enter_context(patch(limit, 1))
        self.backup: Backup | None = None
        self.merchant = Merchant(self.database_url())
        search = SearchSettings()
        self.index: MemoryIndex | BreakingIndex = self.make_index(search)
        self.context = SyncContext(
            source=Source(self.mapping(self.merchant.url)),
            state=State(fresh_state(self.folder / "state.db")),
            index=self.index,
            search=search,
            settings=SyncSettings(),
            holder="history",
        )

    def database_url(self) -> str:
        return f"sqlite:///{self.folder / 'merchant.db'}"

    def make_index(self, search: SearchSettings) -> MemoryIndex | BreakingIndex:
        """An index that has nothing yet."""
        index = MemoryIndex(search)
        index.lagging = True
        return index

    @rule(number=NUMBERS, name=NAMES)
    def add(self, number: str, name: str) -> None:
        self.merchant.add(number, name)

    @rule(number=NUMBERS, name=NAMES)
    def add_in_the_past(self, number: str, name: str) -> None:
        self.merchant.add(number, name, changed="'2020-01-01 00:00:00'")

    @rule(number=NUMBERS, name=NAMES, quietly=st.booleans())
    def rename(self, number: str, name: str, quietly: bool) -> None:
        self.merchant.rename(number, name, quietly=quietly)

    @rule(number=NUMBERS)
    def delete(self, number: str) -> None:
        self.merchant.delete(number)

    @rule(number=NUMBERS, other=NUMBERS)
    def change_the_number(self, number: str, other: str) -> None:
        self.merchant.run(
            f"UPDATE customers SET number = :other, changed = {self.merchant.now} WHERE number = :number",
            number=number,
            other=other,
        )

    @rule(number=NUMBERS, gone=st.sampled_from([0, 1]))
    def mark(self, number: str, gone: int) -> None:
        self.merchant.run(
            f"UPDATE customers SET gone = :gone, changed = {self.merchant.now} WHERE number = :number",
            number=number,
            gone=gone,
        )

    @rule(number=NUMBERS, amount=st.integers(-9, 9), currency=CURRENCIES)
    def owe(self, number: str, amount: int, currency: str) -> None:
        self.merchant.owe(number, amount, currency)

    @rule()
    def forget_the_balances(self) -> None:
        self.merchant.run("DELETE FROM balances")

    @rule(moment=MOMENTS)
    def break_down(self, moment: str) -> None:
        self.index.breaking = moment

    @rule(refused=st.sets(NUMBERS, max_size=1))
    def refuse(self, refused: set[str]) -> None:
        self.index.refusing = refused

    @rule()
    def sync(self) -> None:
        self._try(sync)

    @rule()
    def verify(self) -> None:
        self._try(verify, repair=True)

    @rule(resume=st.booleans())
    def reindex(self, resume: bool) -> None:
        self._try(reindex, resume=resume)

    @rule()
    def rollback(self) -> None:
        self._try(rollback)

    @rule()
    def lose_the_index(self) -> None:
        self.index.close()
        self.index = self.make_index(self.context.search)
        self.context = replace(self.context, index=self.index)

    @rule()
    def back_the_index_up(self) -> None:
        if isinstance(self.index, MemoryIndex):
            self.backup = self.index.backup()

    @rule()
    def bring_the_backup_back(self) -> None:
        if isinstance(self.index, MemoryIndex) and self.backup:
            self.index.bring_back(self.backup)

    def _try(self, job: Any, **options: Any) -> None:
        try:
            job(self.context, **options)
        except CustomerLookupError:
            self.index.breaking = None

    @invariant()
    def at_most_one_answers(self) -> None:
        broken, self.index.breaking = self.index.breaking, None
        assert sum(found.live for found in self.index.generations()) <= 1
        self.index.breaking = broken

    def teardown(self) -> None:
        self.index.breaking = None
        self.index.refusing = set()
        sync(self.context)
        verify(self.context, repair=True)
        TALLY.compare(verify(self.context))
        self.index.close()
        self.context.source.close()
        self.context.state.close()
        self.merchant.close()
        self.opened.close()
        shutil.rmtree(self.folder)


class UndatedHistories(Histories):
    """By digest alone a sync finds everything."""

    mapping = staticmethod(undated)

    def teardown(self) -> None:
        self.index.breaking = None
        self.index.refusing = set()
        sync(self.context)
        TALLY.compare(verify(self.context))
        super().teardown()


class EmbeddedHistories(Histories):
    """On the embedded engine itself."""

    def make_index(self, search: SearchSettings) -> BreakingIndex:
        return BreakingIndex(TantivyIndex(self.folder / f"index-{next(INDEXES)}", search))


class MeilisearchHistories(Histories):
    """On a Meilisearch server."""

    def make_index(self, search: SearchSettings) -> BreakingIndex:
        return BreakingIndex(open_index(f"history-{next(INDEXES)}", search))

    def teardown(self) -> None:
        super().teardown()
        SERVER.clear()
