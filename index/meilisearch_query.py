"""index.query said in Meilisearch's words: a few searches that go in one request.

Meilisearch has no way to say "this word here or that word there": a search is words, and all of them are
looked for in the same fields. So every reading of a term becomes one search for its words as typed, and one
more for each other form of a word: an international phone number, say, or how the words sound.
"""

from collections.abc import Iterator
from typing import Any

from customers.keys import KeyField
from index.meilisearch_documents import BEGINNINGS, BODY, GENERATION, ID
from index.query import Match, Query, Reading, WantedWord

# Starts and beginnings stand for the unfinished words that are not the last one.
_SPELLED = (
    KeyField.CODES.value,
    KeyField.NAMES.value,
    KeyField.STARTS.value,
    BEGINNINGS,
    KeyField.JOINED.value,
    KeyField.PLACES.value,
)
_WITH_ENDINGS = (*_SPELLED, KeyField.ENDINGS.value)

# Each is a millisecond on the server; later ones only repeat earlier ones in rarer forms.
_MOST_SEARCHES = 16
# Nobody types more digits to say the end of a number.
_LONGEST_ENDING = 6
# Every candidate has to be ranked, which takes about as long as finding it.
_BEST = 20


def searches(query: Query, limit: int) -> list[dict[str, Any]]:
    """The searches whose answers together are the candidates, the likeliest first; without `indexUid`. That
    one gives up to `limit`, the others only their best."""
    wanted = dict.fromkeys(search for reading in query for search in _reading(reading))
    return [
        _search(*search, limit if at == 0 else min(limit, _BEST))
        for at, search in enumerate(list(wanted)[:_MOST_SEARCHES])
    ]


# The words, the fields, and which words may be missing (Meilisearch's matchingStrategy).
_Wanted = tuple[str, tuple[str, ...], str]


def _search(words: str, fields: tuple[str, ...], strategy: str, limit: int) -> dict[str, Any]:
    return {
        "q": words,
        "attributesToSearchOn": list(fields),
        "matchingStrategy": strategy,
        "attributesToRetrieve": [ID, GENERATION, BODY],
        "limit": limit,
    }


def _reading(reading: Reading) -> Iterator[_Wanted]:
    """The searches for one reading. `frequency` drops the words that fewest customers miss: useless ones
    first."""
    strategy = "all" if reading.required == len(reading.words) else "frequency"
    words = [_typed(word, strategy) for word in reading.words]
    fields = _WITH_ENDINGS if any(_has(word, KeyField.ENDINGS) for word in reading.words) else _SPELLED
    yield " ".join(words), fields, strategy
    if len(words) == 1 and fields is _WITH_ENDINGS and len(words[0]) <= _LONGEST_ENDING:
        # Among all customers there are more numbers that begin so than are looked at.
        yield f'"{words[0]}"', (KeyField.ENDINGS.value,), strategy
    if strategy == "frequency" and len(words) == 2:
        # A useless word may be a typing error away from somebody's, and the rarer of the two stays.
        yield from ((typed, fields, strategy) for typed in words)
    for at, word in enumerate(reading.words):
        for form in _other_forms(word):
            yield " ".join([*words[:at], form, *words[at + 1 :]]), fields, strategy
    sounds = [_sound(word) for word in reading.words]
    if any(sounds):
        spoken = [sound or word for sound, word in zip(sounds, words, strict=True)]
        yield " ".join(spoken), (*fields, KeyField.SOUNDS.value), strategy


def _typed(word: WantedWord, strategy: str) -> str:
    """The word; in quotation marks, which Meilisearch neither extends nor corrects, where it must be whole.
    But a quoted word is never dropped."""
    whole = all(clause.match is Match.EXACT for clause in word.clauses)
    return f'"{word.text}"' if whole and strategy == "all" else word.text


def _has(word: WantedWord, field: KeyField) -> bool:
    return any(clause.field is field for clause in word.clauses)


def _other_forms(word: WantedWord) -> list[str]:
    """What else the word may be written as in the index: its code, its phone numbers, another form of a name.
    A code in which something may be wrong is also tried without the zeros that people abroad dial first."""
    spoken = {clause.token for clause in word.clauses if clause.field is KeyField.SOUNDS}
    forms = _mended(word)
    forms += [clause.token for clause in word.clauses if clause.match is Match.EXACT]
    forms += [
        clause.token.lstrip("0") for clause in word.clauses if clause.field is KeyField.CODES and clause.typos
    ]
    return [form for form in dict.fromkeys(forms) if form and form != word.text and form not in spoken]


def _mended(word: WantedWord) -> list[str]:
    """Forms for the mistakes that Meilisearch does not forgive: the first two letters swapped; a mistake in a
    number; a mistake in an email or another code, the beginning of which is most often right."""
    forms = []
    for clause in word.clauses:
        token = clause.token
        if clause.field is KeyField.NAMES and clause.typos and len(token) > 2:
            forms.append(token[1] + token[0] + token[2:])
        elif clause.field is KeyField.CODES and clause.typos and token.isdigit():
            forms += _mended_number(token)
        elif clause.field is KeyField.CODES and clause.typos:
            forms += [token[:8], token[:4]]
    return forms


def _mended_number(number: str) -> list[str]:
    """What is left of a number around one wrong digit, or two swapped ones: `12345678` as `345678`, `45678`
    or `5678`, as `12345` or `1234`; and with the two in its middle swapped, which leave neither half as it
    is. The longer pieces come first: of a million customers a hundred end in the same four digits."""
    half = len(number) // 2
    swapped = number[: half - 1] + number[half] + number[half - 1] + number[half + 1 :]
    return [number[2:], number[half - 1 :], number[half:], number[: half + 1], number[:half], swapped]


def _sound(word: WantedWord) -> str:
    return next((clause.token for clause in word.clauses if clause.field is KeyField.SOUNDS), "")
