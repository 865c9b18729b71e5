"""The queries of a search: what surely answers the term, what nearly does, and what may.

Every weight here only decides who is among the candidates; the order of the answer is customers/ranking.py's.
"""

import math
from collections.abc import Collection, Sequence

from customers.evidence import is_long_code
from customers.fit import IN_PLACE, LAST_DIGITS, LAST_PART, OTHER_FORM
from customers.folding import digits
from customers.keys import KeyField, joined_word
from customers.reading import spared
from customers.term import Term, Word, WordKind
from customers.typed import STREET
from index.clauses import SHORTEST_PREFIX, is_two_in_one, mistyped_clauses, sure_clauses
from index.query import Clause, Match, Query, Reading, WantedWord

# Fewer letters begin an identifier, and so do more with a longer number behind them.
_SHORTEST_NAME = 4
_LONGEST_NUMBER = 5
# Behind a name a city is begun with so few letters.
_SHORTEST_CITY = 2


def sure_query(term: Term) -> Query:
    """Every word as typed, whole or as the beginning of one; two words as the name that they are with a space
    too many: `han sen`; a house with its letter, however both are written; and a name in which one word comes
    twice."""
    in_one = [reading[0] for reading in term.joined if len(reading) == 1 and reading[0].kind is WordKind.WORD]
    as_typed = (*term.readings, *filter(_is_house, term.joined))
    readings = (_reading(reading, term, len(reading)) for reading in as_typed)
    twice = (_name_twice(reading, term) for reading in term.readings if _has_twice(reading))
    return (*readings, *map(_name_in_one, in_one), *twice)


def _is_house(reading: Sequence[Word]) -> bool:
    """Whether it ends in the number of a house and its letter: `8 a` or `8a`."""
    *others, last = reading
    if last.kind is WordKind.CODE:
        return bool(others) and last.code[:-1].isdigit() and last.code[-1].isalpha()
    return len(others) > 1 and others[-1].kind is WordKind.NUMBER and len(last.text) == 1


def begun_query(term: Term) -> Query:
    """Of what are company forms but for the letter pairs with which they begin, whoever has those too: to an
    engine `ås` is every A/S, and they would leave no room for others. Nothing for most terms."""
    found = []
    for words in term.readings:
        if begun := _begun(words, term):
            wanted = (*_reading(words, term, len(words)).words, *begun)
            found.append(Reading(wanted, len(wanted)))
    return tuple(found)


def _has_twice(reading: Sequence[Word]) -> bool:
    names = [word.text for word in reading if word.kind is WordKind.WORD]
    return len(set(names)) < len(names)


def _name_twice(words: tuple[Word, ...], term: Term) -> Reading:
    """To an engine `bo bø` is one word, which every Bo has: whoever has it twice is known by both in one, or,
    where they are no neighbours, by all in one."""
    pairs = [at for at in range(2, len(words) + 1) if words[at - 2].text == words[at - 1].text]
    start, stop = (pairs[0] - 2, pairs[0]) if pairs else (0, len(words))
    both = _side_by_side([word.text for word in words[start:stop]], 30)
    others = words[:start] + words[stop:]
    wanted = (both, *_reading(others, term, len(others)).words)
    return Reading(wanted, len(wanted), is_joined=True)


def _side_by_side(names: Sequence[str], weight: float) -> WantedWord:
    """Neighbours in a name, in this order."""
    joined = joined_word([*names])
    return WantedWord(joined, (Clause(KeyField.JOINED, joined, Match.EXACT, weight),), letters=True)


def _name_in_one(word: Word) -> Reading:
    """Weighs less than two words do: who is called by both comes first among the candidates."""
    clause = Clause(KeyField.NAMES, word.text, Match.EXACT, 0.5)
    return Reading((WantedWord(word.text, (clause,), letters=True),), 1, is_joined=True)


def near_query(term: Term) -> Query:
    """Every word, but with typos, by its sound, or written as one with its neighbour. An email at another
    provider is doubtful enough without a typo, and so is a code made of a name and a number: `hansen
    5678`."""
    doubtful = {
        *term.elsewhere,
        *(reading for reading in term.readings if _is_name_and_number(reading, term)),
    }
    readings = (*term.readings, *term.joined, *term.elsewhere, *term.parts)
    return tuple(
        _reading(reading, term, len(reading), mistyped=reading not in doubtful) for reading in readings
    )


def _is_name_and_number(reading: tuple[Word, ...], term: Term) -> bool:
    """Whether it is one code only without the space that was typed."""
    code = reading[0].code
    if len(reading) != 1 or reading[0].kind is not WordKind.CODE or len(term.text.split()) < 2:
        return False
    return code[:_SHORTEST_NAME].isalpha() and len(digits(code)) <= _LONGEST_NUMBER


def code_query(term: Term) -> Query:
    """Each number, code or email by itself, whole as it was typed, whatever stands beside it."""
    words = dict.fromkeys(
        word for reading in term.readings if len(reading) > 1 for word in reading if is_long_code(word)
    )
    return tuple(_whole_code(word, term) for word in words)


def _whole_code(word: Word, term: Term) -> Reading:
    clauses = [
        clause
        for clause in sure_clauses(word, term)
        if clause.field is KeyField.CODES and clause.match is Match.EXACT
    ]
    return Reading((WantedWord(word.text, tuple(clauses), letters=False),), 1)


def whole_query(term: Term, shown: float) -> Query:
    """The term as one word, whole, as each that it can be by itself: a name or another form of it, neighbours
    in one, a place, or a code or the end of one; but for what is surely less than `shown`, the score of the
    last who would be shown now."""
    readings = (*term.readings, *term.joined)
    words = dict.fromkeys(reading[0] for reading in readings if len(reading) == 1)
    return tuple(
        _whole(word, clause, begun)
        for word in words
        for begun in dict.fromkeys((_begun((word,), term), ()))
        for clause in sure_clauses(word, term)
        if clause.match is Match.EXACT and _most(clause, word) >= shown
    )


def _most(clause: Clause, word: Word) -> float:
    """The most that whoever has it can score. Nobody is asked for by the first letters of a name."""
    as_typed = clause.token in {word.text, word.code}
    match clause.field:
        case KeyField.STARTS:
            return -math.inf
        case KeyField.NAMES:
            return math.inf if as_typed else OTHER_FORM
        case KeyField.PLACES:
            return IN_PLACE + STREET
        case KeyField.ENDINGS:
            return LAST_DIGITS if as_typed else LAST_PART
        case _:
            return math.inf


def _whole(word: Word, clause: Clause, begun: tuple[WantedWord, ...]) -> Reading:
    words = (WantedWord(word.text, (clause,), word.kind is WordKind.WORD), *begun)
    return Reading(words, len(words), is_name=clause.field in {KeyField.NAMES, KeyField.JOINED})


def namesakes_query(tokens: Sequence[str], fields: Collection[KeyField], *, out_of_order: bool) -> Query:
    """Every token whole, each in its field; where the best has them `out_of_order`, or one comes twice, also
    whoever has them side by side in this order."""
    wanted = tuple(
        WantedWord(token, (Clause(field, token, Match.EXACT, 1),), token.isalpha())
        for token, field in zip(tokens, fields, strict=True)
    )
    namesakes = Reading(wanted, len(wanted), is_name=KeyField.NAMES in fields)
    if not out_of_order and len({*tokens}) == len(tokens):
        return (namesakes,)
    return namesakes, Reading((_side_by_side(tokens, 1),), 1, is_name=True)


def called_query(
    tokens: Sequence[str], fields: Collection[KeyField], code: str, *, out_of_order: bool
) -> Query:
    """The namesakes, and those of whom more was typed: whoever is called by all the words where some are of
    the address, and, where they are not the name as it is, whoever has them as the `code` of an email."""
    namesakes = namesakes_query(tokens, fields, out_of_order=out_of_order)
    has_place = KeyField.PLACES in fields
    if has_place:
        namesakes += namesakes_query(tokens, [KeyField.NAMES] * len(tokens), out_of_order=False)
    if has_place or out_of_order:
        wanted = WantedWord(code, (Clause(KeyField.CODES, code, Match.EXACT, 1),), letters=True)
        namesakes += (Reading((wanted,), 1),)
    return namesakes


def loose_query(term: Term) -> Query:
    """The near query where one of two or three words may be wrong altogether, or two of more; but then not a
    space too many, and a letter of another word."""
    readings = [reading for reading in (*term.readings, *term.joined) if len(reading) > 1]
    return tuple(
        _reading(reading, term, len(reading) - spared(len(reading)), mistyped=reading not in term.joined)
        for reading in readings
    )


def _reading(words: tuple[Word, ...], term: Term, required: int, *, mistyped: bool = False) -> Reading:
    wanted = []
    for at, word in enumerate(words, 1):
        # Beside two words as one, looking through all emails for another finds nobody who was meant.
        in_emails = mistyped and (words not in term.joined or is_two_in_one(word, term))
        clauses = sure_clauses(word, term, in_emails=in_emails)
        if at == len(words) == required and _is_begun_place(words):
            clauses.append(_begun_place(word))
        if mistyped:
            clauses += mistyped_clauses(word, term)
        wanted.append(WantedWord(word.text, tuple(clauses), word.kind is WordKind.WORD))
    return Reading(tuple(wanted), required)


def _begun(words: tuple[Word, ...], term: Term) -> tuple[WantedWord, ...]:
    """The letter pairs of those words that are company forms but for them."""
    begins = dict.fromkeys(word.begins for word in words if word.is_folded_to_form(term.settings))
    fields = (KeyField.STARTS, KeyField.PLACES)
    return tuple(
        WantedWord(pair, tuple(Clause(field, pair, Match.EXACT, 1) for field in fields), letters=True)
        for pair in begins
        if pair
    )


def _is_begun_place(words: tuple[Word, ...]) -> bool:
    """Whether the last word, though short, may begin a place: `hansen od`, `hansen aa`, `nygade 1`, `nygade 1
    od`. Two numbers are a phone."""
    last = words[-1]
    if len(words) < 2 or len(last.text) >= SHORTEST_PREFIX:
        return False
    if last.kind is WordKind.NUMBER:
        return words[-2].kind is not WordKind.NUMBER
    return len(last.text) >= _SHORTEST_CITY or bool(last.pair)


def _begun_place(word: Word) -> Clause:
    if word.pair:
        return Clause(KeyField.PLACES, word.pair, Match.EXACT, 0.1)
    return Clause(KeyField.PLACES, word.text, Match.PREFIX, 0.1)
