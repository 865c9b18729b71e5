"""Every engine that the contract tests run against: a new one is one line in ENGINES."""

from collections.abc import Callable
from pathlib import Path

from customers.settings import SearchSettings
from index.interface import CustomerIndex
from index.tantivy_engine import TantivyIndex
from tests.index.meilisearch_server import meilisearch

# Makes an index that has nothing in it. Called again with the same folder, it opens the same index.
EngineFactory = Callable[[Path, SearchSettings], CustomerIndex]


def embedded(folder: Path, settings: SearchSettings) -> CustomerIndex:
    """Tantivy in a folder of the test's own."""
    return TantivyIndex(folder / "index", settings)


ENGINES: dict[str, EngineFactory] = {
    "embedded": embedded,
    "meilisearch": meilisearch,
}
