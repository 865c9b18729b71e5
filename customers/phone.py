"""Phone numbers as people write them, as the digits that find them.

`phonenumbers.parse` takes 30 to 60 µs for each number; an index of a million customers cannot wait for that.
Its metadata says the same in two look-ups: the country calling codes, and the trunk prefix of a country.
"""

import re
from functools import lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, country_code_for_region

from customers.folding import digits

# ITU-T E.164: at most 15 digits; fewer than 4 are not a subscriber's number anywhere.
LONGEST = 15
SHORTEST = 4
# What no number is written with: letters (`og`, `eller`, `mob.`) and the like, and a second `+`.
_APART = re.compile(r"[^\W\d_]+|[,;|&]|(?=\+)")
# What numbers are written with, but also what stands between two: tried in this order.
_BETWEEN = (
    re.compile(r"\s[-–—]\s|\s/\s"),
    re.compile("/"),
    re.compile("[()]"),
    re.compile(r"(?<=\d{6})[\s–-]+(?=[\d-]{6})"),
)


def phone_numbers(text: str, region: str) -> list[tuple[str, str]]:
    """(national, international) digits of each number in `text`: `+45 12 34 56 78` -> [(`12345678`,
    `4512345678`)]; and as they are written, where that is neither. A number without a country calling code
    is read as one of `region` (ISO 3166-1 alpha-2)."""
    if text.lower() == text.upper():  # as nearly all are: without letters
        whole = _number(text, region)
        if whole is not None:
            return [whole, *_as_written(text, whole)]
    return [number for part in _APART.split(text) for number in _numbers(part, region)]


def _numbers(
    text: str, region: str, between: tuple[re.Pattern[str], ...] = _BETWEEN
) -> list[tuple[str, str]]:
    """The one number that `text` is, or else those that it is made of: `12345678 87654321`."""
    whole = _number(text, region)
    if whole is not None:
        return [whole, *_as_written(text, whole)]
    if len(digits(text)) < 2 * SHORTEST or not between:
        return []
    return [number for part in between[0].split(text) for number in _numbers(part, region, between[1:])]


def _number(text: str, region: str) -> tuple[str, str] | None:
    number = digits(text)
    if not SHORTEST <= len(number) <= LONGEST + 2:
        return None
    abroad = _abroad(text, number)
    code, national = (_calling_code(region), number) if abroad is None else split_country_code(abroad)
    national = without_trunk_prefix(national, code)
    international = code + national
    return (national, international) if len(international) <= LONGEST else None


def _as_written(text: str, number: tuple[str, str]) -> list[tuple[str, str]]:
    """The digits of a number that `number_forms` would not take for it, as it is dialled in some countries:
    `06 20 123 4567` in Hungary."""
    national, international = number
    written = digits(text)
    if written in number:
        return []
    code = international.removesuffix(national)
    abroad = (international, f"{code}0{national}")
    known = {national, f"0{national}", *abroad, *(f"00{number}" for number in abroad)}
    return [] if written in known else [(written, written)]


def _abroad(text: str, number: str) -> str | None:
    """The digits after `+` or `00`, or None where the number names no country."""
    if text.lstrip(" (").startswith("+"):
        return number
    return number[2:] if number.startswith("00") else None


@lru_cache(maxsize=16_384)
def _split_at(first: str) -> int:
    """How many of these three digits are the country calling code; 0 where none is."""
    return next(
        (
            size
            for size in (1, 2, 3)
            if first[:size].isdigit() and int(first[:size]) in COUNTRY_CODE_TO_REGION_CODE
        ),
        0,
    )


def split_country_code(number: str) -> tuple[str, str]:
    """(country calling code, the rest) of international digits; calling codes are prefix-free."""
    size = _split_at(number[:3])
    return number[:size], number[size:]


@lru_cache(maxsize=512)
def _calling_code(region: str) -> str:
    code = country_code_for_region(region)
    return str(code) if code else ""


@lru_cache(maxsize=512)
def _trunk_prefix(calling_code: str) -> re.Pattern[str] | None:
    """What is dialled before a national number. A pattern with groups also takes carriers and rearranges: too
    much for here (Argentina's mobiles), so there the plain prefix has to do."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(calling_code or 0), ())
    metadata = PhoneMetadata.metadata_for_region(regions[0], None) if regions else None
    if metadata is None or not metadata.national_prefix:
        return None
    pattern = re.compile(metadata.national_prefix_for_parsing or metadata.national_prefix)
    return pattern if pattern.groups == 0 else re.compile(metadata.national_prefix)


def without_trunk_prefix(number: str, calling_code: str) -> str:
    """National digits without the `0` (or `8`, `1`, …) that is dialled only inside the country."""
    prefix = _trunk_prefix(calling_code)
    found = prefix.match(number) if prefix else None
    return number[found.end() :] if found else number


# `+46 (0)8 123 456`: a shorter number is one of the shop's own country with a digit too many, which is not to
# look certain (`700529082` is not 70 52 90 82).
_SHORTEST_WITH_ZERO = 10


@lru_cache(maxsize=1024)
def number_forms(number: str, region: str) -> tuple[str, ...]:
    """The digits under which a typed number may be kept: as typed; without `00`; without the trunk prefix of
    `region` or the `0` of most others; without the one after a country calling code (`+44 (0)20 …`)."""
    forms = [number]
    if number.startswith("00"):
        forms.append(number[2:])
    elif number.startswith("0"):
        forms.append(number[1:])
    code, national = split_country_code(forms[-1])
    if len(forms[-1]) >= _SHORTEST_WITH_ZERO and national.startswith("0"):
        forms.append(code + national[1:])
    forms.append(without_trunk_prefix(number, _calling_code(region)))
    return tuple(dict.fromkeys(form for form in forms if len(form) >= SHORTEST - 1))
