"""Where a customer is: its country's code, or what the name of its country says."""

from functools import cache, lru_cache

from babel import Locale

from customers.customer import Customer
from customers.folding import words

# The languages in which the names of countries are known: those that are spoken in the shops around.
_LANGUAGES = (
    "da", "sv", "nb", "nn", "fi", "is", "fo", "de", "nl", "en",
    "fr", "es", "it", "pl", "cs", "pt", "et", "lv", "lt",
)  # fmt: skip
# What people call countries beside that.
_ALSO = {
    "england": "GB", "great britain": "GB", "scotland": "GB", "uk": "GB", "wales": "GB",
    "the netherlands": "NL",
}  # fmt: skip


def region_of(customer: Customer) -> str:
    """ISO 3166-1 alpha-2 in upper case; nothing where the customer names no country that is known."""
    return _region(customer.country_code, customer.country)


@lru_cache(maxsize=1024)
def _region(code: str | None, name: str | None) -> str:
    if code and len(code) == 2:
        return code.upper()
    return _regions_by_name().get(" ".join(words(name)), "") if name else ""


@cache
def _regions_by_name() -> dict[str, str]:
    """By their names, folded, in each language, and by their codes."""
    regions = dict(_ALSO)
    for language in _LANGUAGES:
        for region, name in Locale.parse(language).territories.items():
            if len(region) == 2 and region.isalpha():
                regions |= {" ".join(words(name)): region, region.lower(): region}
    return regions
