"""What an engine is asked for: clauses over whole tokens, which every engine can look up.

A query is a list of readings, any of which may match; a reading is a list of words; a word matches a document
where any of its clauses does.
"""

from dataclasses import dataclass
from enum import IntEnum

from customers.keys import KeyField


class Match(IntEnum):
    """How a clause's token is compared with a document's: the surest first."""

    EXACT = 0
    PREFIX = 1
    TYPO = 2
    TYPO_PREFIX = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """`token` is looked for among the tokens of `field`. `typos` is how many letters may be wrong (a
    transposition is one), for Match.TYPO and TYPO_PREFIX. `weight` orders candidates: higher is surer."""

    field: KeyField
    token: str
    match: Match
    weight: float
    typos: int = 0


@dataclass(frozen=True, slots=True)
class WantedWord:
    """A word of the term: `text` is its folded form, and any of the clauses may match. `letters`: it is of
    letters alone, as a name is."""

    text: str
    clauses: tuple[Clause, ...]
    letters: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of one way to read the term. A document matches where at least `required` of them do.
    `is_joined`: its word is all neighbours as one, which an engine may leave out where it joins neighbours
    itself. `is_name`: of those who have it in their name, whoever is called little else comes first."""

    words: tuple[WantedWord, ...]
    required: int
    is_joined: bool = False
    is_name: bool = False


Query = tuple[Reading, ...]
