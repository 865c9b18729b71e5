"""Where a customer is: its country's code, or what the name of its country says."""

import re
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global
from phonenumbers import SUPPORTED_REGIONS

from customers.customer import Customer
from customers.folding import words

# The languages in which the names of countries are known: those that are spoken in the shops around, and in
# the countries that their customers are from.
_LANGUAGES = (
    "da", "sv", "nb", "nn", "fi", "is", "fo", "de", "nl", "en", "fr", "es", "it", "pl", "cs", "pt", "et",
    "lv", "lt", "sk", "sl", "hu", "ro", "hr", "bg", "el", "ru", "uk", "tr",
)  # fmt: skip
# What people call countries beside that, and the code that they write for one.
_ALSO = {
    "england": "GB", "great britain": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "czech republic": "CZ", "eire": "IE", "the netherlands": "NL", "turkey": "TR", "el": "GR",
    "united states of america": "US",
}  # fmt: skip
_LONGEST_CODE = 3
_IN_BRACKETS = re.compile(r"\(.*?\)")


def region_of(customer: Customer) -> str:
    """ISO 3166-1 alpha-2 in upper case; nothing where the customer names no country that is known."""
    return _region(customer.country_code) or _region(customer.country)


@lru_cache(maxsize=1024)
def _region(text: str | None) -> str:
    """That of a code, also one of three letters or digits, or of a name: `Danmark (DK)`."""
    if text is None:
        return ""
    code = text.strip().upper()
    if code in SUPPORTED_REGIONS:  # as nearly all are: no names need to be loaded
        return code
    if len(code) <= _LONGEST_CODE:
        return _regions().get(code.lower(), "")
    return _regions().get(" ".join(words(_IN_BRACKETS.sub(" ", text))), "")


@cache
def _regions() -> dict[str, str]:
    """By their names, folded, in each language, and by their codes, in lower case."""
    aliases = get_global("territory_aliases").items()
    found = {code.lower(): new[0] for code, new in aliases if len(new) == 1 and new[0] in SUPPORTED_REGIONS}
    for language in _LANGUAGES:
        for region, name in Locale.parse(language).territories.items():
            if region in SUPPORTED_REGIONS:
                found |= {" ".join(words(name)): region, region.lower(): region}
    return found | _ALSO
