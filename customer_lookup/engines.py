"""The engines that [index] may name, each with how it is made: a new one is one line in ENGINES."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from customers.settings import SearchSettings
from index.interface import CustomerIndex


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """[index]. `path` is the embedded engine's folder; the rest is Meilisearch's. The keys are secrets."""

    engine: str = "embedded"
    path: Path = Path("var/index")
    url: str = "http://127.0.0.1:7700"
    search_key: str | None = field(default=None, repr=False)
    admin_key: str | None = field(default=None, repr=False)
    name: str = "customers"
    allow_powerful_search_key: bool = False


# Makes an engine by its settings; a lookup may take as long as the last says. Each imports its own:
# Meilisearch's takes half a second and 30 MB that the embedded engine has no use for.
Maker = Callable[[IndexSettings, SearchSettings, timedelta], CustomerIndex]


def _embedded(settings: IndexSettings, search: SearchSettings, _deadline: timedelta) -> CustomerIndex:
    from index.tantivy_engine import TantivyIndex  # noqa: PLC0415

    return TantivyIndex(settings.path, search)


def _meilisearch(settings: IndexSettings, search: SearchSettings, deadline: timedelta) -> CustomerIndex:
    from index.meilisearch_engine import MeilisearchIndex  # noqa: PLC0415

    keys = (settings.search_key, settings.admin_key)
    seconds = deadline.total_seconds()
    return MeilisearchIndex(settings.url, *keys, settings.name, search, deadline=seconds)


ENGINES: Mapping[str, Maker] = {"embedded": _embedded, "meilisearch": _meilisearch}
