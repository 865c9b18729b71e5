"""Searcher: sends searches to one index of Meilisearch, and says what is wrong with it."""

from typing import Any, NamedTuple

from customers.errors import NoLiveGeneration
from index.meilisearch_documents import ID
from index.meilisearch_errors import RefusedError, not_ours
from index.meilisearch_http import Client


class Answer(NamedTuple):
    """What Meilisearch found by one search, and how many documents match in all, as it estimates."""

    hits: list[dict[str, Any]]
    matches: int


class Searcher:
    """Asks the index called `name`. A search is what is sent, but for `indexUid`. Raises NoLiveGeneration
    where there is no such index, and EngineError where it is another's."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name

    def ask(self, searches: list[dict[str, Any]]) -> list[Answer]:
        """What each search finds, all in one request."""
        try:
            answer = self._asked(searches)
        except RefusedError as refusal:
            if refusal.code == "invalid_search_sort" and any(search.get("sort") for search in searches):
                return self._less_sorted(searches)
            raise
        return list(map(_answer, answer["results"]))

    def ask_as_one(self, searches: list[dict[str, Any]], most: int) -> Answer:
        """What all the searches find together, each document once, at most so many. They have no limits of
        their own."""
        return _answer(self._asked(searches, {"limit": most}))

    def document(self, wanted_id: str, fields: list[str]) -> dict[str, Any] | None:
        """One document, by a search, since a search key may do nothing else."""
        search = {"q": "", "filter": f'{ID} = "{wanted_id}"', "limit": 1, "attributesToRetrieve": fields}
        hits = self.ask([search])[0].hits
        return {field: hits[0][field] for field in fields} if hits else None

    def _asked(self, searches: list[dict[str, Any]], federation: dict[str, Any] | None = None) -> Any:
        queries = [{"indexUid": self._name, **search} for search in searches]
        try:
            return self._client.multi_search(queries, federation)
        except RefusedError as refusal:
            url = self._client.config.url
            if refusal.code == "index_not_found":
                raise NoLiveGeneration(
                    f"there is no index {self._name!r} at {url} yet: run customer-lookup reindex"
                ) from refusal
            if refusal.code in {"invalid_search_filter", "invalid_search_attributes_to_search_on"}:
                raise not_ours(self._name, url) from refusal
            raise

    def _less_sorted(self, searches: list[dict[str, Any]]) -> list[Answer]:
        """The same of an index of earlier search keys, which keeps only the last order asked for, or none."""
        most = max(len(search.get("sort", ())) for search in searches) - 1
        return self.ask(
            [{**search, "sort": search.get("sort", [])[-most:] if most else []} for search in searches]
        )


def _answer(result: Any) -> Answer:
    """What is no list cannot be sliced, and what is no number cannot be added to."""
    return Answer(result["hits"][:], result["estimatedTotalHits"] + 0)
