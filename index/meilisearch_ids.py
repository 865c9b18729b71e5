"""Document ids: an identifier as Meilisearch can keep it.

Meilisearch takes `[A-Za-z0-9_-]`, at most 511 bytes, as a document's id. Its filters fold case and cut a
value after 468 bytes (`MAX_FACET_VALUE_LENGTH`, read in Meilisearch 1.50's milli crate), and finding one
customer by identifier is a filter; so an id here is lower case and shorter than that.
"""

import re

from customers.document import identifier_key

# No identifier's id starts so: an escape has its code between two single underscores.
RESERVED = "__"

_LONGEST = 400
_TO_ESCAPE = re.compile(r"[^a-z0-9-]")
_ESCAPED = re.compile(r"_([0-9a-f]+)_")


def document_id(identifier: str) -> str:
    """The id under which the customer called `identifier` is kept: another one for every identifier.

    Lower-case letters, digits and hyphens stand for themselves, anything else for its code point in
    hexadecimal between underscores: `C-10/2` -> `_43_-10_2f_2`. What would be too long is replaced by its
    hash.
    """
    encoded = _TO_ESCAPE.sub(lambda letter: f"_{ord(letter[0]):x}_", identifier)
    if not encoded:
        return RESERVED
    return encoded if len(encoded) <= _LONGEST else f"{RESERVED}{identifier_key(identifier)}"


def identifier_of(encoded: str) -> str | None:
    """The identifier whose id this is; None where the id is only a hash of it."""
    if encoded == RESERVED:
        return ""
    if encoded.startswith(RESERVED):
        return None
    return _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), encoded)
