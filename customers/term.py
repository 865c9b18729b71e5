"""What a search term means: the cashier's characters as words, each with what it could be.

what was typed            kind                   because
C-10023                   identifier             one word of letters and digits
12                        identifier             or of digits, of which a phone has more
+45 12 34 56 78           phone                  digits and the punctuation of phones, four or more
5678                      phone                  the last ones, perhaps
john.smith@example.dk     email                  an @
DK12345678                organization_number    what customers/registration.py knows
987654321MVA              organization_number    without its country too
lars hansen               name                   letters only
lars.hansen               name                   though they may be an email's
Nygade 12, 8000 Aarhus    address                letters, then a number that is not four last digits
hansen 5678               mixed                  anything else
8000 Aarhus               mixed                  the same
...                       empty                  no letter and no digit: at most an identifier, exactly

The kind of a term is what log and metrics call it. What is asked of an engine follows from the kinds of its
words, and from the ways to read them: see index/clauses.py and index/stages.py.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from customers.apart import initials_apart, numbers_apart
from customers.common_words import company_forms, useless_words
from customers.folding import LONGEST_TOKEN, digits, folded_words, pairs, skeleton, squeezed
from customers.phone import LONGEST, SHORTEST
from customers.registration import registration_number
from customers.settings import SearchSettings

# More words than anyone types at a till; each costs the engine time.
MOST_WORDS = 10
LONGEST_TERM = 256


class TermKind(StrEnum):
    """What a whole term looks like."""

    EMPTY = "empty"
    IDENTIFIER = "identifier"
    PHONE = "phone"
    EMAIL = "email"
    ORGANIZATION_NUMBER = "organization_number"
    NAME = "name"
    ADDRESS = "address"
    MIXED = "mixed"


class WordKind(StrEnum):
    """What one word of a term can be. Any of them may still be a name or part of an address."""

    WORD = "word"  # letters: hansen
    NUMBER = "number"  # digits and a phone's punctuation: 12345678
    CODE = "code"  # letters and digits: c10023, 12b
    EMAIL = "email"  # with an @, or with the marks of one: lars.hansen


@dataclass(frozen=True, slots=True, repr=False)
class Word:
    """One word of a term. `text` is its skeleton, to be held against words; `code` is all its letters and
    digits as plain ones, to be held against identifiers and the like. `is_ascii`: it was typed in plain
    letters, as company forms are: Åsa is no ASA. `begins` is the letter pair with which it begins, however
    it is written: `aa` of Åsa."""

    text: str
    code: str
    kind: WordKind = WordKind.WORD
    is_ascii: bool = True
    begins: str = ""

    @property
    def pair(self) -> str:
        """That of a single letter, `å` or `aa`, of which `text` has too little left: it begins Aarhus, and no
        Ans."""
        return self.begins if len(self.text) == 1 else ""

    def is_company_form(self, settings: SearchSettings) -> bool:
        """Whether it is one, of those that count for nothing."""
        return self.is_ascii and self.code in company_forms(settings)

    def is_folded_to_form(self, settings: SearchSettings) -> bool:
        """Whether it is none, though nothing tells them apart once they are folded: `ås` and `aas`, `åb`."""
        return self.text in company_forms(settings) and not self.is_company_form(settings)


@dataclass(frozen=True, slots=True, repr=False)
class Term:
    """An understood term. `text` is personal: it is never logged, nor are the words; `kind` and `length` (in
    characters) may be. `readings` are the ways to read it, the likeliest first: `12 34 56 78 hansen` is five
    words, or a number and a name. A term of kind empty has none. `joined` are readings with two neighbouring
    words as one, for a space too many: `han sen`; or with one as two or more (customers/apart.py). `parts`
    are what is left of an email if something in it is mistyped: its domain with the names in it, or with its
    beginning. `elsewhere` is its first part alone: the customer may have another provider on file."""

    text: str
    kind: TermKind
    length: int
    readings: tuple[tuple[Word, ...], ...]
    joined: tuple[tuple[Word, ...], ...] = ()
    parts: tuple[tuple[Word, ...], ...] = ()
    elsewhere: tuple[tuple[Word, ...], ...] = ()
    settings: SearchSettings = field(default_factory=SearchSettings)


def understand(text: str, settings: SearchSettings) -> Term:
    """What `text` means. Any text is harmless: what is neither letter nor digit only separates words."""
    typed = text[:LONGEST_TERM].encode("utf-8", "replace").decode()
    bare = _SYNTAX.sub(" ", typed)
    readings = _readings(bare if squeezed(bare) else typed)
    readings = tuple(dict.fromkeys((*_without_useless_words(readings, settings), *readings)))
    otherwise = dict.fromkeys((*_apart(typed, settings), *_joined_readings(readings)))
    joined = tuple(reading for reading in otherwise if reading not in readings)
    parts, elsewhere = _parts_of_email(typed), _elsewhere(typed)
    return Term(typed, _kind(typed), len(text), readings, joined, parts, elsewhere, settings)


# What neither names, numbers nor emails are written with only separates words; with what belongs to it where
# it is a tag or asks for likeness: `<b>lars hansen</b>`, `hansen~2`. Alone it may be somebody's: `~2`.
_SYNTAX = re.compile(r"""</?\w{1,2}>|[~^]\d\b|[~*"^?:;!{}\[\]<>|&$%#=\\]""")
# Shorter ones many people have.
_SHORTEST_FIRST_PART = 5
_DIGITS = re.compile(r"\d+")
_PHONE = re.compile(r"[\s\d()+./-]+")
_COUNTRY_APART = re.compile(r"(\+\d{1,3})\s+(?=\(?\d)")
_HOUSE_OR_POSTAL_CODE = re.compile(r"[^\W\d_]{3,}.*\s\d{1,5}[A-Za-z]?\b")


def _kind(text: str) -> TermKind:
    """The first rule that fits, in the order in which a mistake costs least."""
    text = text.strip()
    code = squeezed(text)
    if not code:
        return TermKind.EMPTY
    if "@" in text:
        return TermKind.EMAIL
    if _PHONE.fullmatch(text) and len(digits(text)) >= SHORTEST:
        return TermKind.PHONE
    if registration_number(code):
        return TermKind.ORGANIZATION_NUMBER
    if not digits(text):
        return TermKind.NAME
    return _kind_with_digits(text)


def _kind_with_digits(text: str) -> TermKind:
    if len(text.split()) == 1:
        return TermKind.IDENTIFIER
    last = text.rsplit(maxsplit=1)[-1]
    if _HOUSE_OR_POSTAL_CODE.match(text) and not (
        last.isdigit() and len(last) >= SHORTEST and len(text.split()) == 2
    ):
        return TermKind.ADDRESS
    return TermKind.MIXED


def _readings(text: str) -> tuple[tuple[Word, ...], ...]:
    """Each different way to read `text`: its words with neighbouring numbers put together, its words as they
    are, and all of it as one identifier or as part of an email (`lars.hansen`)."""
    # `+46` is the beginning of a phone, and no house.
    text = _COUNTRY_APART.sub(r"\1", text)
    separate = _words(text.split())
    joined = _words(_with_numbers_joined(text))
    readings = [reading for reading in (joined, separate) if reading]
    if len(separate) > 1 and digits(text):
        readings.append((_word_of_code(squeezed(text), text),))
    elif len(separate) > 1 and len(text.split()) == 1:
        readings.append((Word(skeleton(squeezed(text)), squeezed(text), WordKind.EMAIL),))
    return tuple(dict.fromkeys(readings))


def _without_useless_words(
    readings: tuple[tuple[Word, ...], ...], settings: SearchSettings
) -> tuple[tuple[Word, ...], ...]:
    """`frau koch` is a koch, but may be somebody who is called Frau: the reading comes beside the others."""
    useless = useless_words(settings)
    left = [tuple(word for word in reading if word.text not in useless) for reading in readings[:1]]
    return tuple(reading for reading in left if reading)


def _joined_readings(readings: tuple[tuple[Word, ...], ...]) -> tuple[tuple[Word, ...], ...]:
    """The first reading with each two neighbours written as one: `han sen` is a hansen. But `ida a` is none
    without the `a`, of which folding leaves nothing."""
    first = readings[0] if readings else ()
    joined = []
    for at, (one, other) in enumerate(pairwise(first)):
        code = (one.code + other.code)[:LONGEST_TOKEN]
        both = _word_of_code(code, code)
        if both.text not in (one.text, other.text):
            joined.append((*first[:at], both, *first[at + 2 :]))
    return tuple(joined)


def _apart(text: str, settings: SearchSettings) -> list[tuple[Word, ...]]:
    """The readings with what was typed as one taken apart."""
    ways = numbers_apart(_SYNTAX.sub(" ", text))
    if initials := initials_apart(text, company_forms(settings)):
        ways.append(initials)
    return [_words(chunks) for chunks in ways]


def _parts_of_email(text: str) -> tuple[tuple[Word, ...], ...]:
    """`laueen.williams7@gmail.com` as `gmailcom laueen williams`, and as `gmailcom laue`."""
    local, _, domain = text.strip().partition("@")
    if not squeezed(domain) or len(text.split()) != 1:
        return ()
    provider = _word_of_code(squeezed(domain), domain)
    beginning = squeezed(local)[:4]
    names = [name for name in _words(_DIGITS.sub(" ", local).split()) if len(name.text) > 1]
    parts = [(provider, *names)] if names else []
    if len(beginning) == 4:
        parts.append((provider, _word_of_code(beginning, beginning)))
    return tuple(dict.fromkeys(parts))


def _elsewhere(text: str) -> tuple[tuple[Word, ...], ...]:
    """`annaberg` of `anna.berg+shop@gmail.com`. Letters alone are everybody's mailbox: `kontakt@`."""
    local, at, _ = text.strip().partition("@")
    own = local.partition("+")[0]
    code = squeezed(own)
    if not at or own.isalpha() or len(code) < _SHORTEST_FIRST_PART or len(text.split()) != 1:
        return ()
    return ((Word(skeleton(code), code, WordKind.EMAIL),),)


def _with_numbers_joined(text: str) -> list[str]:
    """Neighbouring chunks of digits as one where they can be one phone number: `12 34 56 78` ->
    `12345678`."""
    chunks: list[str] = []
    for chunk in text.split():
        if (
            chunks
            and _is_number(chunk)
            and _is_number(chunks[-1])
            and len(digits(chunks[-1] + chunk)) <= LONGEST
        ):
            chunks[-1] += chunk
        else:
            chunks.append(chunk)
    return chunks


def _is_number(chunk: str) -> bool:
    return _PHONE.fullmatch(chunk) is not None and bool(digits(chunk))


def _words(chunks: list[str]) -> tuple[Word, ...]:
    """No word more than twice: `hansen hansen` is a name."""
    times: Counter[Word] = Counter()
    found = []
    for word in (word for chunk in chunks for word in _words_of(chunk)):
        times[word] += 1
        if times[word] <= 2:
            found.append(word)
    return tuple(found[:MOST_WORDS])


def _words_of(chunk: str) -> list[Word]:
    """`Anne-Marie` is two words; an email or anything with a digit is one, with its punctuation left out."""
    code = squeezed(chunk)
    if not code:
        return []
    if "@" in chunk or digits(code):
        return [_word_of_code(code, chunk)]
    both = zip(folded_words(chunk), pairs(chunk), strict=True)
    return [Word(folded, plain, is_ascii=chunk.isascii(), begins=pair) for (folded, plain), pair in both]


def _word_of_code(code: str, typed: str) -> Word:
    """The word whose letters and digits are `code`, typed as `typed`."""
    if code.isascii() and code.isdigit():
        return Word(code, code, WordKind.NUMBER)
    if "@" in typed:
        return Word(skeleton(code), code, WordKind.EMAIL)
    return Word(skeleton(code), code, WordKind.CODE if digits(code) else WordKind.WORD)
