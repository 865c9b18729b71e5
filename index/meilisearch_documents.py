"""Documents as Meilisearch keeps them: a customer's, and the marker that says which generation an index
is."""

from collections.abc import Iterable
from functools import lru_cache, partial
from itertools import chain
from typing import Any

import orjson

from customers.document import Document
from customers.keys import LONGEST_START, SearchKeys
from index.meilisearch_ids import RESERVED, document_id
from index.meilisearch_pieces import pieces

ID = "lookup_id"
GENERATION = "generation"
KEYS = "keys"
CREATED_AT = "created_at"
BODY = "body"
DIGEST = "digest"
# Longer beginnings of the words of the name than KeyField.STARTS has. Meilisearch takes only the last word
# of a search for unfinished; with these, `krist han` finds Kristian Hansen, and without looking for typos.
BEGINNINGS = "beginnings"
# Those of the words of the address. Of words that begin alike Meilisearch takes the first thousand, of all
# fields and by the alphabet: behind the emails and joined names from `karaaberg` on there is no Karlskoga.
PLACE_BEGINNINGS = "place_beginnings"
# What a mistake leaves whole of a code.
PIECES = "pieces"
# Who comes first of equals, and before that of those who have a word in their name.
ORDER = "order"
OTHERS_IN_NAME = "others_in_name"

# The marker is a document because a search key can read no other thing about an index. Nothing in it is
# searchable, and it moves with the index when indexes are swapped.
MARKER = f"{RESERVED}generation"

_BEGINNING_SIZES = range(LONGEST_START + 1, 13)
# With more letters so many words no longer begin alike.
LONGEST_PLACE_BEGINNING = 4
_PLACE_BEGINNING_SIZES = range(2, LONGEST_PLACE_BEGINNING + 1)


def to_line(document: Document, generation: str) -> bytes:
    """The document of a customer as one line of NDJSON. Always the same bytes for the same customer:
    Meilisearch recognises an unchanged field by them."""
    keys = document.keys
    content: dict[str, Any] = {
        ID: document_id(document.identifier),
        GENERATION: generation,
        DIGEST: document.digest,
        BODY: document.body,
        BEGINNINGS: _once(map(_of_name, keys.names.split())),
        PLACE_BEGINNINGS: _once(map(_of_place, filter(str.isalpha, keys.places.split()))),
        PIECES: pieces(keys.codes),
        ORDER: document.order,
        OTHERS_IN_NAME: document.others_in_name,
    }
    content.update(zip(SearchKeys._fields, keys, strict=True))
    return _line(content)


def marker_line(generation: str, keys_version: str, created_at: str) -> bytes:
    """The marker of a generation as one line of NDJSON. `created_at` is RFC 3339."""
    return _line({ID: MARKER, GENERATION: generation, KEYS: keys_version, CREATED_AT: created_at})


def _beginnings(sizes: range, word: str) -> tuple[str, ...]:
    """Those of these sizes, where the word is longer."""
    return tuple(word[:size] for size in sizes if size < len(word))


# Remembered, since a table holds the same words over and over.
_of_name = lru_cache(maxsize=100_000)(partial(_beginnings, _BEGINNING_SIZES))
_of_place = lru_cache(maxsize=100_000)(partial(_beginnings, _PLACE_BEGINNING_SIZES))


def _once(beginnings: Iterable[tuple[str, ...]]) -> str:
    return " ".join(dict.fromkeys(chain.from_iterable(beginnings)))


def _line(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
