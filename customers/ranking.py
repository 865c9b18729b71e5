"""Ranking: one order of candidates for every engine, by evidence that can be told to a person.

An engine only says who might be meant. Here each word of the term is held against the customer's own fields
(customers/evidence.py), and the order is the same whichever engine found them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from customers.candidate import Candidate
from customers.customer import Customer
from customers.evidence import Probe
from customers.fit import Fit
from customers.folding import plain, squeezed
from customers.term import Term, Word, WordKind

# Below this, clearly less than half of what was typed fits: that is another customer.
LEAST = 0.4
# Where every word fits as well as this, nobody who fits less well needs to be looked for.
SURE = 0.84

# Each word of the name that was not typed makes a customer a little less likely, up to four of them.
NOT_TYPED = 0.005
# Names are more often typed in their order: `la han` is Lars Hansen rather than Hans Lauridsen.
OUT_OF_ORDER = 0.01
# A space that was typed inside a word is a mistake, though a small one.
SPACE_TOO_MANY = 0.02
# Less than any reading scores.
_NOTHING = -1.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate that answers the term. `score` is 0 to 1.3; `weakest` is the score of the word that fits
    least well; `evidence` is free of personal data."""

    customer: Customer
    score: float
    weakest: float
    evidence: tuple[str, ...]

    @property
    def sure(self) -> bool:
        """Whether every word fits as it was typed."""
        return self.weakest >= SURE


class Ranking:
    """The candidates that answer `term`, best first. More may be added: who is in it already stays as it
    is."""

    def __init__(self, term: Term) -> None:
        self._term = term
        self._typed = _Typed(term.text)
        probes: dict[tuple[Word, bool], Probe] = {}

        def probed(reading: tuple[Word, ...]) -> tuple[Probe, ...]:
            """The same word in two readings is the same probe."""
            alone = len(reading) == 1
            return tuple(
                probes.get((word, alone))
                or probes.setdefault((word, alone), Probe(word, term.settings, alone=alone))
                for word in reading
            )

        self._readings = [
            _Reading(reading, probed(reading), _mistake(reading, term)) for reading in term.readings
        ]
        self._readings += [_Reading(reading, probed(reading), SPACE_TOO_MANY) for reading in term.joined]
        self._seen: set[str] = set()
        self._ranked: list[tuple[tuple[float, bool, float, str], Ranked]] = []

    def add(self, candidates: Iterable[Candidate]) -> None:
        """Rank these too."""
        for candidate in candidates if self._readings else ():
            if candidate.customer.identifier not in self._seen:
                self._seen.add(candidate.customer.identifier)
                fit = self._fit(candidate)
                if fit.score >= LEAST:
                    self._ranked.append((self._order(fit, candidate), fit))

    def best(self, limit: int) -> list[Ranked]:
        """The best, at most `limit`."""
        return [fit for _, fit in sorted(self._ranked, key=itemgetter(0))[:limit]]

    def _order(self, fit: Ranked, candidate: Candidate) -> tuple[float, bool, float, str]:
        """Best evidence first; of equal ones those of the shop's country, then the recently changed, then
        always the same."""
        country = fit.customer.country_code
        abroad = bool(country) and str(country).upper() != self._term.settings.default_region
        return (-round(fit.score, 4), abroad, candidate.age, fit.customer.identifier)

    def _fit(self, candidate: Candidate) -> Ranked:
        """The candidate by the reading of the term that fits it best."""
        best = _NOTHING
        fits: tuple[Fit, ...] = ()
        known: dict[Probe, Fit] = {}
        for reading in self._readings:
            if best < 1.0 - reading.mistake:
                score, found = reading.fit(candidate, known, best)
                if score > best:
                    best, fits = score, found
        evidence = tuple(fit.evidence for fit in fits if fit.evidence)
        weakest = min(fit.score for fit in fits)
        return Ranked(candidate.customer, best + self._typed.bonus(candidate), weakest, evidence)


def _mistake(reading: tuple[Word, ...], term: Term) -> float:
    """A code is seldom typed with spaces; a number often is."""
    spaced = len(reading) == 1 and len(term.text.split()) > 1
    return SPACE_TOO_MANY if spaced and reading[0].kind is WordKind.CODE else 0.0


class _Typed:
    """What was typed, held as a whole against what customers are called: that tells those apart whose words
    all fit."""

    def __init__(self, text: str) -> None:
        self._text = text.strip()
        self._casefold = self._text.casefold()
        self._squeezed = squeezed(self._casefold)
        self._plain = plain(self._text)

    def bonus(self, candidate: Candidate) -> float:
        """More for an identifier, email or name that is written exactly so."""
        if self._text == candidate.customer.identifier:
            return 0.3
        return max(self._email_bonus(candidate), self._name_bonus(candidate.customer.name or ""))

    def _email_bonus(self, candidate: Candidate) -> float:
        """The address, its first part or its domain. Plain letters may be a name, so they say less."""
        email = candidate.customer.email
        if not email or not self._text:
            return 0.0
        if self._casefold == email.casefold():
            return 0.2
        parts, squeezed_parts = candidate.email_parts
        if self._casefold in parts:
            return 0.002 if self._casefold.isalpha() else 0.1
        return 0.002 if self._squeezed in squeezed_parts else 0.0

    def _name_bonus(self, name: str) -> float:
        if len(self._text) != len(name):
            return 0.0
        if self._casefold == name.casefold():
            return 0.1
        return 0.05 if self._plain == plain(name) else 0.0


class _Reading(NamedTuple):
    """The words of one way to read the term, as probes. `mistake` is what the reading itself costs."""

    words: tuple[Word, ...]
    probes: tuple[Probe, ...]
    mistake: float

    def fit(
        self, candidate: Candidate, known: dict[Probe, Fit], least: float
    ) -> tuple[float, tuple[Fit, ...]]:
        """The mean of how well the words fit, the longer ones counting more; anything not above `least` where
        it is not above. `known` are the fits of this candidate that other readings have found; these are
        added."""
        floor = self._floor(known, least + self.mistake)
        if floor >= 1.0:
            return _NOTHING, ()
        fits = self._fits(candidate, known, floor)
        total = weights = 0.0
        for word, probe, fit in zip(self.words, self.probes, fits, strict=True):
            weight = _weight(word, probe, fit)
            total += fit.score * weight
            weights += weight
        unlikely = self.mistake + _not_typed(fits, candidate) + _out_of_order(fits)
        return total / weights - unlikely, tuple(fits)

    def _floor(self, known: dict[Probe, Fit], mean: float) -> float:
        """What the one word that is not known yet must score to lift the mean to `mean`; 0 where that cannot
        be told."""
        unknown = [at for at, probe in enumerate(self.probes) if probe not in known]
        if len(unknown) != 1 or self.probes[unknown[0]].is_company_form:
            return 0.0
        missing = mean * (weight := _full_weight(self.words[unknown[0]]))
        for word, probe in zip(self.words, self.probes, strict=True):
            if probe in known:
                missing += (mean - known[probe].score) * _weight(word, probe, known[probe])
        return max(0.0, missing / weight)

    def _fits(self, candidate: Candidate, known: dict[Probe, Fit], floor: float) -> list[Fit]:
        """How each word fits. No word of the name is counted twice: it goes to the word that fits it best,
        and the others look for something else."""
        fits = []
        for probe in self.probes:
            fit = known.get(probe) or probe.fit(candidate, floor=floor)
            if not floor:
                known[probe] = fit
            fits.append(fit)
        if len(fits) == 1:
            return fits
        taken: set[int] = set()
        for at in sorted(range(len(fits)), key=lambda at: -fits[at].score):
            if not taken.isdisjoint(fits[at].names):
                fits[at] = self.probes[at].fit(candidate, taken)
            taken.update(fits[at].names)
        return fits


def _weight(word: Word, probe: Probe, fit: Fit) -> float:
    """How much a word says: more the longer it is. A company form that the customer has not says little."""
    if not fit.score and probe.is_company_form:
        return 0.5
    return _full_weight(word)


def _full_weight(word: Word) -> float:
    return min(len(word.code), 5) + 1


def _not_typed(fits: Iterable[Fit], candidate: Candidate) -> float:
    """Nothing where no name was typed, and nothing for a company form."""
    named = {at for fit in fits for at in fit.names}
    if not named:
        return 0.0
    left = sum(at not in named for at in candidate.telling_names)
    return NOT_TYPED * min(left, 4)


def _out_of_order(fits: Iterable[Fit]) -> float:
    places = [fit.names[0] for fit in fits if fit.names]
    return OUT_OF_ORDER if places != sorted(places) else 0.0
