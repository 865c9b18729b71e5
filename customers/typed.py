"""The term as a whole, held against what customers are called: that tells those apart whose words all fit."""

from string import punctuation

from customers.candidate import Candidate
from customers.folding import plain, squeezed

# Of unfinished emails the one that begins with the marks that were typed: `anne_jensen@`.
EMAIL_BEGUN = 0.1
# Beside a name: `lars.hansen@` and `larshansen@` are one code.
EMAIL_BESIDE = 0.002
# A name that is written just so.
EXACT_NAME = 0.1
# A street with its number that is written just so: `Bäckstigen 59` is no Backstigen.
STREET = 0.001


class Typed:
    """What was typed, with all that is asked of it made once."""

    def __init__(self, text: str) -> None:
        self._text = text.strip()
        # Of several spaces one counts: `lars  hansen`.
        name = " ".join(text.split())
        # The marks around a name are seldom its own: `(Jørgen Berg)`, but `Holm & Co.`
        names = {name, name.strip(punctuation)}
        self._lengths = {len(name) for name in names}
        self._names = {name.casefold() for name in names}
        self._plain = {plain(name) for name in names}
        self._emails = {chunk.strip(punctuation).casefold() for chunk in text.split() if "@" in chunk}
        # A domain is typed as it stands in an email.
        self._casefold = self._text.casefold().removeprefix("@")
        self._squeezed = squeezed(self._casefold)
        self._is_email = "@" in self._casefold
        self._has_number = not self._squeezed.isalpha()

    def bonus(self, candidate: Candidate) -> float:
        """More for an identifier, email or name that is written exactly so."""
        customer = candidate.findable
        if self._text == customer.identifier:
            return 0.3
        bonus = 0.0
        if len(candidate.name) in self._lengths:
            bonus = self._name_bonus(candidate.name)
        if customer.email:
            bonus = max(bonus, self._email_bonus(candidate, customer.email))
        if self._has_number and customer.street and customer.street.casefold().startswith(self._casefold):
            bonus = max(bonus, STREET)
        return bonus

    def _email_bonus(self, candidate: Candidate, email: str) -> float:
        """The address, its beginning, first part or domain. Plain letters may be a name, so they say less."""
        if self._squeezed not in candidate.email_codes:
            if self._emails and email.casefold() in self._emails:
                return EMAIL_BESIDE
            return EMAIL_BEGUN if self._is_email and email.casefold().startswith(self._casefold) else 0.0
        if self._casefold == email.casefold():
            return 0.2
        parts, squeezed_parts = candidate.email_parts
        if self._casefold in parts:
            return 0.002 if self._casefold.isalpha() else 0.1
        return 0.002 if self._squeezed in squeezed_parts else 0.0

    def _name_bonus(self, name: str) -> float:
        if name.casefold() in self._names:
            return EXACT_NAME
        return 0.05 if plain(name) in self._plain else 0.0
