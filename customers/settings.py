"""SearchSettings: what the merchant may say about how customers are found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """`default_region` (ISO 3166-1 alpha-2, upper case) is how to read a phone number without a country
    code."""

    default_region: str = "DK"
