"""What one lookup asks of Meilisearch, round after round, nothing twice."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, zip_longest
from typing import Any, Protocol

from customers.candidate import Candidate
from customers.keys import KeyField
from index.meilisearch_documents import BODY, GENERATION, ID
from index.meilisearch_query import LONGEST_ENDING, merged, whole_searches
from index.meilisearch_rounds import is_another_form, is_for_few, is_of_names, is_short, rounds
from index.meilisearch_search import SPELLED, Search
from index.meilisearch_searcher import Answer
from index.query import Clause, Match, Query, Reading, WantedWord
from index.search import Found

# With fewer searches less is won than it costs to ask again where many are found.
_SEVERAL = 3


class Asks(Protocol):
    """What Searcher does."""

    def ask(self, searches: list[dict[str, Any]]) -> list[Answer]:
        """See Searcher.ask."""

    def ask_as_one(self, searches: list[dict[str, Any]], most: int) -> Answer:
        """See Searcher.ask_as_one."""


class Questions:
    """The candidates of one lookup. `searcher` answers searches; `read` makes a candidate of a document's
    body. Once `enough` customers are found, or one whom several words fit, no other forms of the words are
    looked for. What has been answered already is not asked again."""

    def __init__(self, searcher: Asks, read: Callable[[str], Candidate], enough: int) -> None:
        self._searcher = searcher
        self._read = read
        self._enough = enough
        self._answers: dict[Search, tuple[int, Answer]] = {}
        self.generations: set[str] = set()
        """Those that the candidates so far are of."""

    def find(self, query: Query, wanted: int) -> Found:
        """The best of each search in turn, at most `wanted`. Raises what the searcher raises."""
        found: dict[str, dict[str, Any]] = {}
        matches = 0
        for searches in rounds(query, wanted):
            answers = self._together(searches)
            matches = max(matches, *(answer.matches for answer in answers.values()))
            for hit in _in_turn(answers):
                if BODY in hit:
                    found.setdefault(hit[ID], hit)
            best = list(found.values())[:wanted]
            candidates = [self._read(hit[BODY]) for hit in best]
            if len(found) >= self._enough or _one_fits(query[0], candidates):
                break
            if not found and _is_mistyped(query[0]):
                break  # the near query is to ask the same as the next round, and more
        self.generations.update(hit[GENERATION] for hit in best)
        return Found(candidates, max(matches, len(found)))

    def first(self, query: Query, wanted: int) -> list[Candidate]:
        """Of each token of the query the first who have it. Raises what the searcher raises."""
        searches = list(whole_searches(query))
        self._answered({search: wanted for search in searches if search.fields == SPELLED})
        left = [search for search in searches if self._wider(search) is search]
        self._answered(dict.fromkeys(merged(left), wanted))
        answers = self._answered(dict.fromkeys(map(self._wider, searches), wanted))
        hits = [hit for answer in answers for hit in answer.hits]
        self.generations.update(hit[GENERATION] for hit in hits)
        return [self._read(hit[BODY]) for hit in hits]

    def _together(self, searches: dict[Search, int]) -> dict[Search, Answer]:
        """The answers. What few customers are to be found by, each time another way, is asked for as one: the
        server needs half the time for it. They have one answer then, as far as that is whole."""
        new = self._unknown(searches)
        if len(new) >= _SEVERAL and all(map(is_for_few, new)):
            most = max(new.values())
            answer = self._searcher.ask_as_one([search.body() for search in new], most)
            if len(answer.hits) < most:
                known = {search: self._answers[search][1] for search in searches if search not in new}
                return known | {next(iter(new)): answer}
        return dict(zip(searches, self._answered(searches), strict=True))

    def _answered(self, searches: dict[Search, int]) -> list[Answer]:
        new = self._unknown(searches)
        if new:
            answers = self._searcher.ask([search.body(limit) for search, limit in new.items()])
            for (search, limit), answer in zip(new.items(), answers, strict=True):
                self._answers[search] = (limit, answer)
        return [self._answers[search][1] for search in searches]

    def _unknown(self, searches: dict[Search, int]) -> dict[Search, int]:
        return {search: limit for search, limit in searches.items() if not self._is_known(search, limit)}

    def _is_known(self, search: Search, limit: int) -> bool:
        """Whether it was asked, for as many or with fewer to be had than were asked for."""
        if search not in self._answers:
            return False
        asked, answer = self._answers[search]
        return asked >= limit or len(answer.hits) < asked

    def _wider(self, search: Search) -> Search:
        """One that was asked for the same words in more fields, and gave all who have them; or else the
        search itself."""
        for asked, (limit, answer) in self._answers.items():
            is_same = (asked.words, asked.strategy) == (search.words, search.strategy)
            if is_same and {*search.fields} <= {*asked.fields} and len(answer.hits) < limit:
                return asked
        return search


def _in_turn(answers: dict[Search, Answer]) -> Iterator[dict[str, Any]]:
    """The first hit of each search, then the second of each; those that come last, last."""
    for comes_last in (False, True):
        hits = [answer.hits for search, answer in answers.items() if search.comes_last is comes_last]
        yield from filter(None, chain.from_iterable(zip_longest(*hits)))


def _is_mistyped(reading: Reading) -> bool:
    """Whether there is a mistake in these names, where nobody has them: of three or more words two may be one
    that Meilisearch joins itself, `mar cus olsen`, and one alone another form of a name that many have."""
    return is_of_names(reading) and len(reading.words) < 3 and not is_another_form(reading)


def _one_fits(reading: Reading, candidates: Iterable[Candidate]) -> bool:
    """Whether somebody has all the words, several or a long number, as they were typed."""
    words = {word.text: word for word in reading.words}.values()
    if len(words) == 1 and (reading.words[0].letters or len(reading.words[0].text) <= LONGEST_ENDING):
        return False
    return any(all(_has(candidate, word) for word in words) for candidate in candidates)


def _has(candidate: Candidate, word: WantedWord) -> bool:
    """Whether the word is one of the name or the address, or two of the name in one; or a short one that
    begins such; a code in any of its forms, or the end of a phone. A longer one that begins a name may begin
    a place as well, which only the next round looks for."""
    text = word.text
    if text in candidate.places or any(text == name for name, _ in candidate.names):
        return True
    if word.letters and is_short(word):
        begins = any(name.startswith(text) for name, _ in candidate.names)
        return begins or f"\n{text}" in candidate.place_text
    if word.letters:
        return f"\n{text}\n" in candidate.joined_text
    return any(_has_code(candidate, clause) for clause in word.clauses if clause.match is Match.EXACT)


def _has_code(candidate: Candidate, clause: Clause) -> bool:
    if clause.field is KeyField.CODES:
        code = f"\n{clause.token}\n"
        return code in candidate.code_text or code in candidate.phone_text
    return clause.field is KeyField.ENDINGS and any(
        national.endswith(clause.token) for national, _ in candidate.phones
    )
