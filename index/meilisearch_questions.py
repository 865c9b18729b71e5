"""What one lookup asks of Meilisearch, round after round, nothing twice."""

from collections.abc import Callable
from itertools import chain, zip_longest
from typing import Any

from customers.candidate import Candidate
from index.meilisearch_documents import BODY, GENERATION, ID
from index.meilisearch_query import Search, rounds
from index.query import Query
from index.search import FEW

Hits = list[dict[str, Any]]


class Questions:
    """The candidates of one lookup. `ask` sends searches in one request and gives the hits of each; `read`
    makes a candidate of a document's body. What has been answered already is not asked again."""

    def __init__(
        self, ask: Callable[[list[dict[str, Any]]], list[Hits]], read: Callable[[str], Candidate]
    ) -> None:
        self._ask = ask
        self._read = read
        self._answers: dict[Search, tuple[int, Hits]] = {}
        self.generations: set[str] = set()
        """Those that the candidates so far are of."""

    def candidates(self, query: Query, wanted: int) -> list[Candidate]:
        """The best of each search in turn, at most `wanted`. Raises what `ask` raises."""
        found: dict[str, dict[str, Any]] = {}
        for searches in rounds(query, wanted):
            answers = self._answered(searches)
            for hit in chain.from_iterable(zip_longest(*answers)):
                if hit and BODY in hit:
                    found.setdefault(hit[ID], hit)
            if len(found) >= FEW:
                break
        best = list(found.values())[:wanted]
        self.generations.update(hit[GENERATION] for hit in best)
        return [self._read(hit[BODY]) for hit in best]

    def _answered(self, searches: dict[Search, int]) -> list[Hits]:
        new = {search: limit for search, limit in searches.items() if not self._is_known(search, limit)}
        if new:
            answers = self._ask([search.body(limit) for search, limit in new.items()])
            for (search, limit), hits in zip(new.items(), answers, strict=True):
                self._answers[search] = (limit, hits)
        return [self._answers[search][1] for search in searches]

    def _is_known(self, search: Search, limit: int) -> bool:
        """Whether it was asked, for as many or with fewer to be had than were asked for."""
        if search not in self._answers:
            return False
        asked, hits = self._answers[search]
        return asked >= limit or len(hits) < asked
