"""Order: who comes first of those who answer a term equally well.

A number, so that an engine can keep it, and hand over the first of more customers than anybody can look at.
"""

from zlib import crc32

from customers.customer import Customer
from customers.folding import digits
from customers.settings import SearchSettings

# 53 bits in all, as many as JSON's numbers keep in every program: the seconds since 1970 until 2106 above a
# place among those of one second.
_SECONDS = 2**32
_PLACES = 2**20
# Identifiers of more digits than these are not told apart by them.
_DIGITS = 6


def order_number(customer: Customer, settings: SearchSettings) -> int:
    """The higher, the earlier: those of the shop's country, then the recently changed, then by the number in
    the identifier, the lower one first, unless it is long: then in an order that is always the same."""
    country, changed = customer.country_code, customer.updated_at
    is_near = not country or country.upper() == settings.default_region
    seconds = int(changed.timestamp()) if changed else 0
    recent = is_near * _SECONDS + min(max(seconds, 0), _SECONDS - 1)
    return recent * _PLACES + _PLACES - 1 - _place(customer.identifier)


def _place(identifier: str) -> int:
    number = digits(identifier)
    if 0 < len(number) <= _DIGITS:
        return int(number)
    return crc32(identifier.encode("utf-8", "surrogatepass")) % _PLACES
