"""Ranking: one order of candidates for every engine, by evidence that can be told to a person.

An engine only says who might be meant. Here each word of the term is held against the customer's own fields
(customers/evidence.py), and the order is the same whichever engine found them.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from customers.candidate import Candidate
from customers.evidence import Probe
from customers.fit import FOLDED, IN_PLACE, Fit
from customers.hit import Hit
from customers.keys import KeyField, joined_word
from customers.reading import NAMED, NOTHING, WHOLE_OUT_OF_ORDER, Reading, is_out_of_order
from customers.readings import readings_of
from customers.spelling import EXACT
from customers.term import Term, WordKind
from customers.typed import EXACT_NAME, Typed

# Below this, clearly less than half of what was typed fits: that is another customer.
LEAST = 0.4
# Where every word fits as well as this, nobody who fits less well needs to be looked for.
SURE = 0.84

# Where every word fits as well as this, nobody who lacks one of them needs to be looked for.
NEAR = 0.62

# Less than a word of a name that was not typed and another order of words make together.
_ALIKE = 0.01


class _Fitting(NamedTuple):
    """A candidate, and how the words of the reading that fits it best do: what a Hit is made of. They sort
    by evidence, best first, then by the candidates' own order."""

    unlikely: float
    order: tuple[int, str]
    candidate: Candidate
    score: float
    fits: Sequence[Fit]


class Ranking:
    """The candidates that answer `term`, best first. More may be added: who is in it already stays as it
    is."""

    def __init__(self, term: Term) -> None:
        self._typed = Typed(term.text)
        self._readings = readings_of(term)
        first = self._readings[0] if len(self._readings) == 1 else None
        self._only = first if first is not None and len(first.probes) == 1 else None
        words = term.readings[0] if term.readings else ()
        self._begins_with_letters = bool(words) and words[0].kind is WordKind.WORD
        self._is_letters = all(word.kind is WordKind.WORD for word in words)
        self._ends_behind_number = len(words) > 1 and words[-2].kind is WordKind.NUMBER
        self._many = len(words) > 2
        self._seen: set[str] = set()
        self._fitting: list[_Fitting] = []

    def add(self, candidates: Iterable[Candidate]) -> None:
        """Rank these too."""
        seen, fit, bonus = self._seen, self._fit, self._typed.bonus
        for candidate in candidates if self._readings else ():
            identifier = candidate.customer.identifier
            if identifier not in seen:
                seen.add(identifier)
                score, fits = fit(candidate)
                score += bonus(candidate)
                if score >= LEAST:
                    self._fitting.append(_Fitting(-round(score, 4), candidate.order, candidate, score, fits))

    @property
    def _best(self) -> _Fitting | None:
        return min(self._fitting, default=None)

    @property
    def is_sure(self) -> bool:
        """Whether every word fits the best as it was typed. Most of a word of the address does beside a whole
        word; otherwise it may as well be a mistyped name, and so may any that stands before a name, or is a
        street's."""
        best = self._best
        if best is None or self._has_place_for_name(best):
            return False
        doubtful = [fit for fit in best.fits if fit.score < SURE or fit.is_begun_city]
        if len(doubtful) == 1 and len(best.fits) == 2:
            return doubtful[0].is_most_of_a_place and max(best.fits).score >= EXACT - FOLDED
        return not doubtful

    def _has_place_for_name(self, best: _Fitting) -> bool:
        """`tomas hauge` is Thomas Hauge sooner than a Hauge who lives in Tomas, and `petra hofmann` Petra
        Hoffmann sooner than a Petra in Hofmann Gasse. A city behind a name is one."""
        places = [at for at, fit in enumerate(best.fits) if fit.place]
        if not places or not any(fit.names for fit in best.fits):
            return False
        if places[0] == 0 and self._begins_with_letters:
            return True
        found = [-best.fits[at].place[0] for at in places]
        streets = [at for at in found if at <= best.candidate.street_size]
        return any(best.candidate.places[at - 1].isalpha() for at in streets)

    @property
    def is_near(self) -> bool:
        """Whether nobody need be looked for who lacks a word: every word fits the best, if only with a
        mistake, or, of three or more, so well that whoever is named by the others stands below."""
        best = self._best
        if best is None:
            return False
        if self._many:
            # Behind a house that may be a floor, or its letters: `nygade 20 st`.
            is_begun = self._ends_behind_number and best.fits[-1].is_begun_city
            return best.score > NAMED and not is_begun
        return min(best.fits).score >= NEAR

    def is_one_whole(self, place: int) -> bool:
        """Whether the term is one word as it is written, or the end of one, or another form of it: of the
        best, or of whoever is in that place, or of the last one: `fru zlund`, where one is called Fru."""
        self._fitting.sort()
        return any(
            _is_one_whole(fitting.fits) for fitting in (*self._fitting[:1], *self._fitting[:place][-1:])
        )

    def score_of(self, place: int) -> float:
        """The score of whoever is in that place, counted from 1; 0 where nobody is."""
        scores = sorted((fitting.score for fitting in self._fitting), reverse=True)
        return scores[place - 1] if place <= len(scores) else 0.0

    @property
    def most_lacking(self) -> float:
        """What nobody scores more than who lacks one of several words."""
        several = [reading for reading in self._readings if len(reading.probes) > 1]
        return max((reading.most_lacking for reading in several), default=0.0)

    @property
    def spread(self) -> float:
        """How much better the best of all is than the worst."""
        scores = [fitting.score for fitting in self._fitting]
        return max(scores, default=0.0) - min(scores, default=0.0)

    @property
    def most_fit_whole(self) -> bool:
        """Whether every word is one of most candidates, as it was typed, and not only of the address: then
        their own order is all that tells who comes first."""
        whole = sum(_fits_whole(fitting.fits) for fitting in self._fitting)
        return 2 * whole > len(self._fitting)

    @property
    def whole_fields(self) -> tuple[KeyField, ...]:
        """Where the best has each word, where all are words of its name or its address, just as typed;
        nothing otherwise."""
        best = self._best
        if best is None or not _is_perfect(best.fits):
            return ()
        return tuple(KeyField.NAMES if fit.names else KeyField.PLACES for fit in best.fits)

    @property
    def called(self) -> list[tuple[str, KeyField]]:
        """What the best has in its name and its address of all that was typed, as it is kept, each with the
        field that has it; nothing where a word fits anything else of it."""
        best = self._best
        found = []
        for fit in best.fits if best else ():
            if best and fit.names:
                names = [best.candidate.names[at][0] for at in fit.names]
                found.append((joined_word(names), KeyField.JOINED if len(names) > 1 else KeyField.NAMES))
            elif best and fit.place and not fit.is_mistaken:
                found.append((best.candidate.places[-fit.place[0] - 1], KeyField.PLACES))
            elif not fit.is_lacking:
                return []
        return found

    @property
    def is_lacking(self) -> bool:
        """Whether a word fits nothing of the best, or hardly: others may be as good whom an engine was not
        asked for."""
        best = self._best
        return best is not None and any(fit.is_lacking for fit in best.fits)

    @property
    def alike(self) -> int:
        """How many fit as well as the best, or but for their order or a company form."""
        best = self._best
        return sum(fitting.unlikely - best.unlikely < _ALIKE for fitting in self._fitting) if best else 0

    def none_is_better(self, candidates: Iterable[Candidate], count: int) -> bool:
        """Whether so many of these, the first in their own order, fit as well as anybody can who has these
        words as words."""
        among = {candidate.customer.identifier for candidate in candidates}
        most = self._most
        as_well = (
            fitting.score >= most
            for fitting in self._fitting
            if fitting.candidate.customer.identifier in among
        )
        return sum(as_well) >= count

    @property
    def _most(self) -> float:
        """What nobody scores more than who has the words where the best has them: is called just so, or so
        the other way round, or lives there and is called little else. With a number of the address nobody
        can tell: it may be a house or a floor."""
        best = self._best
        if best is None or self.is_out_of_order:
            return EXACT - WHOLE_OUT_OF_ORDER
        if not any(fit.place for fit in best.fits):
            return EXACT + EXACT_NAME
        return best.score if self._is_letters else math.inf

    @property
    def is_out_of_order(self) -> bool:
        """Whether the best has words of its name in another order than they were typed in."""
        best = self._best
        return best is not None and is_out_of_order(best.fits)

    @property
    def is_whole(self) -> bool:
        """Whether every word is one of the best as it is written, or the end of a number: not begun, no
        initials, and no part of an email, which may as well be a mistyped name."""
        best = self._best
        return best is not None and all(fit.is_whole for fit in best.fits)

    def leave_mistaken_out(self) -> None:
        """Leave those out who lack a word, or have it only with a mistake."""
        self._fitting = [
            fitting for fitting in self._fitting if not any(fit.is_mistaken for fit in fitting.fits)
        ]

    def best(self, limit: int) -> list[Hit]:
        """The best, at most `limit`."""
        self._fitting.sort()
        return [_hit(fitting) for fitting in self._fitting[:limit]]

    def _fit(self, candidate: Candidate) -> tuple[float, Sequence[Fit]]:
        """The candidate by the reading of the term that fits it best."""
        if self._only is not None:
            return self._only.fit_alone(candidate)
        best: tuple[float, Sequence[Fit]] = (NOTHING, ())
        by: Reading | None = None
        known: dict[Probe, Fit] = {}
        for reading in self._readings:
            if best[0] < reading.needless_from - reading.mistake:
                least = NOTHING if reading.has_code else best[0]
                score, fits = reading.fit(candidate, known, least)
                if reading.has_code:
                    score = max(score, reading.coded(score, fits))
                if score > best[0]:
                    best, by = (score, fits), reading
        return max(best[0], by.named(best[1], candidate)) if by else best[0], best[1]


def _is_perfect(fits: Sequence[Fit]) -> bool:
    """Whether nobody can answer better who has the words in the same fields and order."""
    return all(fit.score == (IN_PLACE if fit.place else EXACT) and (fit.place or fit.names) for fit in fits)


def _is_one_whole(fits: Sequence[Fit]) -> bool:
    return len(fits) == 1 and (fits[0].is_to_the_end or fits[0].is_other_form)


def _fits_whole(fits: Sequence[Fit]) -> bool:
    return any(not fit.place for fit in fits) and all(fit.evidence.endswith("exact") for fit in fits)


def _hit(fitting: _Fitting) -> Hit:
    evidence = tuple([fit.evidence for fit in fitting.fits if fit.evidence])
    return Hit(fitting.candidate.customer, fitting.score, evidence)
