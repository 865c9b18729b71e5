"""A merchant, and all that a sync works with, on every kind of database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from customers.settings import SearchSettings
from index.tantivy_engine import TantivyIndex
from sync.context import SyncContext
from sync.settings import SourceSettings, SyncSettings
from sync.source import Source
from sync.state import State
from tests.index.meilisearch_server import SERVER, index_name
from tests.sync.fresh_state import fresh_state
from tests.sync.killing import Setup
from tests.sync.merchant import Merchant, dated, undated
from tests.sync.tally import TALLY

MakeContext = Callable[..., SyncContext]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how the tests of breakdowns fared."""
    if lines := TALLY.lines():
        terminalreporter.write_sep("-", "breakdowns")
        terminalreporter.write_line("\n".join(lines))


@pytest.fixture
def nobody_writes_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at MariaDB's clock waits for a new list of the transactions that are open. Where a test opens
    none of its own, the one of a moment ago is as good: there is nobody in it."""
    monkeypatch.setattr("sync.mysql_behind.TRX_CACHE_SECONDS", 0.0)


@pytest.fixture
def merchant(database_url: str, nobody_writes_meanwhile: None) -> Iterator[Merchant]:
    """A merchant on each kind of database in turn, of whom no transaction is open while a job runs."""
    with closing(Merchant(database_url)) as merchant:
        yield merchant


@pytest.fixture
def sqlite_merchant(sqlite_url: str) -> Iterator[Merchant]:
    """A merchant on SQLite, for what does not depend on the database."""
    with closing(Merchant(sqlite_url)) as merchant:
        yield merchant


@pytest.fixture
def make_context(tmp_path: Path) -> Iterator[MakeContext]:
    """Makes a SyncContext for a source, with its own state database and embedded index in `folder`."""
    with ExitStack() as opened:

        def make(
            source: SourceSettings,
            folder: str = "lookup",
            state_url: str | None = None,
            settings: SyncSettings | None = None,
        ) -> SyncContext:
            search = SearchSettings()
            place = tmp_path / folder
            return SyncContext(
                source=opened.enter_context(closing(Source(source))),
                state=opened.enter_context(closing(State(state_url or fresh_state(place / "state.db")))),
                index=opened.enter_context(closing(TantivyIndex(place / "index", search))),
                search=search,
                settings=settings or SyncSettings(),
                holder="test",
            )

        yield make


@pytest.fixture(params=[dated, undated], ids=["by-time", "by-digest"])
def context(request: pytest.FixtureRequest, merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Reads the merchant both ways."""
    return make_context(request.param(merchant.url))


ENGINES = ["embedded", pytest.param("meilisearch", marks=pytest.mark.meilisearch(replay=False))]


@pytest.fixture(params=ENGINES)
def setup(request: pytest.FixtureRequest, merchant: Merchant, tmp_path: Path) -> Setup:
    """A merchant on each kind of database, and each engine."""
    return Setup(dated(merchant.url), tmp_path, _server(request.param))


@pytest.fixture(params=ENGINES)
def quick(request: pytest.FixtureRequest, sqlite_merchant: Merchant, tmp_path: Path) -> Setup:
    """Each engine, on the quickest database."""
    return Setup(dated(sqlite_merchant.url), tmp_path, _server(request.param))


def _server(engine: str) -> tuple[str, str, str, str] | None:
    """Where this test's index is."""
    if engine == "embedded":
        return None
    return (SERVER.url, SERVER.search_key, SERVER.admin_key, index_name())


def name_of(context: SyncContext, identifier: str) -> str | None:
    """What the customer is called in the index, if it is there."""
    found = context.index.get(identifier)
    return found.name if found else None
