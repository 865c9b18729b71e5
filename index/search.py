"""The search that every engine shares: candidates in two stages, then one ranking.

An engine adds `candidates`, the customers that a query of `index.query` finds. Most terms are answered by the
sure query; only where it finds nobody, or nobody who fits well, is the wide one asked.
"""

from collections.abc import Callable

from customers.candidate import Candidate
from customers.customer import Customer
from customers.ranking import Ranking
from customers.term import Term
from index.interface import Hit
from index.query import Query
from index.stages import sure_query, wide_query

# How many customers an engine hands over to be ranked: enough to hold the right one, few enough to be quick.
CANDIDATES = 64

Candidates = Callable[[Query, int], list[Candidate]]
Get = Callable[[str], Customer | None]


def search(term: Term, limit: int, candidates: Candidates, get: Get) -> list[Hit]:
    """The customers that answer `term`, best first. `candidates(query, limit)` and `get(identifier)` ask the
    engine; they raise what the engine raises."""
    if limit < 1:
        return []
    if not term.readings:
        return _named_exactly(term.text.strip(), get)
    wanted = max(CANDIDATES, limit)
    ranking = Ranking(term)
    ranking.add(candidates(sure_query(term), wanted))
    best = ranking.best(limit)
    if not best or not best[0].sure:
        ranking.add(candidates(wide_query(term), wanted))
        best = ranking.best(limit)
    return [Hit(fit.customer, fit.score, fit.evidence) for fit in best]


def _named_exactly(identifier: str, get: Get) -> list[Hit]:
    """A term without a letter or digit has no search keys, but may be somebody's identifier: `---`."""
    customer = get(identifier) if identifier else None
    return [Hit(customer, 1.0, ("identifier: exact",))] if customer else []
