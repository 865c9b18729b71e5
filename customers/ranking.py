"""Ranking: one order of candidates for every engine, by evidence that can be told to a person.

An engine only says who might be meant. Here each word of the term is held against the customer's own fields
(customers/evidence.py), and the order is the same whichever engine found them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from customers.common_words import company_forms
from customers.customer import Customer
from customers.evidence import Fields, Fit, word_fit
from customers.folding import plain, squeezed
from customers.term import Term, Word, WordKind

# Below this, clearly less than half of what was typed fits: that is another customer.
LEAST = 0.4
# Where every word fits as well as this, nobody who fits less well needs to be looked for.
SURE = 0.84

# Each word of the name that was not typed makes a customer a little less likely, up to four of them.
NOT_TYPED = 0.005
# A space that was typed inside a word is a mistake, though a small one.
SPACE_TOO_MANY = 0.02


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
    score, fits = max(
        [_reading_fit(reading, fields, _mistake(reading, term)) for reading in term.readings]
        + [_reading_fit(reading, fields, SPACE_TOO_MANY) for reading in term.joined],
        key=lambda found: found[0],
    )
    evidence = tuple(fit.evidence for fit in fits if fit.evidence)
    weakest = min(fit.score for fit in fits)
    return Ranked(customer, score + _whole_bonus(term, customer), weakest, evidence)


def _mistake(reading: tuple[Word, ...], term: Term) -> float:
    """A code is seldom typed with spaces; a number often is."""
    spaced = len(reading) == 1 and len(term.text.split()) > 1
    return SPACE_TOO_MANY if spaced and reading[0].kind is WordKind.CODE else 0.0


def _whole_bonus(term: Term, customer: Customer) -> float:
    """What tells customers apart whose words all fit: identifier, email or name exactly as it is written."""
    typed = term.text.strip()
    if typed == customer.identifier:
        return 0.3
    return max(_email_bonus(typed, customer.email or ""), _name_bonus(typed, customer.name or ""))


def _email_bonus(typed: str, email: str) -> float:
    """The address, its first part or its domain. Plain letters may be a name, so they say less."""
    typed, email = typed.casefold(), email.casefold()
    if not email or not typed:
        return 0.0
    local, _, domain = email.partition("@")
    parts = (local, local.partition("+")[0], domain)
    if typed == email:
        return 0.2
    if typed in parts:
        return 0.002 if typed.isalpha() else 0.1
    if squeezed(typed) in map(squeezed, parts):
        return 0.002
    return 0.0


def _name_bonus(typed: str, name: str) -> float:
    if len(typed) != len(name):
        return 0.0
    if typed.casefold() == name.casefold():
        return 0.1
    return 0.05 if plain(typed) == plain(name) else 0.0


def _reading_fit(
    reading: tuple[Word, ...], fields: Fields, mistake: float = 0.0
) -> tuple[float, tuple[Fit, ...]]:
    """The mean of how well the words fit, the longer ones counting more. `mistake` is what the reading itself
    costs."""
    fits = _fits(reading, fields)
    weights = [_weight(word, fit, fields) for word, fit in zip(reading, fits, strict=True)]
    score = sum(fit.score * weight for fit, weight in zip(fits, weights, strict=True)) / sum(weights)
    return score - mistake - _not_typed(fits, fields), fits


def _fits(reading: tuple[Word, ...], fields: Fields) -> tuple[Fit, ...]:
    """How each word fits. No word of the name is counted twice: it goes to the word that fits it best, and
    the others look for something else."""
    alone = len(reading) == 1
    fits = [word_fit(word, fields, alone=alone) for word in reading]
    taken: set[int] = set()
    for at in sorted(range(len(fits)), key=lambda at: -fits[at].score):
        if not taken.isdisjoint(fits[at].names):
            fits[at] = word_fit(reading[at], fields, alone=alone, taken=taken)
        taken.update(fits[at].names)
    return tuple(fits)


def _weight(word: Word, fit: Fit, fields: Fields) -> float:
    """How much a word says: more the longer it is. A company form that the customer has not says little."""
    if not fit.score and word.text in company_forms(fields.settings):
        return 0.5
    return min(len(word.code), 5) + 1


def _not_typed(fits: tuple[Fit, ...], fields: Fields) -> float:
    """Nothing where no name was typed, and nothing for a company form."""
    named = {at for fit in fits for at in fit.names}
    if not named:
        return 0.0
    forms = company_forms(fields.settings)
    left = sum(at not in named and name not in forms for at, (name, _) in enumerate(fields.names))
    return NOT_TYPED * min(left, 4)
