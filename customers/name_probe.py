"""One word of a term, held against the names of candidates."""

from collections.abc import Callable, Collection

from customers.candidate import Candidate
from customers.fit import FOLDED, FOLDED_BEGINNING, NO_FORM, OTHER_FORM, OTHER_LETTER, SHORT_PLACE, Fit
from customers.keys import LONGEST_START
from customers.nicknames import other_forms
from customers.settings import SearchSettings
from customers.spelling import BEGINNING, EXACT, MOST_MISTYPED, NONE, Mistakes, Spelling, as_typed
from customers.term import Word

# The beginning of words written as one, by how many letters of the last of them are there: two say less than
# a word with one letter wrong (spelling.py), and more than one with two; four say more than either.
_JOINED_BEGINNING = 0.44
_EACH_LETTER = 0.1
_FEWEST_OF_THE_LAST = 2
_MOST_OF_THE_LAST = 4
_BETWEEN_MISTAKES = 0.75
_HALF_MORE = 0.6


class NameProbe:
    """Remembers what it was compared with, since candidates share their names. `says_little`: it is a company
    form, and the whole term."""

    def __init__(self, word: Word, settings: SearchSettings, *, says_little: bool) -> None:
        self._word = word
        # Short beginnings of words written as one would be everyone's.
        self._joined_text = f"\n{word.text}" + ("" if len(word.text) > LONGEST_START else "\n")
        self._mistakes = Mistakes(word.text, settings.fuzzy_from)
        self._plain_mistakes = Mistakes(word.code, settings.fuzzy_from)
        self._says_little = says_little
        self._is_folded_to_form = word.is_folded_to_form(settings)
        self._other_forms = other_forms(word.text, settings)
        self._typed: dict[tuple[str, str], Spelling] = {}
        self._mistyped: dict[tuple[str, str], Spelling] = {}

    def typed(self, candidate: Candidate, taken: Collection[int], best: Fit) -> Fit:
        """A word of the name, or its beginning, or another form of it; `best` where that is better."""
        best = self._better(candidate, taken, best, self._typed, self._compare_typed)
        if self._word.pair and best.score < BEGINNING:
            best = self._begun_by_pair(candidate, taken, best)
        if best.score < EXACT - FOLDED and self._joined_text in candidate.joined_text:
            for joined, places in candidate.joined.items():
                found = self._as_joined(joined, places, candidate)
                if found[0]:
                    plain = "".join(candidate.names[at][1] for at in places)
                    folded = not plain.startswith(self._word.code)
                    best = self._joined(found, places, taken, best, folded=folded)
        return best

    def _begun_by_pair(self, candidate: Candidate, taken: Collection[int], best: Fit) -> Fit:
        """`å` and `aa` begin an Aase and an Åse, and no Anders."""
        for at, pair in enumerate(candidate.name_pairs):
            if pair == self._word.pair and at not in taken:
                score, how = as_typed(self._word.text, candidate.names[at][0])
                if score > best.score:
                    best = Fit(score, f"name: {how}", (at,))
        return best

    def _as_joined(self, joined: str, places: range, candidate: Candidate) -> Spelling:
        """Words written as one, or their beginning, which says more the more letters of the last of them are
        there: `oleen` is Olsen mistyped sooner than Ole Engen, and `mollerr` no Møller Ravn."""
        found = as_typed(self._word.text, joined)
        if found[0] in (0.0, EXACT):
            return found
        letters = len(self._word.text) - sum(len(candidate.names[at][0]) for at in places[:-1])
        if letters < _FEWEST_OF_THE_LAST:
            return NONE
        if letters == _FEWEST_OF_THE_LAST:
            return _BETWEEN_MISTAKES - _HALF_MORE / len(self._word.text), "beginning"
        return _JOINED_BEGINNING + _EACH_LETTER * min(letters, _MOST_OF_THE_LAST), "beginning"

    def mistyped(self, candidate: Candidate, taken: Collection[int], best: Fit) -> Fit:
        """A word of the name with a mistake; `best` where that is better."""
        if not self._mistakes.forgiven and not self._plain_mistakes.forgiven:
            return best
        best = self._better(candidate, taken, best, self._mistyped, self._compare_mistyped)
        if best.score < MOST_MISTYPED - FOLDED_BEGINNING and len(self._word.text) > LONGEST_START:
            for joined, places in candidate.joined.items():
                found = self._mistakes.mistyped(joined)
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
        """The word of the name that fits best, or `best`. `known` are the comparisons that were made before:
        their scores, and how they are said."""
        highest, fitting, last = best.score, None, len(candidate.names) - 1
        for at, name in enumerate(candidate.names):
            score, how = known.get(name) or known.setdefault(name, compare(name))
            if self._says_little and at not in candidate.telling_names:
                score *= SHORT_PLACE
            if self._is_folded_to_form and score and candidate.name_pairs[at] != self._word.begins:
                # `Asa` may be Åsa, but a form stands at the end.
                is_form = 0 < at == last and at not in candidate.telling_names
                score = score * NO_FORM if is_form else score - FOLDED
            if score > highest and at not in taken:
                highest, fitting = score, (how, at)
        return Fit(highest, f"name: {fitting[0]}", (fitting[1],)) if fitting else best

    def _compare_typed(self, name: tuple[str, str]) -> Spelling:
        """The word against a word of the name, (skeleton, plain), mistakes left aside."""
        score, how = as_typed(self._word.text, name[0])
        if self._word.pair and how == "beginning":
            score = OTHER_LETTER
        elif score and not name[1].startswith(self._word.code):
            score -= FOLDED if score == EXACT else FOLDED_BEGINNING
        elif score < BEGINNING and name[0] in self._other_forms:
            score, how = OTHER_FORM, "another form"
        return score, how

    def _compare_mistyped(self, name: tuple[str, str]) -> Spelling:
        """A typing error may make a letter pair that stands for no letter (`mboerg`), so mistakes are looked
        for in the plain spellings too."""
        word, (folded, plain) = self._word, name
        found = self._mistakes.mistyped(folded)
        if plain != folded or word.code != word.text:
            found = max(found, self._plain_mistakes.spelling(plain))
        return found

    def _joined(
        self, found: Spelling, places: range, taken: Collection[int], best: Fit, *, folded: bool = False
    ) -> Fit:
        """Words of the name written as one. `folded`: with other letters than were typed."""
        score, how = found
        if score != EXACT and len(self._word.text) <= LONGEST_START:
            return best
        score -= (FOLDED if score == EXACT else FOLDED_BEGINNING) + (FOLDED if folded else 0.0)
        if score <= best.score or any(at in taken for at in places):
            return best
        return Fit(score, f"name: {how}", tuple(places))
