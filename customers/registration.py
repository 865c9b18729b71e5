"""Registration numbers: the digits that are left without the country and the kind of tax.

what is written       its number    because
DK12345678            12345678      a country, and seven or more digits
NO987654321MVA        987654321     Norway: liable to VAT; with or without the country
CHE123456789MWST      123456789     Switzerland: MWST, TVA or IVA, with or without the country
NL123456789B01        123456789     the Netherlands: which part of the company; with or without the country
SE556677889901        5566778899    Sweden: the same
ATU12345678           12345678      Austria
"""

import re

_REGISTRATION = re.compile(
    r"(?:no)?([0-9]{9})mva|(?:che)?([0-9]{9})(?:mwst|tva|iva)|che([0-9]{9})|(?:nl)?([0-9]{9})b[0-9]{2}"
    r"|se([0-9]{10})01|atu([0-9]{8})|[a-z]{2}([0-9]{7,})"
)


def registration_number(code: str) -> str | None:
    """The number in the letters and digits of a registration number; None where they cannot be one, or have
    nothing but the number."""
    found = _REGISTRATION.fullmatch(code)
    return found[found.lastindex] if found and found.lastindex else None
