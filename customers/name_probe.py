"""One word of a term, held against the names of candidates."""

from collections.abc import Callable, Collection

from customers.candidate import Candidate
from customers.fit import FOLDED, FOLDED_BEGINNING, OTHER_FORM, SHORT_PLACE, Fit
from customers.keys import LONGEST_START
from customers.nicknames import other_forms
from customers.settings import SearchSettings
from customers.spelling import BEGINNING, EXACT, MOST_MISTYPED, Spelling, as_typed, mistyped, spelling
from customers.term import Word


class NameProbe:
    """Remembers what it was compared with, since candidates share their names. `says_little`: it is a company
    form, and the whole term."""

    def __init__(self, word: Word, settings: SearchSettings, *, says_little: bool) -> None:
        self._word = word
        self._fuzzy_from = settings.fuzzy_from
        self._weight = SHORT_PLACE if says_little else 1.0
        self._other_forms = other_forms(word.text, settings)
        self._typed: dict[tuple[str, str], Spelling] = {}
        self._mistyped: dict[tuple[str, str], Spelling] = {}

    def typed(self, candidate: Candidate, taken: Collection[int], best: Fit) -> Fit:
        """A word of the name, or its beginning, or another form of it; `best` where that is better."""
        best = self._better(candidate, taken, best, self._typed, self._compare_typed)
        if best.score < EXACT - FOLDED:
            for joined, places in candidate.joined.items():
                if joined.startswith(self._word.text):
                    best = self._joined(as_typed(self._word.text, joined), places, taken, best)
        return best

    def mistyped(self, candidate: Candidate, taken: Collection[int], best: Fit) -> Fit:
        """A word of the name with a mistake; `best` where that is better."""
        best = self._better(candidate, taken, best, self._mistyped, self._compare_mistyped)
        if best.score < MOST_MISTYPED - FOLDED_BEGINNING and len(self._word.text) > LONGEST_START:
            for joined, places in candidate.joined.items():
                found = mistyped(self._word.text, joined, self._fuzzy_from)
                if found[0]:
                    best = self._joined(found, places, taken, best)
        return best

    def _better(
        self,
        candidate: Candidate,
        taken: Collection[int],
        best: Fit,
        known: dict[tuple[str, str], Spelling],
        compare: Callable[[tuple[str, str]], Spelling],
    ) -> Fit:
        """The word of the name that fits best, or `best`. `known` are the comparisons that were made
        before."""
        for at, name in enumerate(candidate.names):
            if at not in taken:
                score, how = known.get(name) or compare(name)
                if score * self._weight > best.score:
                    best = Fit(score * self._weight, f"name: {how}", (at,))
        return best

    def _compare_typed(self, name: tuple[str, str]) -> Spelling:
        """The word against a word of the name, (skeleton, plain), mistakes left aside."""
        score, how = as_typed(self._word.text, name[0])
        if score and not name[1].startswith(self._word.code):
            score -= FOLDED if score == EXACT else FOLDED_BEGINNING
        elif score < BEGINNING and name[0] in self._other_forms:
            score, how = OTHER_FORM, "another form"
        self._typed[name] = score, how
        return score, how

    def _compare_mistyped(self, name: tuple[str, str]) -> Spelling:
        """A typing error may make a letter pair that stands for no letter (`mboerg`), so mistakes are looked
        for in the plain spellings too."""
        word, (folded, plain) = self._word, name
        found = mistyped(word.text, folded, self._fuzzy_from)
        if plain != folded or word.code != word.text:
            found = max(found, spelling(word.code, plain, self._fuzzy_from))
        self._mistyped[name] = found
        return found

    def _joined(self, found: Spelling, places: range, taken: Collection[int], best: Fit) -> Fit:
        """Words of the name written as one."""
        score, how = found
        if score != EXACT and len(self._word.text) <= LONGEST_START:
            return best
        score = (score - (FOLDED if score == EXACT else FOLDED_BEGINNING)) * self._weight
        if score <= best.score or any(at in taken for at in places):
            return best
        return Fit(score, f"name: {how}", tuple(places))
