"""SearchSettings: what the merchant may say about how customers are found."""

from dataclasses import dataclass

# What may be left out of finding; a customer still shows it.
FIELDS_TO_LEAVE_OUT = (
    "additional_info",
    "city",
    "country",
    "email",
    "organization_number",
    "phone",
    "postal_code",
    "street",
)

# Endings of companies' names in the countries around; punctuation and capitals do not matter.
COMPANY_FORMS = (
    "a/s", "ab", "ag", "aps", "as", "asa", "bv", "e.k.", "gbr", "gmbh", "hb", "i/s", "ivs",
    "k/s", "kb", "kg", "limited", "llp", "ltd", "nv", "ohg", "oy", "oyj", "p/s", "plc", "ug", "vof",
)  # fmt: skip

# Titles, and what a till calls a customer: typed beside a name they say nothing.
USELESS_WORDS = (
    "customer", "kunde", "kund", "klant", "herr", "herre", "hr", "frau", "fru", "frk", "mr", "mrs",
    "ms", "miss", "dr", "dhr", "mevr", "mw", "konto", "account", "kvittering", "receipt",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """`default_region` (ISO 3166-1 alpha-2, upper case) is how to read a phone number without a country
    code. `synonyms` are groups of words that mean the same, beside the nicknames that everybody knows;
    `leave_out` are fields (FIELDS_TO_LEAVE_OUT) by which nobody is found; in words of fewer than
    `fuzzy_from` letters no typing error is forgiven; `company_forms` count for nothing where they are
    missing or others, and `useless_words` beside other words."""

    default_region: str = "DK"
    synonyms: tuple[tuple[str, ...], ...] = ()
    leave_out: tuple[str, ...] = ()
    fuzzy_from: int = 3
    company_forms: tuple[str, ...] = COMPANY_FORMS
    useless_words: tuple[str, ...] = USELESS_WORDS
