"""The two queries of a search: what surely answers the term, and what may.

Every weight here only decides who is among the candidates; the order of the answer is customers/ranking.py's.
"""

from itertools import pairwise

from customers.folding import skeleton
from customers.keys import LONGEST_START, KeyField
from customers.phone import SHORTEST, number_forms
from customers.sound import sound
from customers.term import Term, Word, WordKind
from index.query import Clause, Match, Query, Reading, WantedWord


def sure_query(term: Term) -> Query:
    """Every word as typed, whole or as the beginning of one."""
    return tuple(_reading(reading, term, len(reading)) for reading in term.readings)


def wide_query(term: Term) -> Query:
    """Words with typos, by their sound, or written as one; one of two or more may be wrong altogether."""
    readings = [*term.readings, *_joined_readings(term)]
    return tuple(_reading(reading, term, max(1, len(reading) - 1), wide=True) for reading in readings)


def _joined_readings(term: Term) -> list[tuple[Word, ...]]:
    """The first reading with each two neighbours written as one: `han sen` is a hansen."""
    first = term.readings[0] if term.readings else ()
    joined = []
    for at, (one, other) in enumerate(pairwise(first)):
        word = Word(skeleton(one.text + other.text), one.code + other.code)
        joined.append((*first[:at], word, *first[at + 2 :]))
    return joined


def _reading(words: tuple[Word, ...], term: Term, required: int, *, wide: bool = False) -> Reading:
    wanted = []
    for word in words:
        clauses = _sure_clauses(word, term)
        if wide:
            clauses += _wide_clauses(word)
        wanted.append(WantedWord(word.text, tuple(clauses)))
    return Reading(tuple(wanted), required)


def _sure_clauses(word: Word, term: Term) -> list[Clause]:
    """The word as it is, or as the beginning of one."""
    clauses = [
        Clause(KeyField.NAMES, word.text, Match.EXACT, 8),
        Clause(KeyField.CODES, word.code, Match.EXACT, 8),
        Clause(KeyField.JOINED, word.text, Match.EXACT, 4),
        Clause(KeyField.PLACES, word.text, Match.EXACT, 4),
    ]
    if len(word.text) <= LONGEST_START:
        clauses.append(Clause(KeyField.STARTS, word.text, Match.EXACT, 0.2))
    else:
        clauses.append(Clause(KeyField.NAMES, word.text, Match.PREFIX, 2))
    # Below three letters, and for a house number, the beginning of a place or a code is everyone's.
    if len(word.text) >= 3:
        clauses.append(Clause(KeyField.PLACES, word.text, Match.PREFIX, 1))
        clauses.append(Clause(KeyField.CODES, word.code, Match.PREFIX, 1))
    if word.kind is WordKind.NUMBER and len(word.code) >= SHORTEST:
        clauses += _number_clauses(word.code, term)
    return clauses


def _number_clauses(number: str, term: Term) -> list[Clause]:
    """A number as a phone in all its writings, and as the end of one."""
    clauses = [Clause(KeyField.ENDINGS, number, Match.EXACT, 8)]
    for form in number_forms(number, term.settings.default_region):
        clauses.append(Clause(KeyField.CODES, form, Match.EXACT, 8))
        clauses.append(Clause(KeyField.CODES, form, Match.PREFIX, 1))
    return clauses


def _wide_clauses(word: Word) -> list[Clause]:
    """What a mistyped or misheard word may have been. Two letters may be wrong from eight letters on; in
    three letters or fewer a typo would match everyone."""
    length = len(word.text)
    clauses = []
    if length >= 4 and word.kind is WordKind.WORD:
        typos = 2 if length >= 8 else 1
        clauses.append(Clause(KeyField.NAMES, word.text, Match.TYPO_PREFIX, 1, typos))
        clauses.append(Clause(KeyField.PLACES, word.text, Match.TYPO, 0.5, 1))
        clauses.append(Clause(KeyField.SOUNDS, sound(word.text), Match.EXACT, 0.5))
    if length >= 6 and word.kind is WordKind.WORD:
        clauses.append(Clause(KeyField.JOINED, word.text, Match.TYPO_PREFIX, 0.5, 1))
    if len(word.code) >= 6 and word.kind is not WordKind.WORD:
        clauses.append(Clause(KeyField.CODES, word.code, Match.TYPO, 0.5, 1))
    return clauses
