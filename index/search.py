"""The search that every engine shares: candidates in stages, then one ranking.

An engine adds `candidates`, the customers that a query of `index.query` finds. Most terms are answered by the
sure query. Only where it finds nobody who fits well is the near one asked, and the loose one only where even
that finds nobody whom every word fits, or only somebody doubtful.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from customers.candidate import Candidate
from customers.code_probe import may_end_phone
from customers.customer import Customer
from customers.hit import Hit
from customers.ranking import Ranking
from customers.term import Term, Word, WordKind
from index.query import Query
from index.stages import (
    begun_query,
    called_query,
    code_query,
    loose_query,
    namesakes_query,
    near_query,
    sure_query,
    whole_query,
)

# How many candidates the sure query is asked for: enough to hold the right one, few enough to be quick.
FEW = 20
# And of those who nearly answer, or lack a word: most of them are somebody else, called by some common name.
CANDIDATES = 64
# Where the few fit nearly equally well, better ones may be left behind. All are looked at, where they are no
# more than CANDIDATES; of more names it is chance who is handed over, and the next letter tells more than a
# look. A number is known to the end sooner, and an engine may count those too who have nearly that one.
_NEARLY = 0.06
# Where most of them are called just so, no letter follows: the ones to show first are looked for among so
# many people of one name. One word alone is that of too many: the engine is asked which of them come first.
NAMESAKES = 256
# Where fewer fit as well as the best, an engine has handed over all of them.
_MANY = 10


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds: the likeliest candidates, and how many customers match in all, as far as the engine
    counted: at least so many as are handed over."""

    candidates: list[Candidate]
    matches: int


Find = Callable[[Query, int], Found]
First = Callable[[Query, int], list[Candidate]]
Get = Callable[[str], Customer | None]


def enough(limit: int) -> int:
    """How many candidates answer a lookup of at most `limit` hits: where so many are found, no other forms of
    the words need be looked for."""
    return max(FEW, limit)


def search(term: Term, limit: int, find: Find, first: First, get: Get) -> list[Hit]:
    """The customers that answer `term`, best first. `find(query, limit)` asks the engine for the likeliest of
    all, `first(query, limit)` for those of each reading that come first in their own order (`order_number`),
    and `get(identifier)` for one; they raise what the engine raises."""
    if limit < 1:
        return []
    if not term.readings:
        return _named_exactly(term.text.strip(), get)
    ranking = Ranking(term)
    sure = sure_query(term)
    few = enough(limit)
    if begun := begun_query(term):
        ranking.add(find(begun, few).candidates)
    found = find(sure, few)
    ranking.add(found.candidates)
    if found.matches > few:
        worth = _worth_a_look(term, found.matches, ranking)
        alike = _first_query(term, limit, ranking)
        in_order = first(alike, few) if alike else []
        ranking.add(in_order)
        ranking.add(_identified(term, get))
        if worth > few and not ranking.none_is_better(in_order, limit):
            ranking.add(find(sure, worth).candidates)
    if not ranking.is_sure:
        _look_wider(term, limit, find, first, ranking)
    elif ranking.is_whole:
        # An engine that forgives typing errors unasked came upon a few of the many who nearly fit.
        ranking.leave_mistaken_out()
    return ranking.best(limit)


def _look_wider(term: Term, limit: int, find: Find, first: First, ranking: Ranking) -> None:
    """Rank those too who nearly answer, and where that is not enough, those who lack a word."""
    wanted = max(CANDIDATES, limit)
    ranking.add(find(near_query(term), wanted).candidates)
    is_full = ranking.score_of(limit) > ranking.most_lacking
    if not ranking.is_near and not is_full and (loose := loose_query(term)):
        # By itself: of a code that many share, those whom other words fit too are found by the loose one.
        if codes := code_query(term):
            ranking.add(find(codes, wanted).candidates)
        ranking.add(find(loose, wanted).candidates)
    _look_at_namesakes(term.readings[0], limit, find, first, ranking)


def _look_at_namesakes(words: Sequence[Word], limit: int, find: Find, first: First, ranking: Ranking) -> None:
    """Where others may be called as the best is, or live there, and have no more of what was typed: those
    whom their own order puts first, and, where that may be the end of a phone, as many as may have it."""
    called = ranking.called
    if called and (ranking.is_lacking or ranking.alike >= _MANY):
        tokens, fields = zip(*called, strict=True)
        namesakes = namesakes_query(tokens, fields, out_of_order=ranking.is_out_of_order)
        ranking.add(first(namesakes, enough(limit)))
        if any(map(may_end_phone, words)):
            ranking.add(find(namesakes, NAMESAKES).candidates)


def _first_query(term: Term, limit: int, ranking: Ranking) -> Query:
    """Who of all may be better than the first few: those who are as the best is, whom their own order puts
    first."""
    if ranking.is_one_whole(limit):
        return whole_query(term, ranking.score_of(limit))
    fields, words = ranking.whole_fields, term.readings[0]
    if len(fields) == len(words):
        tokens = [word.text for word in words]
        code = "".join(word.code for word in words)
        return called_query(tokens, fields, code, out_of_order=ranking.is_out_of_order)
    return ()


def _worth_a_look(term: Term, matches: int, ranking: Ranking) -> int:
    """How many of those who match are worth a look, now that the first few are ranked."""
    words = term.readings[0]
    are_several = len(words) > 1
    if are_several and ranking.most_fit_whole:
        return min(matches, NAMESAKES)
    has_number = are_several and any(word.kind is not WordKind.WORD for word in words)
    if ranking.spread < _NEARLY and (matches <= CANDIDATES or has_number):
        return min(matches, CANDIDATES)
    return 0


def _identified(term: Term, get: Get) -> list[Candidate]:
    """Whoever has just this identifier, where it is a code that dozens have in their email too: `WEB12`."""
    words = term.readings[0]
    if len(words) != 1 or words[0].kind is not WordKind.CODE:
        return []
    customer = get(term.text.strip())
    return [Candidate(customer, term.settings)] if customer else []


def _named_exactly(identifier: str, get: Get) -> list[Hit]:
    """A term without a letter or digit has no search keys, but may be somebody's identifier: `---`."""
    customer = get(identifier) if identifier else None
    return [Hit(customer, 1.0, ("identifier: exact",))] if customer else []
