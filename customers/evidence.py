"""Evidence: how well one word of a term fits one customer, and what it fits.

    exact                                1.0
    exact, but for ø or aa, or joined    0.996
    exact, in the address                0.97
    last digits of the phone             0.95
    the beginning of a name or a code    0.90 to 0.98, more where less is missing
    a postal code typed alone            0.90
    a nickname                           0.88
    letters alone, in an email           0.77 to 0.85
    the beginning of a word of a street  0.60 to 0.75
    a typo                               0.60 to 0.80, less for each wrong letter
    the same sound                       0.40 to 0.70
    one character of a code differs      0.55

So what may be a mistake always stands below what was typed as it is written.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA

from customers.common_words import company_forms
from customers.customer import Customer
from customers.folding import folded_words
from customers.keys import (
    LONGEST_START,
    code_keys,
    email_keys,
    findable,
    joined_words,
    phone_region,
    place_words,
)
from customers.nicknames import other_forms
from customers.phone import SHORTEST, number_forms, phone_numbers, without_trunk_prefix
from customers.settings import SearchSettings
from customers.sound import sound
from customers.term import Word, WordKind, is_registration

WITHOUT_ZEROS = "identifier without its zeros"

EXACT = 1.0
FOLDED = 0.004
FOLDED_BEGINNING = 0.05
IN_PLACE = 0.97
LAST_DIGITS = 0.95
BEGINNING = 0.9
OTHER_FORM = 0.88
IN_EMAIL = 0.85
SHORT_PLACE = 0.85
FOREIGN_ZERO = 0.95
PLACE_BEGINNING = 0.6
ONE_DIFFERS = 0.55


@dataclass(frozen=True, slots=True)
class Fit:
    """`score` is 0 to 1. `evidence` says what fits and how, without personal data: `name: exact`. `names` are
    the places of the words of the customer's name that it fits, if any."""

    score: float = 0.0
    evidence: str = ""
    names: tuple[int, ...] = ()


NO_FIT = Fit()


class Fields:
    """A customer's fields in the form in which words are held against them, each made when first needed."""

    def __init__(self, customer: Customer, settings: SearchSettings) -> None:
        self._customer = findable(customer, settings)
        self.settings = settings

    @cached_property
    def names(self) -> list[tuple[str, str]]:
        """(skeleton, plain) of the words of the name."""
        return folded_words(self._customer.name) if self._customer.name else []

    @cached_property
    def joined(self) -> dict[str, range]:
        """Neighbouring words of the name written as one."""
        return joined_words([name for name, _ in self.names])

    @cached_property
    def places(self) -> list[str]:
        """The words of the address and of the additional information."""
        return place_words(self._customer)

    @cached_property
    def codes(self) -> list[tuple[str, str]]:
        """(what it is, the code) of everything that is one word, whatever its punctuation."""
        customer = self._customer
        whole, number, without_zeros = code_keys(customer.identifier)
        codes = [("identifier", whole), ("identifier", number)]
        if without_zeros != number:
            codes.append((WITHOUT_ZEROS, without_zeros))
        if customer.organization_number:
            codes += [("organization number", key) for key in code_keys(customer.organization_number)]
        if customer.email:
            codes += [("email", key) for key in email_keys(customer.email)]
        return [(label, code) for label, code in dict.fromkeys(codes) if code]

    @cached_property
    def phones(self) -> list[tuple[str, str]]:
        """(national, international) digits of each phone number."""
        customer = self._customer
        return phone_numbers(customer.phone, phone_region(customer, self.settings)) if customer.phone else []


def word_fit(word: Word, fields: Fields, *, alone: bool, taken: Collection[int] = ()) -> Fit:
    """The best of all that the word fits. `alone` says that it is the whole term; `taken` are the words of
    the name that other words of the term fit."""
    best = _best_name(word, fields, taken)
    if alone and word.text in company_forms(fields.settings):
        best = Fit(best.score * SHORT_PLACE, best.evidence, best.names)
    if best.score >= IN_PLACE:
        return best
    if word.kind is WordKind.NUMBER and len(word.code) >= SHORTEST:
        best = max([best, *_number_fits(word.code, fields)], key=_score)
    best = max(
        [best, *(_code_fit(word, code, label, alone=alone) for label, code in fields.codes)], key=_score
    )
    if best.score >= IN_PLACE:
        return best
    return max([best, *(_place_fit(word, place, fields, alone=alone) for place in fields.places)], key=_score)


def _score(fit: Fit) -> float:
    return fit.score


def _best_name(word: Word, fields: Fields, taken: Collection[int]) -> Fit:
    fits = [NO_FIT]
    for at, name in enumerate(fields.names):
        if at not in taken:
            score, how = _name_spelling(word, name, fields.settings)
            if score:
                fits.append(Fit(score, f"name: {how}", (at,)))
    best = max(fits, key=_score)
    return best if best.score >= BEGINNING else max([best, *_joined_fits(word, fields, taken)], key=_score)


def _name_spelling(word: Word, name: tuple[str, str], settings: SearchSettings) -> tuple[float, str]:
    """A word against a word of the name, (skeleton, plain). A typing error may make a letter pair that stands
    for no letter (`mboerg`), so mistakes are looked for in the plain spellings too."""
    folded, plain = name
    score, how = spelling(word.text, folded, settings.fuzzy_from)
    if score >= BEGINNING:
        if plain.startswith(word.code):
            return score, how
        return score - (FOLDED if score == EXACT else FOLDED_BEGINNING), how
    if folded in other_forms(word.text, settings):
        return OTHER_FORM, "another form"
    if plain != folded or word.code != word.text:
        return max((score, how), spelling(word.code, plain, settings.fuzzy_from))
    return score, how


def _joined_fits(word: Word, fields: Fields, taken: Collection[int]) -> Iterator[Fit]:
    """Words of the name written as one."""
    for joined, places in fields.joined.items():
        if not any(at in taken for at in places):
            score, how = spelling(word.text, joined, fields.settings.fuzzy_from)
            if score == EXACT:
                yield Fit(score - FOLDED, f"name: {how}", tuple(places))
            elif score and len(word.text) > LONGEST_START:
                yield Fit(score - FOLDED_BEGINNING, f"name: {how}", tuple(places))


@lru_cache(maxsize=65_536)
def spelling(typed: str, value: str, fuzzy_from: int) -> tuple[float, str]:
    """How well a typed word fits a word of the customer's (both folded), and how."""
    if typed == value:
        return EXACT, "exact"
    if value.startswith(typed):
        return BEGINNING + 0.08 * len(typed) / len(value), "beginning"
    if len(typed) < max(fuzzy_from, 2) or len(value) < 2 or not typed.isalpha():
        return 0.0, ""
    return max(_mistyped(typed, value), _unfinished_and_mistyped(typed, value))


def _typos_allowed(length: int) -> int:
    """One letter may be wrong in three or more, two in six or more."""
    return 2 if length >= 6 else 1


def _mistyped(typed: str, value: str) -> tuple[float, str]:
    """A word that is a few letters away, or sounds the same; the same sound speaks for a typo too."""
    alike = sound(typed) == sound(value)
    distance = OSA.distance(typed, value)
    likeness = 0.3 + 0.4 * (1 - distance / max(len(typed), len(value)))
    if distance <= _typos_allowed(len(typed)):
        return likeness + (0.1 if alike else 0.0), "typo"
    return (likeness + 0.05, "sound") if alike else (0.0, "")


def _unfinished_and_mistyped(typed: str, value: str) -> tuple[float, str]:
    if len(typed) < 4 or len(value) <= len(typed):
        return 0.0, ""
    distance = OSA.distance(typed, value[: len(typed)])
    if distance > _typos_allowed(len(typed)):
        return 0.0, ""
    return 0.2 + 0.4 * (1 - distance / len(typed)), "beginning with a typo"


def _place_fit(word: Word, place: str, fields: Fields, *, alone: bool) -> Fit:
    """A word of the address. A postal code is shared by hundreds: whoever types four digits alone means the
    end of a phone. Two letters are the beginning of a name rather than a word of a street."""
    score, how = spelling(word.text, place, fields.settings.fuzzy_from)
    if how == "beginning" and word.kind is WordKind.WORD:
        score = PLACE_BEGINNING + 0.15 * len(word.text) / len(place)
    elif word.kind is WordKind.NUMBER and alone:
        score *= BEGINNING
    else:
        score *= IN_PLACE if len(word.text) > 2 or word.kind is not WordKind.WORD else SHORT_PLACE
    return Fit(score, f"address: {how}") if score else NO_FIT


def _code_fit(word: Word, code: str, label: str, *, alone: bool) -> Fit:
    """A word as a code. Plain letters are a name rather than the part of an email that they may also be; a
    number beside other words is the end of a phone rather than an identifier without its zeros."""
    fit = _code_spelling(word.code, code, label)
    if label == "email" and word.kind is WordKind.WORD:
        return Fit(fit.score * IN_EMAIL, fit.evidence)
    if label == "organization number" and word.code[2:] == code and is_registration(word.code):
        return Fit(LAST_DIGITS, f"{label}: exact without the country")
    if label == WITHOUT_ZEROS:
        return Fit(fit.score * (1.0 if alone else BEGINNING), fit.evidence)
    return fit


def _code_spelling(typed: str, code: str, label: str) -> Fit:
    if typed == code:
        return Fit(EXACT, f"{label}: exact")
    if len(typed) >= 2 and code.startswith(typed):
        return Fit(BEGINNING + 0.05 * len(typed) / len(code), f"{label}: beginning")
    if len(typed) >= 6 and OSA.distance(typed, code, score_cutoff=1) <= 1:
        return Fit(ONE_DIFFERS, f"{label}: one character differs")
    return NO_FIT


def _number_fits(number: str, fields: Fields) -> Iterator[Fit]:
    """A typed number as a phone in any writing, and as the end of one or of an identifier."""
    for national, international in fields.phones:
        code = international[: len(international) - len(national)]
        dialled = without_trunk_prefix(number, code)
        for form in number_forms(number, fields.settings.default_region):
            # In a country without a trunk prefix nobody dials the zero that this form leaves out.
            weight = 1.0 if form in (number, dialled) or number.startswith(("00", code)) else FOREIGN_ZERO
            for whole in (national, international):
                fit = _code_spelling(form, whole, "phone")
                yield Fit(fit.score * weight, fit.evidence)
        if dialled != number:
            yield _code_spelling(dialled, national, "phone")
        if national.endswith(number):
            yield Fit(LAST_DIGITS, f"phone: last {len(number)} digits")
    if any(label == "identifier" and code.endswith(number) for label, code in fields.codes):
        yield Fit(BEGINNING, f"identifier: last {len(number)} digits")
