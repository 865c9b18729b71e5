"""Ranking: one order of candidates for every engine, by evidence that can be told to a person.

An engine only says who might be meant. Here each word of the term is held against the customer's own fields
(customers/evidence.py), and the order is the same whichever engine found them.
"""

from collections.abc import Iterable, Sequence
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

# Where every word fits as well as this, nobody who lacks one of them needs to be looked for.
NEAR = 0.62

# Each word of the name that was not typed makes a customer a little less likely, up to four of them.
NOT_TYPED = 0.005
# Names are more often typed in their order: `la han` is Lars Hansen rather than Hans Lauridsen.
OUT_OF_ORDER = 0.01
# But a whole name the other way round is likelier than a part of another: less than NOT_TYPED.
WHOLE_OUT_OF_ORDER = 0.004
# A space that was typed inside a word is a mistake, though a small one.
SPACE_TOO_MANY = 0.02
# Where the words fit so well as they were typed, none of them has a space too many.
GOOD = 0.9
# Less than any reading scores.
_NOTHING = -1.0


class Ranked(NamedTuple):
    """A candidate that answers the term. `score` is 0 to 1.3; `weakest` is the score of the word that fits
    least well; `evidence` is free of personal data."""

    customer: Customer
    score: float
    weakest: float
    evidence: tuple[str, ...]


class _Fitting(NamedTuple):
    """A candidate, and how the words of the reading that fits it best do: what a Ranked is made of. They sort
    by evidence, best first, then by the candidates' own order."""

    unlikely: float
    order: tuple[bool, float, str]
    candidate: Candidate
    score: float
    fits: Sequence[Fit]


class Ranking:
    """The candidates that answer `term`, best first. More may be added: who is in it already stays as it
    is."""

    def __init__(self, term: Term) -> None:
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
            _Reading(probed(reading), _mistake(reading, term), 1.0) for reading in term.readings
        ]
        self._readings += [_Reading(probed(reading), SPACE_TOO_MANY, GOOD) for reading in term.joined]
        self._seen: set[str] = set()
        self._fitting: list[_Fitting] = []

    def add(self, candidates: Iterable[Candidate]) -> None:
        """Rank these too."""
        for candidate in candidates if self._readings else ():
            if candidate.customer.identifier not in self._seen:
                self._seen.add(candidate.customer.identifier)
                score, fits = self._fit(candidate)
                score += self._typed.bonus(candidate)
                if score >= LEAST:
                    self._fitting.append(_Fitting(-round(score, 4), candidate.order, candidate, score, fits))

    @property
    def is_sure(self) -> bool:
        """Whether every word fits the best as it was typed."""
        return self._every_word_fits(SURE)

    @property
    def is_near(self) -> bool:
        """Whether every word fits the best, if only with a mistake."""
        return self._every_word_fits(NEAR)

    def _every_word_fits(self, least: float) -> bool:
        best = min(self._fitting, default=None)
        return best is not None and _weakest(best) >= least

    @property
    def spread(self) -> float:
        """How much better the best of all is than the worst."""
        scores = [fitting.score for fitting in self._fitting]
        return max(scores, default=0.0) - min(scores, default=0.0)

    def best(self, limit: int) -> list[Ranked]:
        """The best, at most `limit`."""
        self._fitting.sort()
        return [_ranked(fitting) for fitting in self._fitting[:limit]]

    def _fit(self, candidate: Candidate) -> tuple[float, Sequence[Fit]]:
        """The candidate by the reading of the term that fits it best."""
        best: tuple[float, Sequence[Fit]] = (_NOTHING, ())
        known: dict[Probe, Fit] = {}
        for reading in self._readings:
            if best[0] < reading.needless_from - reading.mistake:
                found = reading.fit(candidate, known, best[0])
                if found[0] > best[0]:
                    best = found
        return best


def _ranked(fitting: _Fitting) -> Ranked:
    evidence = tuple(fit.evidence for fit in fitting.fits if fit.evidence)
    return Ranked(fitting.candidate.customer, fitting.score, _weakest(fitting), evidence)


def _weakest(fitting: _Fitting) -> float:
    return min(fit.score for fit in fitting.fits)


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
        self._code = f"\n{self._squeezed}\n"
        self._plain = plain(self._text)

    def bonus(self, candidate: Candidate) -> float:
        """More for an identifier, email or name that is written exactly so."""
        customer = candidate.customer
        if self._text == customer.identifier:
            return 0.3
        bonus = self._name_bonus(customer.name) if customer.name else 0.0
        if customer.email and self._code in candidate.code_text:
            bonus = max(bonus, self._email_bonus(candidate, customer.email))
        return bonus

    def _email_bonus(self, candidate: Candidate, email: str) -> float:
        """The address, its first part or its domain. Plain letters may be a name, so they say less."""
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
    """The words of one way to read the term, as probes. `mistake` is what the reading itself costs;
    it is not looked at where another one scores `needless_from` without it."""

    probes: tuple[Probe, ...]
    mistake: float
    needless_from: float

    def fit(self, candidate: Candidate, known: dict[Probe, Fit], least: float) -> tuple[float, Sequence[Fit]]:
        """The mean of how well the words fit, the longer ones counting more; anything not above `least` where
        it is not above. `known` are the fits of this candidate that other readings have found; these are
        added."""
        floor = self._floor(known, least + self.mistake) if known else 0.0
        if floor >= 1.0:
            return _NOTHING, ()
        fits = self._fits(candidate, known, floor)
        not_typed = _not_typed(fits, candidate)
        unlikely = self.mistake + not_typed
        if len(fits) == 1:
            return fits[0].score - unlikely, fits
        total = weights = 0.0
        for probe, fit in zip(self.probes, fits, strict=True):
            weight = _weight(probe, fit)
            total += fit.score * weight
            weights += weight
        if _is_out_of_order(fits):
            unlikely += OUT_OF_ORDER if not_typed else WHOLE_OUT_OF_ORDER
        return total / weights - unlikely, fits

    def _floor(self, known: dict[Probe, Fit], mean: float) -> float:
        """What the one word that is not known yet must score to lift the mean to `mean`; 0 where that cannot
        be told."""
        unknown = [probe for probe in self.probes if probe not in known]
        if len(unknown) != 1 or unknown[0].is_company_form:
            return 0.0
        missing = mean * (weight := unknown[0].weight)
        for probe in self.probes:
            if probe in known:
                missing += (mean - known[probe].score) * _weight(probe, known[probe])
        return max(0.0, missing / weight)

    def _fits(self, candidate: Candidate, known: dict[Probe, Fit], floor: float) -> list[Fit]:
        """How each word fits. No word of the name or the address is counted twice: it goes to the word that
        fits it best, and the others look for something else."""
        fits = []
        for probe in self.probes:
            fit = known.get(probe) or probe.fit(candidate, floor=floor)
            if not floor:
                known[probe] = fit
            fits.append(fit)
        words = [word for fit in fits for word in fit.words]
        if len(words) == len(set(words)):
            return fits
        taken: set[int] = set()
        for at in sorted(range(len(fits)), key=lambda at: -fits[at].score):
            if not taken.isdisjoint(fits[at].words):
                fits[at] = self.probes[at].fit(candidate, taken)
            taken.update(fits[at].words)
        return fits


def _weight(probe: Probe, fit: Fit) -> float:
    """How much a word says: more the longer it is. A company form that the customer has not says little."""
    return 0.5 if not fit.score and probe.is_company_form else probe.weight


def _not_typed(fits: Sequence[Fit], candidate: Candidate) -> float:
    """Nothing where no name was typed, and nothing for a company form."""
    named = fits[0].names if len(fits) == 1 else {at for fit in fits for at in fit.names}
    if not named:
        return 0.0
    left = [at for at in candidate.telling_names if at not in named]
    return NOT_TYPED * min(len(left), 4)


def _is_out_of_order(fits: Iterable[Fit]) -> bool:
    places = [fit.names[0] for fit in fits if fit.names]
    return places != sorted(places)
