"""Evidence: the best of all that one word of a term fits of a customer."""

from collections.abc import Collection

from customers.candidate import Candidate
from customers.code_probe import CodeProbe
from customers.common_words import useless_words
from customers.fit import (
    CITY_BEGINNING,
    IN_PLACE,
    MISTYPED_CITY,
    MISTYPED_PLACE,
    NO_FIT,
    NOTE,
    ONE_DIFFERS,
    PLACE_BEGINNING,
    SHORT_CITY,
    SHORT_PLACE,
    WHOLE_PLACE_BEGINNING,
    Fit,
)
from customers.name_probe import NameProbe
from customers.settings import SearchSettings
from customers.spelling import BEGINNING, EXACT, MOST_MISTYPED, NONE, Mistakes, Spelling, as_typed
from customers.term import Word, WordKind

_LONG = 6


def is_long_code(word: Word) -> bool:
    """Whether it is a number, a code or an email such as few customers share: no house, no postal code."""
    return word.kind is not WordKind.WORD and len(word.code) >= _LONG


class Probe:
    """One word of a term, to be held against one candidate after the other. `alone` says that it is the whole
    term, `is_last` that it stands behind all others, `is_initial` that it is a letter of initials typed as
    one, which are a name's alone."""

    def __init__(
        self,
        word: Word,
        settings: SearchSettings,
        *,
        alone: bool,
        is_last: bool = False,
        is_initial: bool = False,
    ) -> None:
        # How much it says: more the longer it is.
        self.weight = min(len(word.code), 5) + 1
        self.is_company_form = word.is_company_form(settings)
        self.says_little = self.is_company_form or word.text in useless_words(settings)
        self.is_long_code = is_long_code(word)
        self.is_number = word.kind is WordKind.NUMBER
        self.is_letter = word.kind is WordKind.WORD and len(word.text) == 1
        self._word = word
        self._beginning = f"\n{word.text}"
        self._alone = alone
        self._is_last = is_last
        self._is_initial = is_initial
        self._mistakes = Mistakes(word.text, settings.fuzzy_from)
        self._names = NameProbe(
            word, settings, says_little=alone and self.is_company_form and word.code == word.text
        )
        self._codes = CodeProbe(word, settings, alone=alone)
        self._mistyped_places: dict[str, Spelling] = {}

    def fit(self, candidate: Candidate, taken: Collection[int] = (), floor: float = 0.0) -> Fit:
        """The best of all that the word fits; NO_FIT where nothing is better than `floor`. `taken` are the
        words of the name and of the address that other words of the term fit. Mistakes are dear to look for,
        and never better than what is typed right."""
        best = self._typed(candidate, taken, Fit(floor) if floor else NO_FIT)
        if best.score < MOST_MISTYPED:
            best = self._mistyped(candidate, taken, best)
        return best if best.evidence else NO_FIT

    def _typed(self, candidate: Candidate, taken: Collection[int], best: Fit) -> Fit:
        best = self._names.typed(candidate, taken, best)
        if best.score < EXACT:
            best = self._codes.typed(candidate, best)
        if best.score < IN_PLACE and not self._is_initial and self._beginning in candidate.place_text:
            for at, place in enumerate(candidate.places):
                if place.startswith(self._word.text) and -at - 1 not in taken:
                    score, how = self._typed_place(candidate, at)
                    if score > best.score:
                        best = Fit(score, how, place=(-at - 1,))
        return best

    def at_place(self, candidate: Candidate, at: int) -> Fit | None:
        """The word as all of that word of the address, if it is."""
        if at < len(candidate.places) and candidate.places[at] == self._word.text:
            return Fit(*self._typed_place(candidate, at), place=(-at - 1,))
        return None

    def _mistyped(self, candidate: Candidate, taken: Collection[int], best: Fit) -> Fit:
        best = self._names.mistyped(candidate, taken, best)
        if best.score < ONE_DIFFERS:
            best = self._codes.mistyped(candidate, best)
        if best.score >= MISTYPED_CITY * MOST_MISTYPED or not self._mistakes.forgiven:
            return best
        for at, place in enumerate(candidate.places):
            score, how = self._mistyped_places.get(place) or self._mistyped_place(place)
            if score:
                score *= MISTYPED_CITY if self._may_be_city(candidate, at) else MISTYPED_PLACE
                if score > best.score and -at - 1 not in taken:
                    best = Fit(score, f"address: {how}", place=(-at - 1,))
        return best

    def _typed_place(self, candidate: Candidate, at: int) -> tuple[float, str]:
        """A word of the address, or the beginning of one. A postal code is shared by hundreds: whoever types
        four digits alone means the end of a phone. Two letters are the beginning of a name rather than a word
        of a street."""
        word, place = self._word, candidate.places[at]
        score, how = as_typed(word.text, place)
        if word.pair and how == "beginning" and candidate.place_pairs[at] != word.pair:
            return NONE
        if word.kind is not WordKind.WORD:
            return score * (BEGINNING if self._alone and self.is_number else IN_PLACE), f"address: {how}"
        is_city = self._may_be_city(candidate, at)
        if how == "beginning":
            score = PLACE_BEGINNING + (WHOLE_PLACE_BEGINNING - PLACE_BEGINNING) * len(word.text) / len(place)
            return (score + CITY_BEGINNING, "city: beginning") if is_city else (score, "address: beginning")
        if at >= candidate.address_size:
            return NOTE, "additional information: exact"
        if len(word.text) < 3:
            return SHORT_CITY if is_city else SHORT_PLACE, "address: exact"
        return IN_PLACE, "address: exact"

    def _may_be_city(self, candidate: Candidate, at: int) -> bool:
        """Whether that word of the address is the city's, and ours stands where cashiers type a city."""
        return self._is_last and at in candidate.cities

    def _mistyped_place(self, place: str) -> Spelling:
        found = self._mistyped_places[place] = self._mistakes.mistyped(place)
        return found
