"""Ranking: one order of candidates for every engine, by evidence that can be told to a person.

An engine only says who might be meant. Here each word of the term is held against the customer's own fields
(customers/evidence.py), and the order is the same whichever engine found them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from customers.customer import Customer
from customers.evidence import Fields, Fit, word_fit
from customers.folding import plain
from customers.term import Term, Word

# Below this, less than about half of what was typed fits: that is another customer.
LEAST = 0.45
# From here on every word fits as it was typed, so nobody who fits less well needs to be looked for.
SURE = 0.89

# Each word of the name that was not typed makes a customer a little less likely, up to four of them.
NOT_TYPED = 0.005
# Two words of the term cannot both be the same word of the name.
TWICE = 0.05


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate that answers the term. `score` is 0 to 1.3; `evidence` is free of personal data."""

    customer: Customer
    score: float
    evidence: tuple[str, ...]


def rank(term: Term, customers: Iterable[Customer], limit: int) -> list[Ranked]:
    """The customers that answer `term`, best first, at most `limit`."""
    if not term.readings:
        return []
    ranked = [fit for customer in customers if (fit := _ranked(term, customer)).score >= LEAST]
    ranked.sort(key=lambda fit: _order(fit, term.settings.default_region))
    return ranked[:limit]


def _order(fit: Ranked, region: str) -> tuple[float, bool, float, str]:
    """Best evidence first; of equal ones those of the shop's country, then the recently changed, then always
    the same."""
    customer = fit.customer
    abroad = bool(customer.country_code) and str(customer.country_code).upper() != region
    changed = customer.updated_at.timestamp() if customer.updated_at else 0.0
    return (-round(fit.score, 4), abroad, -changed, customer.identifier)


def _ranked(term: Term, customer: Customer) -> Ranked:
    """The customer by the reading of the term that fits it best."""
    fields = Fields(customer, term.settings)
    score, evidence = max(_reading_fit(reading, fields, term) for reading in term.readings)
    return Ranked(customer, score + _whole_bonus(term, customer), evidence)


def _whole_bonus(term: Term, customer: Customer) -> float:
    """What tells customers apart whose words all fit: the whole identifier, the name as it is written."""
    typed = term.text.strip()
    if typed == customer.identifier:
        return 0.3
    if not customer.name or len(typed) != len(customer.name):
        return 0.0
    if typed.casefold() == customer.name.casefold():
        return 0.1
    return 0.05 if plain(typed) == plain(customer.name) else 0.0


def _reading_fit(reading: tuple[Word, ...], fields: Fields, term: Term) -> tuple[float, tuple[str, ...]]:
    """The mean of how well the words fit, the longer ones counting more."""
    region = term.settings.default_region
    fits = [word_fit(word, fields, region, alone=len(reading) == 1) for word in reading]
    weights = [min(len(word.code), 8) + 1 for word in reading]
    score = sum(fit.score * weight for fit, weight in zip(fits, weights, strict=True)) / sum(weights)
    return score - _name_penalty(fits, fields), tuple(fit.evidence for fit in fits if fit.evidence)


def _name_penalty(fits: list[Fit], fields: Fields) -> float:
    """Nothing where no name was typed."""
    named = [fit.name for fit in fits if fit.name]
    if not named:
        return 0.0
    if "joined" in named:
        return NOT_TYPED
    distinct = len(set(named))
    not_typed = max(0, len(fields.names) - distinct)
    return NOT_TYPED * min(not_typed, 4) + TWICE * (len(named) - distinct)
