"""One way to read a term, held against one candidate after the other."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from customers.candidate import Candidate
from customers.evidence import Probe
from customers.fit import FOLDED, NO_FIT, Fit
from customers.order import MOST_OTHERS
from customers.spelling import EXACT

# Who is named whole, but for a word that may be wrong, stands above most who fit through mistakes only. Less
# than SURE.
NAMED = 0.835
ONE_MORE_WRONG = 0.02
# Beside a whole code no more words count as wrong; and of those who share it whom no other word fits stands
# so much lower.
MOST_WRONG = 4
SHARED_CODE = 0.03
# Likelier a middle name that is not on file than the first or the last one: `iben holm krog` is Iben Krog.
WRONG_AT_AN_END = 0.001
# Whoever is called just so comes before a company of that name.
FORM_NOT_TYPED = 0.001

# Each word of the name that was not typed makes a customer a little less likely, up to MOST_OTHERS.
NOT_TYPED = 0.005
# Names are more often typed in their order: `la han` is Lars Hansen rather than Hans Lauridsen.
OUT_OF_ORDER = 0.01
# But a whole name the other way round is likelier than a part of another: less than NOT_TYPED.
WHOLE_OUT_OF_ORDER = 0.004
# A name is begun behind another name sooner than behind a place: `solheim bir` is a Solheim of Birkeland, no
# Birkeland of Solheim, and `nygade 12 b` no Bo of Nygade 12.
BEGUN_BEHIND_PLACE = 0.07
# A number behind a street is its house, sooner than a floor or a postal code.
NO_HOUSE = 0.002
# A letter behind a house is its own, sooner than that of Odense C.
NO_HOUSE_LETTER = 0.01
# What the word of a place counts that seems to be no word of one.
LITTLE = 0.1
# Behind a part of a name what seems a useless word may be the beginning of another: more than whoever is
# called so loses by it. `peter herr` is Peter Herrmann sooner than any other Peter.
USELESS_IN_NAME = 0.04
# Half a company form says little where more of the name was not typed: `jensen a` is Anne Jensen sooner than
# Lind & Jensen A/S.
FORM_BEGUN = 0.02
# Less than any reading scores.
NOTHING = -1.0


def spared(words: int) -> int:
    """How many of so many words of a term may be wrong altogether."""
    return 0 if words < 2 else 1 if words < 4 else 2


class Reading(NamedTuple):
    """The words of one way to read the term, as probes. `mistake` is what the reading itself costs;
    it is not looked at where another one scores `needless_from` without it. `has_code`: one of several words
    may be all that is needed. `numbers` are the places of those that stand behind another word.
    `is_shortened`: it is without a useless word at the end. `ends_in_letter`: of a house, perhaps."""

    probes: tuple[Probe, ...]
    mistake: float
    needless_from: float
    has_code: bool
    numbers: tuple[int, ...]
    is_shortened: bool
    ends_in_letter: bool

    @classmethod
    def of(
        cls, probes: tuple[Probe, ...], mistake: float, needless_from: float, *, is_shortened: bool = False
    ) -> "Reading":
        """The reading of these words."""
        has_code = len(probes) > 1 and any(probe.is_long_code for probe in probes)
        numbers = tuple(at for at, probe in enumerate(probes) if at and probe.is_number)
        ends_in_letter = len(probes) > 1 and probes[-2].is_number and probes[-1].is_letter
        return cls(probes, mistake, needless_from, has_code, numbers, is_shortened, ends_in_letter)

    def fit(self, candidate: Candidate, known: dict[Probe, Fit], least: float) -> tuple[float, Sequence[Fit]]:
        """The mean of how well the words fit, the longer ones counting more; anything not above `least` where
        it is not above. `known` are the fits of this candidate that other readings have found; these are
        added."""
        floor = self._floor(known, least + self.mistake) if known else 0.0
        if floor >= 1.0:
            return NOTHING, ()
        fits = self._fits(candidate, known, floor)
        if letter := self._house_letter(fits, candidate):
            fits[-1] = letter
        not_typed = _not_typed(fits, candidate)
        unlikely = self.mistake + (not_typed or _form_not_typed(fits, candidate))
        if not_typed and self.is_shortened:
            unlikely += USELESS_IN_NAME
        if not_typed and any(_is_begun_form(fit, candidate) for fit in fits):
            unlikely += FORM_BEGUN
        if len(fits) == 1:
            return fits[0].score - unlikely, fits
        total = weights = 0.0
        for probe, fit in zip(self.probes, fits, strict=True):
            weight = _weight(probe, fit)
            total += fit.score * weight
            weights += weight
        if is_out_of_order(fits):
            unlikely += OUT_OF_ORDER if not_typed else WHOLE_OUT_OF_ORDER
        return total / weights - unlikely - self._misplaced(fits, is_house_letter=letter is not None), fits

    def fit_alone(self, candidate: Candidate) -> tuple[float, Sequence[Fit]]:
        """`fit`, of the only word of the only reading."""
        fits = (self.probes[0].fit(candidate),)
        unlikely = self.mistake + (_not_typed(fits, candidate) or _form_not_typed(fits, candidate))
        return fits[0].score - unlikely, fits

    def named(self, fits: Sequence[Fit], candidate: Candidate) -> float:
        """What the customer scores at least where a whole name of two or more words was typed as it is, and
        beside it nothing but what may be wrong; otherwise nothing."""
        wrong = fits.count(NO_FIT)
        if not 0 < wrong <= spared(len(fits)) or not _is_whole_name(fits, candidate):
            return NOTHING
        unlikely = self.mistake + ONE_MORE_WRONG * (wrong - 1)
        if NO_FIT in (fits[0], fits[-1]):
            unlikely += WRONG_AT_AN_END
        return NAMED - unlikely - _not_just_so(fits, candidate)

    def coded(self, score: float, fits: Sequence[Fit]) -> float:
        """What the customer scores at least where a whole number or code was typed, whatever stands beside
        it; otherwise nothing. Of those who share it whoever the other words fit comes first: `score` is how
        well all do."""
        if not any(map(_is_whole_code, self.probes, fits)):
            return NOTHING
        wrong = min(fits.count(NO_FIT), MOST_WRONG)
        return NAMED - self.mistake - ONE_MORE_WRONG * max(wrong - 1, 0) - SHARED_CODE * (1 - score)

    def _house_letter(self, fits: Sequence[Fit], candidate: Candidate) -> Fit | None:
        """The letter behind the number of a house, where it is that of the house: `nygade 12 b` of Bo Bæk,
        who lives there, and not only in København B."""
        if not self.ends_in_letter or not fits[-2].place:
            return None
        return self.probes[-1].at_place(candidate, -fits[-2].place[0])

    def _misplaced(self, fits: Sequence[Fit], *, is_house_letter: bool) -> float:
        """What it costs that words stand elsewhere than they were typed to stand."""
        unlikely = 0.0
        if self._has_another_number(fits):
            unlikely += NO_HOUSE
        if self.ends_in_letter and fits[-2].place and fits[-1].place and not is_house_letter:
            unlikely += NO_HOUSE_LETTER
        if fits[0].evidence == "address: exact" and fits[-1].evidence == "name: beginning":
            unlikely += BEGUN_BEHIND_PLACE
        return unlikely

    @property
    def most_lacking(self) -> float:
        """What nobody scores more than whom one of its words does not fit at all."""
        weights = [probe.weight for probe in self.probes]
        lacking = [_weight(probe, NO_FIT) for probe in self.probes]
        rest = [sum(weights) - weight for weight in weights]
        most = max(had / (had + lack) for had, lack in zip(rest, lacking, strict=True))
        return max(most, NAMED) if len(weights) > 2 or self.has_code else most

    def _has_another_number(self, fits: Sequence[Fit]) -> bool:
        """Whether a number behind a word of the address stands elsewhere in it."""
        for at in self.numbers:
            before, number = fits[at - 1].place, fits[at].place
            if before and number and number[0] != before[0] - 1:
                return True
        return False

    def _floor(self, known: dict[Probe, Fit], mean: float) -> float:
        """What the one word that is not known yet must score to lift the mean to `mean`; 0 where that cannot
        be told."""
        unknown = [probe for probe in self.probes if probe not in known]
        if len(unknown) != 1 or unknown[0].says_little:
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
        if len(fits) == 1:
            return fits
        words = [word for fit in fits for word in fit.words]
        if len(words) == len(set(words)):
            return fits
        taken: set[int] = set()
        for at in sorted(range(len(fits)), key=lambda at: -fits[at].score):
            if not taken.isdisjoint(fits[at].words):
                fits[at] = self.probes[at].fit(candidate, taken)
            taken.update(fits[at].words)
        return fits


def _is_whole_name(fits: Sequence[Fit], candidate: Candidate) -> bool:
    """Whether all of the name was typed as it is, and nothing else fits only with a mistake."""
    names = [fit for fit in fits if fit.names]
    others = [fit for fit in fits if fit.score and not fit.names]
    return (
        len(names) > 1
        and all(fit.score >= EXACT - FOLDED for fit in names)
        and not any(fit.is_mistaken for fit in others)
        and not _not_typed(fits, candidate)
    )


def _not_just_so(fits: Sequence[Fit], candidate: Candidate) -> float:
    """How far those who are named whole are from being called just so."""
    away = max(EXACT - fit.score for fit in fits if fit.names) + _form_not_typed(fits, candidate)
    return away + WHOLE_OUT_OF_ORDER if is_out_of_order(fits) else away


def _is_whole_code(probe: Probe, fit: Fit) -> bool:
    return probe.is_long_code and not fit.words and "exact" in fit.evidence


def _weight(probe: Probe, fit: Fit) -> float:
    """How much a word says: more the longer it is. A company form that the customer has not says little; and
    where somebody lives, what seems a form (`lars hansen ag`) or a useless word (`lars hansen dr`) is as good
    as anything else that was typed."""
    if probe.says_little and fit.place and not fit.is_mistaken and (probe.is_company_form or fit.is_city):
        return LITTLE
    return 0.5 if probe.is_company_form and not fit.score else probe.weight


def _not_typed(fits: Sequence[Fit], candidate: Candidate) -> float:
    """Nothing where no name was typed, and nothing for a company form."""
    named = fits[0].names if len(fits) == 1 else [at for fit in fits for at in fit.names]
    if not named:
        return 0.0
    return NOT_TYPED * min(len(candidate.telling_names.difference(named)), MOST_OTHERS)


def _form_not_typed(fits: Sequence[Fit], candidate: Candidate) -> float:
    """What a company loses of whose name all but its form was typed."""
    typed = sum(len(fit.names) for fit in fits)
    return FORM_NOT_TYPED if 0 < typed < len(candidate.names) else 0.0


def _is_begun_form(fit: Fit, candidate: Candidate) -> bool:
    return fit.evidence == "name: beginning" and candidate.telling_names.isdisjoint(fit.names)


def is_out_of_order(fits: Iterable[Fit]) -> bool:
    """Whether words of the name were typed in another order than theirs."""
    places = [fit.names[0] for fit in fits if fit.names]
    return places != sorted(places)
