"""Telephone numbers of six countries and the many ways in which people write one."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Phone:
    """`calling_code` without plus, `trunk` the digit dialled before a number inside the country ("" where
    there is none), `number` the national digits without it."""

    calling_code: str
    trunk: str
    number: str

    @property
    def national(self) -> str:
        """As dialled inside the country."""
        return self.trunk + self.number

    @property
    def international(self) -> str:
        """All digits of the international number, without plus."""
        return self.calling_code + self.number


# Per country: calling code, trunk digit, beginnings of numbers, digits of the whole national number.
# Shapes after the countries' numbering plans as libphonenumber's metadata has them; only the common ones.
_PLANS: dict[str, tuple[str, str, tuple[str, ...], int]] = {
    "dk": ("45", "", ("20", "22", "26", "30", "40", "42", "51", "53", "61", "86", "98", "75", "33"), 8),
    "no": ("47", "", ("40", "41", "45", "47", "90", "91", "93", "97", "98", "22", "55"), 8),
    "se": ("46", "0", ("70", "72", "73", "76", "79"), 9),
    "de": ("49", "0", ("151", "160", "170", "171", "175", "176"), 10),
    "gb": ("44", "0", ("7400", "7700", "7811", "7915", "7500", "2079", "1612"), 10),
    "nl": ("31", "0", ("61", "62", "64", "65", "20"), 9),
}


def draw_phone(country_code: str, random: Random) -> Phone:
    """A random number of the country (ISO 3166-1 alpha-2, lower case)."""
    calling_code, trunk, beginnings, length = _PLANS[country_code]
    beginning = random.choice(beginnings)
    rest = length - len(beginning)
    return Phone(calling_code, trunk, beginning + str(random.randrange(10**rest)).zfill(rest))


def in_pairs(digits: str, separator: str = " ") -> str:
    """`12345678` as `12 34 56 78`."""
    return separator.join(digits[start : start + 2] for start in range(0, len(digits), 2))


_AT_HOME: tuple[Callable[[Phone], str], ...] = (
    lambda phone: phone.national,
    lambda phone: phone.national,
    lambda phone: in_pairs(phone.national),
    lambda phone: f"{phone.national[:4]} {phone.national[4:]}",
    lambda phone: f"{phone.national[:3]}-{phone.national[3:6]} {phone.national[6:]}",
    lambda phone: in_pairs(phone.national, "-"),
)

_ABROAD: tuple[Callable[[Phone], str], ...] = (
    lambda phone: f"+{phone.international}",
    lambda phone: f"+{phone.calling_code} {phone.number}",
    lambda phone: f"+{phone.calling_code} {phone.number}",
    lambda phone: f"+{phone.calling_code} {in_pairs(phone.number)}",
    lambda phone: f"00{phone.international}",
    lambda phone: f"(+{phone.calling_code}) {phone.number[:4]} {phone.number[4:]}",
    lambda phone: (
        f"+{phone.calling_code} ({phone.trunk}){phone.number}" if phone.trunk else f"+{phone.international}"
    ),
)

_DIRTY: tuple[Callable[[Phone], str], ...] = (
    lambda phone: f"tlf. {phone.national}",
    lambda phone: f"{in_pairs(phone.national)} (mobil)",
    lambda phone: f"{phone.national[:2]}.{phone.national[2:5]}.{phone.national[5:]}",
)


def written(phone: Phone, random: Random) -> str:
    """One way in which the number may stand in a merchant's database."""
    chance = random.random()
    ways = _AT_HOME if chance < 0.5 else _ABROAD if chance < 0.97 else _DIRTY
    return random.choice(ways)(phone)
