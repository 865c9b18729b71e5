"""Which searches go to Meilisearch in one request, and which only where that finds too few."""

from collections.abc import Iterable, Iterator
from itertools import chain

from customers.keys import KeyField
from index.meilisearch_documents import LONGEST_PLACE_BEGINNING, PIECES
from index.meilisearch_query import (
    LONGEST_ENDING,
    LONGEST_HOUSE,
    fields_of,
    searches,
    with_another,
    with_identifier_ending,
)
from index.meilisearch_search import CODES, NAME_ORDER, SPELLED, Search, names_search, quoted, quoted_one
from index.query import Query, Reading, WantedWord

# Each is a millisecond on the server; later ones only repeat earlier ones in rarer forms.
_MOST_SEARCHES = 20
# Every candidate has to be ranked, which takes about as long as finding it.
_BEST = 20


def rounds(query: Query, limit: int) -> Iterator[dict[Search, int]]:
    """The searches whose answers together are the candidates, the likeliest first, and how many hits each
    should give: `limit` the first one and those for what codes begin with or a mistake leaves of them, which
    many may share; the others only their best.

    A round is for one request. The next one is needed only where too few were found: words that are looked
    for whole, as names and their beginnings are kept, are found in a third of the time that unfinished ones
    take. Meilisearch joins neighbours itself, but not where they are looked for whole. Short words have no
    next round: all their beginnings are kept.
    """
    readings = [reading for reading in query if not reading.is_joined]
    if all(map(_is_as_typed, readings)) and any(map(is_of_names, readings)):
        first = [_whole(reading) if is_of_names(reading) else searches(reading) for reading in readings]
        first.append(_whole_name(reading) for reading in query if reading.is_joined)
        first += [_nicknamed(reading) for reading in readings if is_of_names(reading)]
        yield _limited(chain.from_iterable(first), limit)
        words = chain.from_iterable(reading.words for reading in readings if is_of_names(reading))
        if all(map(is_short, words)) and not any(map(is_another_form, readings)):
            return
    elif _has_one_number(readings):
        yield _limited(_numbered(readings), limit)
    yield _limited(chain.from_iterable(map(searches, readings)), limit)


def _limited(wanted: Iterable[Search], limit: int) -> dict[Search, int]:
    first, *others = list(dict.fromkeys(wanted))[:_MOST_SEARCHES]
    return {first: limit} | {search: limit if _wants_all(search) else min(limit, _BEST) for search in others}


def _wants_all(search: Search) -> bool:
    """Whether whoever is wanted may be any of those whom it finds: the first in an order, or of the few, and
    now and then many, who have what a mistake leaves of a code."""
    return bool(search.sort) or is_for_few(search)


def is_for_few(search: Search) -> bool:
    """Whether it is for what a mistake leaves of a code: seldom many have that."""
    return search.fields == CODES or PIECES in search.fields


def _is_as_typed(reading: Reading) -> bool:
    """Whether every word must be there, to be found as it was typed."""
    typos = (clause.typos for word in reading.words for clause in word.clauses)
    return reading.required == len(reading.words) and not any(typos)


def is_of_names(reading: Reading) -> bool:
    """Whether these are words such as names are made of."""
    return all(word.letters for word in reading.words)


def is_another_form(reading: Reading) -> bool:
    """Whether it is one word, which another name is called by too: only the next round looks for that."""
    return len(reading.words) == 1 and any(with_another(reading, 0, KeyField.NAMES))


def is_short(word: WantedWord) -> bool:
    """Whether whatever begins with the word is kept with that beginning, in names and in addresses."""
    return len(word.text) <= LONGEST_PLACE_BEGINNING


def _has_one_number(readings: list[Reading]) -> bool:
    """Whether the term is a phone, `12 34 56 78`, or words with one number behind them, `hansen 5678`. One
    that begins with a zero is kept in several writings, and so may have more than one owner; one digit is
    often but the first of a house."""
    first, *others = readings
    *words, last = first.words
    if not last.text.isdigit() or last.text[0] == "0" or not all(map(_is_as_typed, readings)):
        return False
    if not words:
        return len(last.text) > LONGEST_ENDING and all(len(other.words) > 1 for other in others)
    return (
        len(last.text) > 1
        and all(word.letters for word in words)
        and all(len(other.words) == 1 for other in others)
    )


def _numbered(readings: list[Reading]) -> Iterator[Search]:
    """The words whole and their number whole or begun, or all of it as one code. Of those in a street whoever
    lives at just that number comes first."""
    first, *others = readings
    *words, last = first.words
    is_house = len(last.text) <= LONGEST_HOUSE
    if is_house:
        yield Search(quoted(word.text for word in first.words), fields_of(first), "all")
    typed = " ".join([*(quoted_one(word.text) for word in words), last.text])
    yield Search(typed, fields_of(first), "all", comes_last=is_house)
    if words:
        yield from with_identifier_ending(first, len(words))
    for code in (other.words[0] for other in others if len(other.words) == 1):
        yield Search(quoted_one(code.text), SPELLED, "all")
    yield from _nicknamed(first)


def _whole(reading: Reading) -> Iterator[Search]:
    """Names as they are typed, or their first letters, of which `zæ` has two writings."""
    yield names_search(word.text for word in reading.words)
    yield from _with_another(reading, KeyField.STARTS, sort=NAME_ORDER)


def _whole_name(reading: Reading) -> Search:
    """A name with a space too many, `han sen`, or neighbours as one."""
    fields = dict.fromkeys(clause.field.value for word in reading.words for clause in word.clauses)
    return Search(quoted(word.text for word in reading.words), tuple(fields), "all")


def _nicknamed(reading: Reading) -> Iterator[Search]:
    """Several names, one of them in another form."""
    if len(reading.words) > 1:
        yield from _with_another(reading, KeyField.NAMES, comes_last=True)


def _with_another(
    reading: Reading, among: KeyField, *, comes_last: bool = False, sort: tuple[str, ...] = ()
) -> Iterator[Search]:
    """The words, but for one of them another token of that field, whole."""
    for at in range(len(reading.words)):
        yield from with_another(reading, at, among, comes_last=comes_last, sort=sort)
