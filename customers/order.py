"""Order: who comes first of those who answer a term equally well.

Numbers, so that an engine can keep them, and hand over the first of more customers than anybody can look at.
"""

from collections.abc import Sequence
from zlib import crc32

from customers.common_words import company_forms
from customers.country import region_of
from customers.customer import Customer
from customers.folding import digits
from customers.settings import SearchSettings

# As many as JSON's numbers keep in every program: the seconds since 1970 until 2106 above a place among those
# of one second.
ORDER_BITS = 53
_SECONDS = 2**32
_PLACES = 2**20
# Identifiers of more digits than these are not told apart by them.
_DIGITS = 6
# More other words than these make a customer no less likely (customers/reading.py).
MOST_OTHERS = 4
# Not the merchant's own: to change those asks for no reindex.
_COMPANY_FORMS = company_forms(SearchSettings())


def order_number(customer: Customer, settings: SearchSettings) -> int:
    """The higher, the earlier: those of the shop's country, then the recently changed, then by the number in
    the identifier, the lower one first, unless it is long: then in an order that is always the same."""
    region, changed = region_of(customer), customer.updated_at
    is_near = region in ("", settings.default_region)
    seconds = int(changed.timestamp()) if changed else 0
    recent = is_near * _SECONDS + min(max(seconds, 0), _SECONDS - 1)
    return recent * _PLACES + _PLACES - 1 - _place(customer.identifier)


def _place(identifier: str) -> int:
    number = digits(identifier)
    if 0 < len(number) <= _DIGITS:
        return int(number)
    return crc32(identifier.encode("utf-8", "surrogatepass")) % _PLACES


def others_in_name(words: Sequence[tuple[str, str]]) -> int:
    """How much of a name is left where one of its words is typed; those with less come first: 0 where nothing
    is, 1 where only company forms are, then one more than there are other words. `words` are in plain
    letters, each with how it is written: Åsa is no ASA."""
    if len(words) < 2:
        return 0
    forms = sum(written.isascii() and word in _COMPANY_FORMS for word, written in words)
    return min(max(len(words) - forms, 1), MOST_OTHERS + 1)
