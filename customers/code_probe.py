"""One word of a term, held against what is found whole: identifiers, registration numbers, emails, phones."""

import re
from collections.abc import Iterator
from functools import lru_cache
from operator import attrgetter

from rapidfuzz.distance import OSA

from customers.candidate import SHORTER, WITHOUT_ZEROS, Candidate
from customers.fit import (
    FOLDED,
    FOREIGN_ZERO,
    IN_EMAIL,
    LAST_DIGITS,
    LAST_PART,
    NO_FIT,
    ONE_DIFFERS,
    ONE_TOO_MANY_OR_FEW,
    SHORT_ENDING,
    Fit,
)
from customers.phone import SHORTEST, number_forms, without_trunk_prefix
from customers.registration import registration_number
from customers.settings import SearchSettings
from customers.spelling import BEGINNING, EXACT
from customers.term import Word, WordKind

# A wrong digit in a shorter code makes another code, and one that is missing another phone number.
_LONG_ENOUGH = 6
_LONG_ENOUGH_TO_MISS_ONE = 7
# The first digits of a phone, while the customer is still saying them; one more where a zero is dialled
# first, which is not kept.
_SHORTEST_BEGINNING = SHORTEST - 1
# Beside a name; alone everybody's phone ends so.
_FEWEST_LAST = 2
# What a fit is compared by. (A function of Python takes ten times as long.)
_score = attrgetter("score")
# All forms of a number have its last digits.
_SHARED = 3
_PARTS = re.compile(r"\D+")


def may_end_phone(word: Word) -> bool:
    """Whether it may be the last two or three digits of a phone, which are no key."""
    return word.kind is WordKind.NUMBER and _FEWEST_LAST <= len(word.code) < SHORTEST


class CodeProbe:
    """`alone` says that the word is the whole term."""

    def __init__(self, word: Word, settings: SearchSettings, *, alone: bool) -> None:
        self._word = word
        self._beginning = f"\n{word.code}"
        self._ending = word.code[-_SHARED:]
        self._alone = alone
        self._registration = registration_number(word.code)
        shortest = SHORTEST if word.code.startswith("0") else _SHORTEST_BEGINNING
        is_number = word.kind is WordKind.NUMBER and len(word.code) >= shortest
        self._forms = number_forms(word.code, settings.default_region) if is_number else ()
        self._may_end_phone = not alone and may_end_phone(word)

    def typed(self, candidate: Candidate, best: Fit) -> Fit:
        """A code, its beginning or its end; `best` where that is better."""
        if self._forms and (self._ending in candidate.phone_text or self._ending in candidate.code_text):
            best = max([best, *self._number_fits(candidate)], key=_score)
        if self._may_end_phone and best.score < SHORT_ENDING:
            best = self._short_ending(candidate, best)
        if self._beginning not in candidate.code_text and self._registration is None:
            return best
        typed = self._word.code
        for label, code in candidate.codes:
            if code.startswith(typed) or code == self._registration:
                best = max(best, self._weighed(_spelling(typed, code, label), code, label), key=_score)
        return best

    def _short_ending(self, candidate: Candidate, best: Fit) -> Fit:
        number = self._word.code
        if any(national.endswith(number) for national, _ in candidate.phones):
            return Fit(SHORT_ENDING, f"phone: last {len(number)} digits")
        return best

    def mistyped(self, candidate: Candidate, best: Fit) -> Fit:
        """A code of which one character is another; `best` where that is better."""
        if len(self._word.code) < _LONG_ENOUGH:
            return best
        for label, code in candidate.codes:
            best = max(best, self._weighed(_differing(self._word.code, code, label), code, label), key=_score)
        for phone in candidate.phones if self._forms else ():
            fits = [
                _differing(form, whole, "phone", self._form_weight(form, phone))
                for form in self._all_forms(phone)
                for whole in phone
            ]
            best = max([best, *fits], key=_score)
        return best

    def _weighed(self, fit: Fit, code: str, label: str) -> Fit:
        """Plain letters are a name rather than the part of an email that they may also be; a number beside
        other words is the end of a phone rather than an identifier without its zeros."""
        if label == "email" and self._word.kind is WordKind.WORD:
            return Fit(fit.score * IN_EMAIL, fit.evidence)
        if label == "organization number" and code == self._registration:
            return Fit(LAST_DIGITS, f"{label}: exact without the country")
        if label == WITHOUT_ZEROS and not self._alone:
            return Fit(fit.score * BEGINNING, fit.evidence)
        if label == SHORTER:
            return Fit(fit.score - FOLDED, fit.evidence)
        return fit

    def _number_fits(self, candidate: Candidate) -> Iterator[Fit]:
        """A typed number as a phone in any writing, and as the end of one or of an identifier."""
        for phone in candidate.phones:
            for form in self._all_forms(phone):
                for whole in phone:
                    if whole.startswith(form):
                        fit = _spelling(form, whole, "phone")
                        yield Fit(fit.score * self._form_weight(form, phone), fit.evidence)
        if len(self._word.code) >= SHORTEST:
            yield from self._ending_fits(candidate)

    def _ending_fits(self, candidate: Candidate) -> Iterator[Fit]:
        number = self._word.code
        if any(national.endswith(number) for national, _ in candidate.phones):
            yield Fit(LAST_DIGITS, f"phone: last {len(number)} digits")
        if any(label == "identifier" and code.endswith(number) for label, code in candidate.codes):
            parts = _PARTS.split(candidate.customer.identifier)
            score = LAST_PART if parts[-1] == number else BEGINNING
            yield Fit(score, f"identifier: last {len(number)} digits")

    def _all_forms(self, phone: tuple[str, str]) -> tuple[str, ...]:
        """The forms of the number, and how it is dialled in the phone's own country."""
        return _with_dialled(self._word.code, _calling_code(phone), self._forms)

    def _form_weight(self, form: str, phone: tuple[str, str]) -> float:
        """In a country without a trunk prefix nobody dials the zero that a form leaves out."""
        number, code = self._word.code, _calling_code(phone)
        if form == number or number.startswith(("00", code)) or form == without_trunk_prefix(number, code):
            return 1.0
        return FOREIGN_ZERO


@lru_cache(maxsize=1024)
def _with_dialled(number: str, code: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*forms, without_trunk_prefix(number, code))))


def _calling_code(phone: tuple[str, str]) -> str:
    national, international = phone
    return international[: len(international) - len(national)]


def _spelling(typed: str, code: str, label: str) -> Fit:
    if typed == code:
        return Fit(EXACT, f"{label}: exact")
    if len(typed) >= 2 and code.startswith(typed):
        return Fit(BEGINNING + 0.05 * len(typed) / len(code), f"{label}: beginning")
    return NO_FIT


def _differing(typed: str, code: str, label: str, weight: float = 1.0) -> Fit:
    """Identifiers lie close together: one with a digit more or less than another is hardly meant for it. A
    phone number may be: of its neighbours by one digit, a few thousandths are anybody's."""
    if len(typed) < _LONG_ENOUGH or OSA.distance(typed, code, score_cutoff=1) > 1:
        return NO_FIT
    if len(typed) == len(code) or label == "email":
        return Fit(ONE_DIFFERS * weight, f"{label}: one character differs")
    if label == "phone" and len(typed) >= _LONG_ENOUGH_TO_MISS_ONE:
        more_or_less = "too many" if len(typed) > len(code) else "missing"
        return Fit(ONE_TOO_MANY_OR_FEW * weight, f"phone: one digit {more_or_less}")
    return NO_FIT
