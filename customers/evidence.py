"""Evidence: how well one word of a term fits one customer, and what it fits.

    exact                                1.0
    exact, in the address                0.97
    last digits of the phone             0.95
    the beginning of a name or a code    0.90 to 0.98, more where less is missing
    a postal code typed alone            0.90
    a typo                               0.60 to 0.80, less for each wrong letter
    the same sound                       0.45 to 0.80
    one character of a code differs      0.55

So what may be a mistake always stands below what was typed as it is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA

from customers.customer import Customer
from customers.folding import words
from customers.keys import code_keys, email_keys, joined_words, phone_region, place_words
from customers.phone import SHORTEST, number_forms, phone_numbers
from customers.settings import SearchSettings
from customers.sound import sound
from customers.term import Word, WordKind

EXACT = 1.0
BEGINNING = 0.9
LAST_DIGITS = 0.95
ONE_DIFFERS = 0.55
IN_PLACE = 0.97


@dataclass(frozen=True, slots=True)
class Fit:
    """`score` is 0 to 1. `evidence` says what fits and how, without personal data: `name: exact`. `name` is
    the word of the customer's name that it fits, if it is one."""

    score: float = 0.0
    evidence: str = ""
    name: str = ""


NO_FIT = Fit()


class Fields:
    """A customer's fields in the form in which words are held against them, each made when first needed."""

    def __init__(self, customer: Customer, settings: SearchSettings) -> None:
        self._customer = customer
        self._settings = settings

    @cached_property
    def names(self) -> list[str]:
        """The words of the name."""
        return words(self._customer.name) if self._customer.name else []

    @cached_property
    def joined(self) -> list[str]:
        """Neighbouring words of the name written as one."""
        return joined_words(self.names)

    @cached_property
    def places(self) -> list[str]:
        """The words of the address and of the additional information."""
        return place_words(self._customer)

    @cached_property
    def codes(self) -> list[tuple[str, str]]:
        """(what it is, the code) of everything that is one word, whatever its punctuation."""
        customer = self._customer
        codes = [("identifier", key) for key in code_keys(customer.identifier)]
        if customer.organization_number:
            codes += [("organization number", key) for key in code_keys(customer.organization_number)]
        if customer.email:
            codes += [("email", key) for key in email_keys(customer.email)]
        return [(label, code) for label, code in codes if code]

    @cached_property
    def phones(self) -> list[tuple[str, str]]:
        """(national, international) digits of each phone number."""
        customer = self._customer
        return phone_numbers(customer.phone, phone_region(customer, self._settings)) if customer.phone else []


def word_fit(word: Word, fields: Fields, region: str, *, alone: bool) -> Fit:
    """The best of all that the word fits. `region` is the shop's; `alone` says that it is the whole term."""
    best = _best_name(word, fields)
    if best.score == EXACT:
        return best
    if word.kind is WordKind.NUMBER and len(word.code) >= SHORTEST:
        best = max([best, *_number_fits(word.code, fields, region)], key=_score)
    best = max([best, *(_code_fit(word.code, code, label) for label, code in fields.codes)], key=_score)
    if best.score >= IN_PLACE:
        return best
    # A postal code is shared by hundreds: whoever types four digits alone means the end of a phone.
    weight = BEGINNING if alone and word.kind is WordKind.NUMBER else IN_PLACE
    score, how = _best_spelling(word.text, fields.places)
    return Fit(score * weight, f"address: {how}") if score * weight > best.score else best


def _score(fit: Fit) -> float:
    return fit.score


def _best_name(word: Word, fields: Fields) -> Fit:
    score, how, name = max(
        ((*spelling(word.text, name), name) for name in fields.names), default=(0.0, "", "")
    )
    if score < BEGINNING and len(word.text) > 3:
        joined_score, joined_how = _best_spelling(word.text, fields.joined)
        if joined_score > score:
            return Fit(joined_score, f"name: {joined_how}", "joined")
    return Fit(score, f"name: {how}", name) if score else NO_FIT


def _best_spelling(typed: str, values: Iterable[str]) -> tuple[float, str]:
    return max((spelling(typed, value) for value in values), default=(0.0, ""))


@lru_cache(maxsize=65_536)
def spelling(typed: str, value: str) -> tuple[float, str]:
    """How well a typed word fits a word of the customer's (both folded), and how."""
    if typed == value:
        return EXACT, "exact"
    if value.startswith(typed):
        return BEGINNING + 0.08 * len(typed) / len(value), "beginning"
    if len(typed) < 3 or len(value) < 2 or not typed.isalpha():
        return 0.0, ""
    return max(_mistyped(typed, value), _unfinished_and_mistyped(typed, value))


def _typos_allowed(length: int) -> int:
    """One letter may be wrong in three or more, two in six or more."""
    return 2 if length >= 6 else 1


def _mistyped(typed: str, value: str) -> tuple[float, str]:
    """A word that is a few letters away, or sounds the same; the same sound speaks for a typo too."""
    alike = sound(typed) == sound(value)
    distance = OSA.distance(typed, value)
    likeness = 0.3 + 0.4 * (1 - distance / max(len(typed), len(value))) + (0.1 if alike else 0.0)
    if distance <= _typos_allowed(len(typed)):
        return likeness, "typo"
    return (likeness, "sound") if alike else (0.0, "")


def _unfinished_and_mistyped(typed: str, value: str) -> tuple[float, str]:
    if len(typed) < 4 or len(value) <= len(typed):
        return 0.0, ""
    distance = OSA.distance(typed, value[: len(typed)])
    if distance > _typos_allowed(len(typed)):
        return 0.0, ""
    return 0.2 + 0.4 * (1 - distance / len(typed)), "beginning with a typo"


def _code_fit(typed: str, code: str, label: str) -> Fit:
    if typed == code:
        return Fit(EXACT, f"{label}: exact")
    if len(typed) >= 2 and code.startswith(typed):
        return Fit(BEGINNING + 0.05 * len(typed) / len(code), f"{label}: beginning")
    if len(typed) >= 6 and OSA.distance(typed, code, score_cutoff=1) <= 1:
        return Fit(ONE_DIFFERS, f"{label}: one character differs")
    return NO_FIT


def _number_fits(number: str, fields: Fields, region: str) -> list[Fit]:
    """A typed number as a phone in any writing, and as the end of one or of an identifier."""
    forms = number_forms(number, region)
    fits = [NO_FIT]
    for national, international in fields.phones:
        fits += [_code_fit(form, whole, "phone") for form in forms for whole in (national, international)]
        if national.endswith(number):
            fits.append(Fit(LAST_DIGITS, f"phone: last {len(number)} digits"))
    if any(label == "identifier" and code.endswith(number) for label, code in fields.codes):
        fits.append(Fit(BEGINNING, f"identifier: last {len(number)} digits"))
    return fits
