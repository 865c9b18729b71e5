"""Ranking: one order of candidates for every engine, by evidence that can be told to a person.

An engine only says who might be meant. Here each word of the term is held against the customer's own fields:
how well it fits, and which one. A word that fits exactly is worth 1, the beginning of a word a little less, a
typo less again, so that a doubtful customer never stands above a sure one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from customers.customer import Customer
from customers.folding import plain, squeezed, words
from customers.keys import code_keys, email_keys, joined_words, phone_region, place_words
from customers.phone import SHORTEST, number_forms, phone_numbers
from customers.settings import SearchSettings
from customers.sound import sound
from customers.term import Term, Word

EXACT = 1.0
BEGINNING = 0.9
TYPO = 0.75
SOUND = 0.6
NOTHING = 0.0

# Below this, less than about half of what was typed fits: that is another customer.
LEAST = 0.45
# From here on every word fits as typed, so nobody who fits less well is looked for.
SURE = 0.89


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate that answers the term. `score` is 0 to about 1.2; `evidence` is free of personal data."""

    customer: Customer
    score: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well one word fits one customer, and what it fits."""

    score: float
    evidence: str


@dataclass(frozen=True, slots=True)
class _Fields:
    """A customer's fields in the form in which words are held against them."""

    names: list[str]  # its words, then neighbouring ones written as one
    name_words: int
    places: list[str]
    codes: list[tuple[str, str]]
    numbers: list[tuple[str, str]]


def rank(term: Term, customers: Iterable[Customer], limit: int) -> list[Ranked]:
    """The customers that answer `term`, best first, at most `limit`."""
    region = term.settings.default_region
    ranked = [fit for customer in customers if (fit := _ranked(term, customer)).score >= LEAST]
    ranked.sort(key=lambda fit: _order(fit, region))
    return ranked[:limit]


def _order(fit: Ranked, region: str) -> tuple[float, bool, float, str]:
    """Best evidence first; of equal ones those of the shop's country, then the recently changed, then always
    the same."""
    customer = fit.customer
    abroad = bool(customer.country_code) and str(customer.country_code).upper() != region
    changed = customer.updated_at.timestamp() if customer.updated_at else 0.0
    return (-round(fit.score, 4), abroad, -changed, customer.identifier)


def _ranked(term: Term, customer: Customer) -> Ranked:
    fields = _fields(customer, term.settings)
    score, evidence = max(
        (_reading_fit(reading, fields, term.settings) for reading in term.readings),
        key=lambda fit: fit[0],
        default=(NOTHING, ()),
    )
    return Ranked(customer, score + _whole_bonus(term, customer), evidence)


def _whole_bonus(term: Term, customer: Customer) -> float:
    """What tells customers apart whose words all fit: the whole identifier, the name as it is written."""
    typed = term.text.strip()
    if typed == customer.identifier:
        return 0.3
    if customer.name and typed.casefold() == customer.name.casefold():
        return 0.1
    return 0.05 if customer.name and plain(typed) == plain(customer.name) else 0.0


def _reading_fit(
    reading: tuple[Word, ...], fields: _Fields, settings: SearchSettings
) -> tuple[float, tuple[str, ...]]:
    """The mean of how well the words fit, the longer ones counting more; less for names left over."""
    fits = [(_word_fit(word, fields, settings), min(len(word.code), 8) + 1) for word in reading]
    total = sum(weight for _, weight in fits)
    score = sum(fit.score * weight for fit, weight in fits) / total
    named = sum(1 for fit, _ in fits if fit.evidence.startswith("name"))
    unnamed = max(0, fields.name_words - named) if named else 0
    return score - 0.005 * min(unnamed, 4), tuple(fit.evidence for fit, _ in fits if fit.evidence)


def _word_fit(word: Word, fields: _Fields, settings: SearchSettings) -> _Fit:
    """The best of all that the word fits."""
    best = _Fit(NOTHING, "")
    for label, values in (("name", fields.names), ("place", fields.places)):
        for value in values:
            best = _better(best, _spelling(word.text, value), label)
    for label, value in fields.codes:
        best = _better(best, _code(word.code, value), label)
    if len(word.number) >= SHORTEST and best.score < EXACT:
        best = _number_fit(best, word.number, fields, settings)
    return best


def _better(best: _Fit, found: tuple[float, str], label: str) -> _Fit:
    score, how = found
    if label == "place":
        score *= 0.97
    return _Fit(score, f"{label}: {how}") if score > best.score else best


@lru_cache(maxsize=50_000)
def _spelling(typed: str, value: str) -> tuple[float, str]:
    """How well a typed word fits a word of the customer's, and how."""
    if typed == value:
        return EXACT, "exact"
    if value.startswith(typed):
        return BEGINNING + 0.08 * len(typed) / len(value), "beginning"
    if len(typed) < 3 or len(value) < 2 or typed.isdigit():
        return NOTHING, ""
    return max(_typo(typed, value), _alike(typed, value))


def _typo(typed: str, value: str) -> tuple[float, str]:
    """One letter wrong in three or more, two in six or more; also in an unfinished word."""
    allowed = 2 if len(typed) >= 6 else 1
    distance = OSA.distance(typed, value, score_cutoff=allowed)
    if distance <= allowed:
        return TYPO - 0.3 * distance / len(typed), "typo"
    if len(typed) >= 4 and len(value) > len(typed):
        distance = OSA.distance(typed, value[: len(typed)], score_cutoff=allowed)
        if distance <= allowed:
            return TYPO - 0.1 - 0.3 * distance / len(typed), "beginning with a typo"
    return NOTHING, ""


def _alike(typed: str, value: str) -> tuple[float, str]:
    return (
        (SOUND + 0.1 * OSA.normalized_similarity(typed, value), "sound")
        if sound(typed) == sound(value)
        else (0.0, "")
    )


@lru_cache(maxsize=50_000)
def _code(typed: str, value: str) -> tuple[float, str]:
    if typed == value:
        return EXACT, "exact"
    if len(typed) >= 2 and value.startswith(typed):
        return BEGINNING + 0.05 * len(typed) / len(value), "beginning"
    if len(typed) >= 6 and OSA.distance(typed, value, score_cutoff=1) <= 1:
        return 0.55, "one character differs"
    return NOTHING, ""


def _number_fit(best: _Fit, number: str, fields: _Fields, settings: SearchSettings) -> _Fit:
    forms = number_forms(number, settings.default_region)
    for national, international in fields.numbers:
        if national in forms or international in forms:
            return _Fit(EXACT, "phone: exact")
        if any(national.startswith(form) or international.startswith(form) for form in forms):
            best = _better(best, (BEGINNING + 0.04, "beginning"), "phone")
        if national.endswith(number):
            best = _better(best, (BEGINNING + 0.05, f"last {len(number)} digits"), "phone")
        if len(number) >= 6 and OSA.distance(number, national, score_cutoff=1) <= 1:
            best = _better(best, (0.55, "one digit differs"), "phone")
    for label, value in fields.codes:
        if label == "identifier" and value.endswith(number):
            best = _better(best, (BEGINNING, f"last {len(number)} digits"), label)
    return best


def _fields(customer: Customer, settings: SearchSettings) -> _Fields:
    codes = [("identifier", key) for key in code_keys(customer.identifier)]
    if customer.organization_number:
        codes += [("organization number", key) for key in code_keys(customer.organization_number)]
    if customer.email:
        codes += [("email", key) for key in email_keys(customer.email)]
    if customer.postal_code:
        codes.append(("postal code", squeezed(customer.postal_code)))
    names = words(customer.name) if customer.name else []
    return _Fields(
        names=names + joined_words(names),
        name_words=len(names),
        places=place_words(customer),
        codes=[code for code in codes if code[1]],
        numbers=phone_numbers(customer.phone, phone_region(customer, settings)) if customer.phone else [],
    )
