"""The clauses of one word: all that it can be, and where that is looked for.

Any word may be one of a name, of an address, or a code: it is looked for in names, joined, places and codes.
And, by its kind:

kind      for example    also as it is typed    with a mistake
word      hansen         -                      names places joined sounds
word      mads           -                      names sounds
word      ida            starts                 names
word      la             starts                 -
number    12345678       endings                codes
number    5678           endings                -
number    12             starts                 -
code      C-10023        -                      codes
code      12b            starts                 -
email     lars.h@x.dk    -                      codes
email     lars.hansen    -                      codes

A phone is looked for in all its writings, a registration number with and without its country, and a name in
its other forms.
"""

from customers.codes import identifier_ending
from customers.keys import LONGEST_START, KeyField
from customers.nicknames import other_forms
from customers.phone import SHORTEST, number_forms
from customers.registration import registration_number
from customers.sound import sound
from customers.term import Term, Word, WordKind
from index.query import Clause, Match

# A shorter beginning of a place or a code is everyone's.
SHORTEST_PREFIX = 3


def sure_clauses(word: Word, term: Term, *, in_emails: bool = False) -> list[Clause]:
    """The word as it is, or as the beginning of one. A company form alone would be every company."""
    everyones = word.is_company_form(term.settings)
    clauses = [
        Clause(KeyField.NAMES, word.text, Match.EXACT, 0.1 if everyones else 8),
        Clause(KeyField.CODES, word.code, Match.EXACT, 2 if word.kind is WordKind.WORD else 8),
        Clause(KeyField.JOINED, word.text, Match.EXACT, 6),
        Clause(KeyField.PLACES, word.text, Match.EXACT, 2 if len(word.text) > 2 else 0.5),
    ]
    # Less than the beginning of a name: `nisse` is a Nissen sooner than a Niels.
    others = sorted(other_forms(word.text, term.settings))
    clauses += [Clause(KeyField.NAMES, form, Match.EXACT, 0.3) for form in others]
    if len(word.text) <= LONGEST_START:
        clauses.append(Clause(KeyField.STARTS, word.text, Match.EXACT, 1))
        written = word.pair or word.code
        if written != word.text and len(written) <= LONGEST_START:
            clauses.append(Clause(KeyField.STARTS, written, Match.EXACT, 2))
    else:
        clauses.append(Clause(KeyField.NAMES, word.text, Match.PREFIX, 2))
    if len(word.text) >= SHORTEST_PREFIX:
        clauses.append(Clause(KeyField.PLACES, word.text, Match.PREFIX, 1))
        # Letters alone begin a name sooner than an email, and looking through all emails is what costs most.
        if in_emails or word.kind is not WordKind.WORD:
            clauses.append(Clause(KeyField.CODES, word.code, Match.PREFIX, 1))
    if number := registration_number(word.code):
        clauses.append(Clause(KeyField.CODES, number, Match.EXACT, 8))
    if word.kind is WordKind.NUMBER and len(word.code) >= SHORTEST:
        clauses += _number_clauses(word.code, term)
    return clauses


def _number_clauses(number: str, term: Term) -> list[Clause]:
    """A number as a phone in all its writings, and as the end of one."""
    clauses = [Clause(KeyField.ENDINGS, number, Match.EXACT, 8)]
    if (ending := identifier_ending(number)) != number:
        clauses.append(Clause(KeyField.ENDINGS, ending, Match.EXACT, 6))
    for form in number_forms(number, term.settings.default_region):
        clauses.append(Clause(KeyField.CODES, form, Match.EXACT, 8))
        clauses.append(Clause(KeyField.CODES, form, Match.PREFIX, 1))
    return clauses


def mistyped_clauses(word: Word, term: Term) -> list[Clause]:
    """What a mistyped or misheard word may have been. Two letters may be wrong from seven letters on; below
    five a word with a typo is looked for whole, since its beginning would be everyone's."""
    clauses = []
    if word.kind is WordKind.WORD and is_two_in_one(word, term):
        clauses += _typo_clauses(word.text, term.settings.fuzzy_from)
    elif word.kind is WordKind.WORD:
        for text in dict.fromkeys((word.text, word.code)):
            clauses += _typo_clauses(text, term.settings.fuzzy_from)
        if len(word.text) >= 4:
            clauses.append(Clause(KeyField.SOUNDS, sound(word.text), Match.EXACT, 0.1))
    elif len(word.code) >= 6:
        # Few emails are a letter away from this one; its provider and its first letters are those of many.
        weight = 300 if word.kind is WordKind.EMAIL else 0.5
        for code in _mistyped_codes(word, term):
            clauses.append(Clause(KeyField.CODES, code, Match.TYPO, weight, 1))
    return clauses


def is_two_in_one(word: Word, term: Term) -> bool:
    """Whether it is one word only without the space that was typed. That is mistake enough to the ranking,
    which counts another one only where it is in one of the two: `kayl a`; how it sounds says nothing then."""
    return not any(word in reading for reading in (*term.readings, *term.parts))


def _mistyped_codes(word: Word, term: Term) -> list[str]:
    """The code as it would be kept but for the mistake. A zero in front may be dialled before a phone, or be
    kept, as of an identifier; and what looks like a country and a zero after it, `98 0…`, may be a number as
    it is kept."""
    if word.kind is not WordKind.NUMBER:
        return [word.code]
    forms = number_forms(word.code, term.settings.default_region)
    if word.code[0] != "0":
        return list(dict.fromkeys((word.code, forms[-1])))
    # Of `0049 (0)171 …` the third zero is one of those that are dialled too.
    abroad = forms[2:3] if word.code.startswith("00") else ()
    return list(dict.fromkeys((forms[1], *abroad, word.code)))


def _typo_clauses(text: str, fuzzy_from: int) -> list[Clause]:
    if len(text) < fuzzy_from:
        return []
    if len(text) < 5:
        return [Clause(KeyField.NAMES, text, Match.TYPO, 1, 1)]
    clauses = [
        Clause(KeyField.NAMES, text, Match.TYPO_PREFIX, 1, 2 if len(text) >= 7 else 1),
        Clause(KeyField.PLACES, text, Match.TYPO, 0.5, 2 if len(text) >= 9 else 1),
    ]
    if len(text) >= 6:
        clauses.append(Clause(KeyField.JOINED, text, Match.TYPO_PREFIX, 0.5, 1))
    return clauses
