"""What one lookup asks of Meilisearch, round after round, nothing twice."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, zip_longest
from typing import Any

from customers.candidate import Candidate
from index.meilisearch_documents import BODY, GENERATION, ID
from index.meilisearch_errors import reading
from index.meilisearch_query import Search, last_round, whole_rounds
from index.query import Query
from index.search import FEW

Hits = list[dict[str, Any]]


class Questions:
    """The candidates of one lookup. `ask` sends searches in one request to the server at `url` and gives the
    hits of each; `read` makes a candidate of a document's body. What has been answered already is not asked
    again."""

    def __init__(
        self, url: str, ask: Callable[[list[dict[str, Any]]], list[Hits]], read: Callable[[str], Candidate]
    ) -> None:
        self._url = url
        self._ask = ask
        self._read = read
        self._answers: dict[Search, tuple[int, Hits]] = {}
        self.generations: set[str] = set()
        """Those that the candidates so far are of."""

    def candidates(self, query: Query, wanted: int) -> Iterator[list[Candidate]]:
        """The best of each search in turn, at most `wanted`: those whom whole words find, then, when asked
        for more, the others. Raises what `ask` raises."""
        found: dict[str, Candidate] = {}
        yield self._new(found, whole_rounds(query, wanted), wanted)
        yield self._new(found, [last_round(query, wanted)], wanted)

    def _new(
        self, found: dict[str, Candidate], rounds: Iterable[dict[Search, int]], wanted: int
    ) -> list[Candidate]:
        """What is found that is not in `found` yet, and is added there; no more rounds than are needed for
        enough."""
        known = len(found)
        with reading(self._url):
            for searches in rounds:
                for hit in chain.from_iterable(zip_longest(*self._answered(searches))):
                    if hit and BODY in hit and hit[ID] not in found and len(found) < wanted:
                        found[hit[ID]] = self._read(hit[BODY])
                        self.generations.add(hit[GENERATION])
                if len(found) >= FEW:
                    break
        return list(found.values())[known:]

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
