"""index.query said in Meilisearch's words: a few searches for each reading.

Meilisearch has no way to say "this word here or that word there": a search is words, and all of them are
looked for in the same fields. So every reading of a term becomes one search for its words as typed, and one
more for each other form of a word: an international phone number, say, or how the words sound.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, combinations, islice

from customers.codes import identifier_ending
from customers.keys import LONGEST_START, KeyField
from customers.phone import SHORTEST
from index.meilisearch_documents import PIECES
from index.meilisearch_pieces import (
    beginnings,
    ending,
    has_parts,
    is_email,
    outline,
    pieces_of_email,
    swapped,
)
from index.meilisearch_search import (
    BY_ORDER,
    CODES,
    NAME_ORDER,
    SPELLED,
    Search,
    names_search,
    quoted,
    quoted_one,
)
from index.query import Clause, Match, Query, Reading, WantedWord

_WITH_ENDINGS = (*SPELLED, KeyField.ENDINGS.value)
# Where few have a word that is a name whole.
_SELDOM = (CODES, (KeyField.JOINED.value,))

# Nobody types more digits to say the end of a number.
LONGEST_ENDING = 6
# The number of a house is whole sooner than the street in front of it.
LONGEST_HOUSE = 3


def searches(reading: Reading) -> Iterator[Search]:
    """The searches for one reading."""
    if reading.required == len(reading.words):
        yield from _all_words(reading)
    else:
        yield from _most_words(reading)


def whole_searches(query: Query) -> Iterator[Search]:
    """For each reading, the first of those who have it whole. Those called so stand first among all who have
    the words anywhere, whom the sure query has asked for already."""
    for reading in query:
        clauses = [word.clauses[0] for word in reading.words]
        if len(clauses) > 1 or clauses[0].field is KeyField.NAMES:
            yield names_search([clause.token for clause in clauses])
        else:
            yield _whole_search(clauses[0], is_name=reading.is_name)


def _whole_search(clause: Clause, *, is_name: bool) -> Search:
    sort = NAME_ORDER if is_name else BY_ORDER
    return Search(quoted_one(clause.token), (clause.field.value,), "all", sort=sort)


def merged(searches: Iterable[Search]) -> Iterator[Search]:
    """The searches, but for one word as a code and as neighbours in one a single one: few have it as either,
    and mostly nobody."""
    seldom: dict[str, list[Search]] = {}
    for search in searches:
        if search.fields in _SELDOM:
            seldom.setdefault(search.words, []).append(search)
        else:
            yield search
    for words, alike in seldom.items():
        if len(alike) > 1:
            yield Search(words, tuple(chain.from_iterable(_SELDOM)), "all", sort=NAME_ORDER)
        else:
            yield from alike


def fields_of(reading: Reading) -> tuple[str, ...]:
    """Where its words are looked for: a number among the ends of numbers too."""
    return _WITH_ENDINGS if any(_has(word, KeyField.ENDINGS) for word in reading.words) else SPELLED


def _all_words(reading: Reading) -> Iterator[Search]:
    """Every word must be there. Of several, one is looked for in another form and the others whole, where
    that does: it is quick."""
    typed, fields = [_typed(word) for word in reading.words], fields_of(reading)
    words = [word.text for word in reading.words]
    yield Search(_unfinished_last(typed), fields, "all")
    last = words[-1]
    if len(words) > 1 and not reading.words[-1].letters and len(last) <= LONGEST_HOUSE:
        yield Search(_unfinished_last([*typed[:-1], quoted_one(last)]), fields, "all")
    if len(words) == 1 and fields is _WITH_ENDINGS:
        yield from _ends(reading.words[0])
    for at, word in enumerate(reading.words):
        others = typed[:at] + typed[at + 1 :]
        if others:
            yield from with_identifier_ending(reading, at)
        for piece, of in _mended(word).items():
            # Alone it is looked for among its like: among all fields more would begin so than are looked at.
            where = tuple(dict.fromkeys((*fields, *of))) if others else of
            yield Search(" ".join([*others, piece]), where, "all")
        for form, is_whole in _other_forms(word).items():
            if is_whole and len(words) > 1:
                yield Search(quoted([*words[:at], form, *words[at + 1 :]]), fields, "all")
            else:
                yield Search(" ".join([*typed[:at], form, *typed[at + 1 :]]), fields, "all")
    sounds = [_sound(word) for word in reading.words]
    if any(sounds):
        spoken = [sound or word for sound, word in zip(sounds, words, strict=True)]
        written = quoted(spoken) if len(words) > 1 else spoken[0]
        yield Search(written, (*fields, KeyField.SOUNDS.value), "all")


def _ends(number: WantedWord) -> Iterator[Search]:
    """A number as the end of others. Among all customers more begin with a short one than are looked at; and
    of four digits there are so many ends that they will be asked for in their order, beside whoever has it
    whole."""
    if len(number.text) <= LONGEST_ENDING:
        ends = (clause for clause in number.clauses if clause.field is KeyField.ENDINGS)
        yield from (_whole_search(clause, is_name=False) for clause in ends)
    if len(number.text) == SHORTEST:
        yield names_search([number.text])


def with_another(
    reading: Reading, at: int, among: KeyField, *, comes_last: bool = False, sort: tuple[str, ...] = ()
) -> Iterator[Search]:
    """The words, but for that one another token of that field, whole."""
    words = [word.text for word in reading.words]
    for clause in reading.words[at].clauses:
        if clause.field is among and clause.match is Match.EXACT and clause.token != words[at]:
            others = quoted([*words[:at], clause.token, *words[at + 1 :]])
            yield Search(others, fields_of(reading), "all", comes_last, sort)


def with_identifier_ending(reading: Reading, at: int) -> Iterator[Search]:
    """The words whole, that number as the end of an identifier, which many may share."""
    yield from with_another(reading, at, KeyField.ENDINGS, sort=NAME_ORDER)


def _unfinished_last(typed: list[str]) -> str:
    """The words, of those without quotation marks one at the end: only the last word may be unfinished. `nyga
    12` is Nygade 12."""
    at = max((at for at, word in enumerate(typed) if not word.startswith('"')), default=len(typed) - 1)
    return " ".join([*typed[:at], *typed[at + 1 :], typed[at]])


def _most_words(reading: Reading) -> Iterator[Search]:
    """Some words may be missing. `frequency` drops those that fewest customers miss, useless ones first; but
    a useless word may be a typing error away from somebody's, so each is left out in turn too, and each two
    where so many may be missing."""
    fields = fields_of(reading)
    yield Search(" ".join(word.text for word in reading.words), fields, "frequency")
    rests = _without(reading.words, 1)
    most = len(reading.words) - reading.required
    for rest in chain.from_iterable(_without(reading.words, missing) for missing in range(1, most + 1)):
        words = [word.text for word in rest]
        yield Search(quoted(words) if len(words) > 1 else words[0], fields, "all")
    for rest in rests:
        yield from islice(_all_words(Reading(rest, len(rest))), 1, None)


def _without(words: tuple[WantedWord, ...], missing: int) -> list[tuple[WantedWord, ...]]:
    """All but so many of the words, the first ones left out first."""
    return list(combinations(words, len(words) - missing))[::-1]


def _typed(word: WantedWord) -> str:
    """The word; in quotation marks where it must be whole, or is the first letters of a name."""
    whole = all(clause.match is Match.EXACT for clause in word.clauses)
    first_letters = word.letters and len(word.text) < LONGEST_START
    return quoted_one(word.text) if whole or first_letters else word.text


def _has(word: WantedWord, field: KeyField) -> bool:
    return any(clause.field is field for clause in word.clauses)


def _other_forms(word: WantedWord) -> dict[str, bool]:
    """What else the word may be written as in the index, and whether nothing is wrong with it then: its code,
    its phone numbers, another form of a name. A code in which something may be wrong is also tried without
    the zeros that people abroad dial first."""
    is_whole = word.letters and not any(clause.typos for clause in word.clauses)
    forms = dict.fromkeys(_swapped(word), True)
    others = [
        clause.token
        for clause in word.clauses
        if clause.match is Match.EXACT and clause.field not in {KeyField.SOUNDS, KeyField.ENDINGS}
    ]
    others += [code.lstrip("0") for code in _mistyped_codes(word)]
    forms |= dict.fromkeys(others, is_whole)
    return {form: whole for form, whole in forms.items() if form and form != word.text}


def _swapped(word: WantedWord) -> list[str]:
    """The first two letters of a name swapped, which Meilisearch does not forgive."""
    names = (clause.token for clause in word.clauses if clause.field is KeyField.NAMES and clause.typos)
    return [name[1] + name[0] + name[2:] for name in names if len(name) > 2]


def _mended(word: WantedWord) -> dict[str, tuple[str, ...]]:
    """What a mistake may have left of a code, and the fields that have it."""
    forms: dict[str, tuple[str, ...]] = {}
    for code in _mistyped_codes(word):
        if has_parts(code):
            # With a digit too many after its country it ends in a whole phone.
            for end in (ending(code), identifier_ending(ending(code))):
                forms[quoted_one(end)] = (KeyField.ENDINGS.value, PIECES, *CODES)
            forms[quoted_one(outline(code))] = (PIECES,)
            forms |= dict.fromkeys((*map(quoted_one, swapped(code)), *beginnings(code)), CODES)
        else:
            forms[code[:8]] = CODES
            if is_email(code):
                forms |= dict.fromkeys(map(quoted_one, pieces_of_email(code)), (PIECES,))
                forms |= dict.fromkeys(map(quoted_one, swapped(code)), CODES)
            else:
                forms[code[:4]] = CODES
    return forms


def _mistyped_codes(word: WantedWord) -> list[str]:
    return [clause.token for clause in word.clauses if clause.field is KeyField.CODES and clause.typos]


def _sound(word: WantedWord) -> str:
    return next((clause.token for clause in word.clauses if clause.field is KeyField.SOUNDS), "")
