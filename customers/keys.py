"""Search keys: what a customer can be found by, as tokens that an engine keeps and compares whole.

field     made of                for example             tokens
names     name                   Anne-Marie O'Brien      anne marie obrien
names     identifier             INFO                    info
starts    name                   Åse Boe                 a as ase aa b bo boe
joined    name                   Ida van Dam             idavan vandam idavandam
sounds    name                   Christina Meyer         krastana mar
places    street                 Ørsted Allé 12-14       orsted alle 12 14 1214 oe
places    postal_code            SW1A 1AA                sw1a 1a sw1a1a
places    city                   Aarhus C                arhus c aa
places    country                Danmark                 danmark
places    additional_info        Rabat AB-12             rabat ab 12 ab12
codes     identifier             K-00145                 k00145 00145 145 k145
codes     phone                  +45 12 34 56 78         12345678 4512345678
codes     email                  ida.dam+shop@x.dk       idadamshopxdk idadamshop xdk idadamxdk idadam
codes     organization_number    DK12345678              dk12345678 12345678
endings   phone                  12345678                5678 45678 345678 2345678
endings   identifier             K-0001234               i1234 i01234 i001234

Documents and terms are folded by the same functions, so a key that is typed is a key that is stored. Every
token is made of letters and digits only: no engine has to be told about separators, and no syntax gets
through.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from customers.codes import code_keys, email_keys, identifier_ending, number_endings, registration_keys
from customers.country import region_of
from customers.customer import Customer
from customers.folding import (
    LONGEST_TOKEN,
    digits,
    folded_words,
    may_have_pairs,
    pairs,
    skeleton,
    squeezed,
    words,
)
from customers.phone import phone_numbers
from customers.settings import SearchSettings
from customers.sound import sound

# Raise it whenever a key function below gives another answer, or an engine's fields or settings change: an
# index built before asks for a reindex.
KEYS_VERSION = "12"

# Longer beginnings are few enough to be looked up among the words themselves.
LONGEST_START = 3


class KeyField(StrEnum):
    """The kinds of keys, each a field of the engine's documents."""

    NAMES = "names"  # words of the name, and an identifier that is a word
    PLACES = "places"  # words of the address and of the additional information, and `aa` of Aarhus and Århus
    CODES = "codes"  # identifier, phone, email, registration number: whole
    ENDINGS = "endings"  # the last four or more digits of phones, and of the identifier, marked as such
    JOINED = "joined"  # neighbouring words of the name, and all of them, written as one
    STARTS = "starts"  # the first one, two and three letters of the words of the name, and `aa` of Åse
    SOUNDS = "sounds"  # how the words of the name sound


class SearchKeys(NamedTuple):
    """The tokens of one customer, a space between them, for each KeyField of the same name."""

    names: str
    places: str
    codes: str
    endings: str
    joined: str
    starts: str
    sounds: str


@lru_cache(maxsize=16)
def keys_version(settings: SearchSettings) -> str:
    """The version of the keys that `settings` make: an index with another one needs a reindex. What only
    shapes the questions (synonyms, typing errors, company forms) is no part of it."""
    shaping = (settings.default_region, sorted(settings.leave_out))
    shape = hashlib.blake2b(repr(shaping).encode(), digest_size=4).hexdigest()
    return f"{KEYS_VERSION}-{shape}"


def search_keys(customer: Customer, settings: SearchSettings) -> SearchKeys:
    """All the keys by which `customer` can be found."""
    region = phone_region(customer, settings)
    customer = findable(customer, settings)
    names: list[str] = []
    beginnings: list[str] = []
    sounds: list[str] = []
    for chunk in customer.name.split() if customer.name else ():
        words_of_chunk, beginnings_of_chunk, sounds_of_chunk = _name_keys(chunk)
        names += words_of_chunk
        beginnings += beginnings_of_chunk
        sounds += sounds_of_chunk
    joined = _joined(names)
    codes = code_keys(customer.identifier)
    endings: list[str] = []
    number = codes[1]
    if codes[0].isalpha():  # `INFO`: as a code it is one of everybody's emails
        names.append(skeleton(codes[0]))
    if customer.organization_number:
        codes += registration_keys(customer.organization_number)
    if customer.email:
        codes += email_keys(customer.email)
    if customer.phone:
        for phone in phone_numbers(customer.phone, region):
            codes += phone
            endings += number_endings(phone[0])
    endings += map(identifier_ending, number_endings(number))
    places = place_words(customer)
    places += [pair for text in filter(may_have_pairs, _address(customer)) for pair in pairs(text)]
    return SearchKeys(  # in the order of its fields: by their names it takes twice as long
        _tokens(names),
        _tokens(places),
        _tokens(codes),
        _tokens(endings),
        joined,
        _tokens(beginnings),
        _tokens(sounds),
    )


def name_words(customer: Customer) -> list[tuple[str, str]]:
    """The words of the name in plain letters, each with the part of the name that it is of."""
    return [(name, chunk) for chunk in (customer.name or "").split() for _, name in folded_words(chunk)]


@lru_cache(maxsize=16_384)
def _name_keys(chunk: str) -> tuple[list[str], list[str], list[str]]:
    """The words of a part of a name, their starts, and their sounds. Remembered, since a table holds the same
    names over and over."""
    folded = folded_words(chunk)
    names = [name for name, _ in folded]
    return (
        names,
        [start for both in folded for name in both for start in starts(name)] + pairs(chunk),
        list(map(sound, names)),
    )


def findable(customer: Customer, settings: SearchSettings) -> Customer:
    """`customer` without what the merchant leaves out of finding."""
    if not settings.leave_out:
        return customer
    left_out: dict[str, Any] = dict.fromkeys(settings.leave_out)
    return replace(customer, **left_out)


def joined_word(names: list[str]) -> str:
    """All of these neighbouring words written as one."""
    return skeleton("".join(names))[:LONGEST_TOKEN]


def joined_words(names: list[str]) -> dict[str, range]:
    """Each two and three neighbouring words written as one, and all of them, each with the places of its
    words: `anne marie juul` -> `annemarie mariejuul annemariejuul`; `van den eijssel` -> `vandeneijssel`.
    Folded like one word: `anna andersen` -> `annandersen`."""
    count = len(names)
    places = [range(at, at + size) for size in (2, 3) for at in range(count - size + 1)]
    if count > 3:
        places.append(range(count))
    joined: dict[str, range] = {}
    for words_of_one in places:
        whole = joined_word(names[words_of_one.start : words_of_one.stop])
        joined.setdefault(whole, words_of_one)  # the fewest words: `Æ A-12` is `a12` as `A-12` is
    return joined


def _joined(names: list[str]) -> str:
    """`joined_words` as tokens, quick for the two words that most names are."""
    if len(names) == 2:
        return joined_word(names)
    return _tokens(joined_words(names)) if len(names) > 2 else ""


def starts(name: str) -> tuple[str, ...]:
    """The shortest beginnings of a word: so many names have each that engines want them ready-made."""
    return tuple(name[:size] for size in range(1, min(len(name), LONGEST_START) + 1))


def phone_region(customer: Customer, settings: SearchSettings) -> str:
    """The region of the customer's phone where it names no country: its own country, else the shop's."""
    return region_of(customer) or settings.default_region


def place_words(customer: Customer) -> list[str]:
    """The words of everything that is said about where the customer is, and of the additional information."""
    area, postal_code = _area_words(customer.postal_code, customer.city, customer.country)
    found = [*words(customer.street), *area] if customer.street else [*area]
    if customer.additional_info:
        found += words(customer.additional_info)
        found += codes_in(customer.additional_info)
    if customer.street:
        found += codes_in(customer.street)
    if postal_code is not None:
        found.append(postal_code)
    return found


def place_pairs(customer: Customer) -> list[str]:
    """The letter pairs with which the words of the address begin, however they are written, in the order of
    `place_words`."""
    return [pair for text in _address(customer) for pair in pairs(text)]


def _address(customer: Customer) -> list[str]:
    texts = (customer.street, customer.postal_code, customer.city, customer.country)
    return [text for text in texts if text]


def codes_in(text: str) -> list[str]:
    """What a text has of codes with marks in them, as one word each, as they are typed: `AB-1234, rabat` ->
    `ab1234`; `Nygade 12-14` -> `1214`."""
    if text.replace(" ", "").isalnum():
        return []
    return [
        skeleton(squeezed(chunk))
        for chunk in text.split()
        if not chunk.isalnum() and digits(chunk) and len(words(chunk)) > 1
    ]


@lru_cache(maxsize=16_384)
def _area_words(
    postal_code: str | None, city: str | None, country: str | None
) -> tuple[list[str], str | None]:
    """The words of these, and the postal code as one word where it is not digits alone. Remembered, since
    many customers live in each."""
    found = [word for text in (postal_code, city, country) if text for word in words(text)]
    return found, skeleton(squeezed(postal_code)) if postal_code and not postal_code.isdigit() else None


def _tokens(keys: Iterable[str]) -> str:
    """Keys as an engine takes them: each once, in order, none empty."""
    once = dict.fromkeys(keys)
    once.pop("", None)
    return " ".join(once)
