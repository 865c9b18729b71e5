"""Taking apart what was typed as one: `nygade12` is a street and a house, `J.P.` are two initials.

typed               also read as       because
J.P. Hansen         j p hansen         letters with full stops, alone too
JP Hansen           j p hansen         two capitals where not all is in capitals
jp hansen           j p hansen         two consonants
nygade12            nygade 12          four or more letters, and up to three digits and a letter
hansen5678          hansen 5678        or up to fifteen digits
5678hansen          5678 hansen        four or more digits, and as many letters
Nygade 12b          nygade 12 b        a house number and its letter, beside other words
Nygade 12-14        nygade 12 14       digits with marks between them, beside words
"""

import re

_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_]){1,3}\.?,?")
_TWO_CAPITALS = re.compile("[A-ZÆØÅÄÖÜ]{2}")
_TWO_CONSONANTS = re.compile("[bcdfghjklmnpqrstvwxz]{2}")
_WORD_AND_NUMBER = re.compile(r"([^\W\d_]{4,})(\d{1,3}[^\W\d_]?|\d{4,15})")
_NUMBER_AND_WORD = re.compile(r"(\d{4,15})([^\W\d_]{4,})")
_HOUSE_AND_LETTER = re.compile(r"(\d{1,4})([^\W\d_])")
_MARKS = re.compile(r"[^\w]+")


def initials_apart(text: str, words_that_stay: frozenset[str]) -> list[str] | None:
    """The chunks of `text` with initials as a chunk each; None where there are none. `words_that_stay` are
    company forms: `KS` is no Karen Sofie."""
    typed = text.split()
    if len(typed) < 2 and not _DOTTED.fullmatch(text.strip()):
        return None
    chunks: list[str] = []
    for chunk in typed:
        letters = [letter for letter in chunk if letter.isalpha()]
        is_initials = _are_initials(chunk, text) and "".join(letters).lower() not in words_that_stay
        chunks += letters if is_initials else [chunk]
    return chunks if len(chunks) > len(typed) else None


def _are_initials(chunk: str, text: str) -> bool:
    if _DOTTED.fullmatch(chunk):
        return True
    if _TWO_CAPITALS.fullmatch(chunk) and not text.isupper():
        return True
    return _TWO_CONSONANTS.fullmatch(chunk.lower()) is not None


def numbers_apart(text: str) -> list[list[str]]:
    """The ways to read `text` with numbers, of houses or phones, as chunks of their own; none where it is in
    one way only."""
    chunks = [part for chunk in text.split() for part in _word_and_number(chunk)]
    if len(chunks) < 2 or not any(chunk.isalpha() for chunk in chunks):
        return []
    apart = [part for chunk in chunks for part in _house_and_letter(chunk)]
    return [found for found in (chunks, apart) if found != text.split()]


def _word_and_number(chunk: str) -> list[str]:
    if "@" in chunk:
        return [chunk]
    found = _WORD_AND_NUMBER.fullmatch(chunk) or _NUMBER_AND_WORD.fullmatch(chunk)
    return list(found.groups()) if found else [chunk]


def _house_and_letter(chunk: str) -> list[str]:
    if "@" in chunk or not any(letter.isdigit() for letter in chunk):
        return [chunk]
    found = _HOUSE_AND_LETTER.fullmatch(chunk)
    return list(found.groups()) if found else [part for part in _MARKS.split(chunk) if part]
