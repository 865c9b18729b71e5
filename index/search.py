"""The search that every engine shares: candidates in stages, then one ranking.

An engine adds `candidates`, the customers that a query of `index.query` finds. Most terms are answered by the
sure query. Only where it finds nobody who fits well is the near one asked, and the loose one only where even
that finds nobody whom every word fits, or only somebody doubtful.
"""

from collections.abc import Callable

from customers.candidate import Candidate
from customers.customer import Customer
from customers.hit import Hit
from customers.ranking import Ranking
from customers.term import Term, WordKind
from index.query import Query
from index.stages import loose_query, near_query, sure_query

# How many customers an engine hands over to be ranked: enough to hold the right one, few enough to be quick.
CANDIDATES = 64
# So many are looked at first, and of one word of letters no more: whoever is found by it fits alike.
FEW = 24
# Where so many fit nearly equally well, better ones may be left behind: fifty people called Lars Hansen.
_NEARLY = 0.06
# Where all of those are called just so, the ones to show first may be left behind: two hundred people of that
# name.
NAMESAKES = 256

Candidates = Callable[[Query, int], list[Candidate]]
Get = Callable[[str], Customer | None]


def search(term: Term, limit: int, candidates: Candidates, get: Get) -> list[Hit]:
    """The customers that answer `term`, best first. `candidates(query, limit)` and `get(identifier)` ask the
    engine; they raise what the engine raises."""
    if limit < 1:
        return []
    if not term.readings:
        return _named_exactly(term.text.strip(), get)
    few = max(FEW, limit)
    most = few if _is_one_word(term) else max(CANDIDATES, limit)
    ranking = Ranking(term)
    sure = sure_query(term)
    found = candidates(sure, few)
    ranking.add(found)
    if len(found) == few < most and ranking.spread < _NEARLY:
        found = candidates(sure, most)
        ranking.add(found)
    if CANDIDATES <= len(found) == most < NAMESAKES and ranking.all_fit_whole:
        ranking.add(candidates(sure, NAMESAKES))
    if not ranking.is_sure:
        ranking.add(candidates(near_query(term), max(CANDIDATES, limit)))
        if not ranking.is_near and (loose := loose_query(term)):
            ranking.add(candidates(loose, max(CANDIDATES, limit)))
    return ranking.best(limit)


def _is_one_word(term: Term) -> bool:
    first = term.readings[0]
    return len(first) == 1 and first[0].kind is WordKind.WORD


def _named_exactly(identifier: str, get: Get) -> list[Hit]:
    """A term without a letter or digit has no search keys, but may be somebody's identifier: `---`."""
    customer = get(identifier) if identifier else None
    return [Hit(customer, 1.0, ("identifier: exact",))] if customer else []
