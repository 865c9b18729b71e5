"""Phone numbers in the many ways people write them."""

from random import Random

# Country code, and how many digits follow it at home. Where a trunk 0 is dialled at home, it is written too.
_PLANS = {
    "DK": ("45", 8, ""),
    "NO": ("47", 8, ""),
    "SE": ("46", 9, "0"),
    "DE": ("49", 10, "0"),
    "GB": ("44", 10, "0"),
}
# A first digit with which the number is a possible one.
_FIRST = {"DK": "2346", "NO": "49", "SE": "7", "DE": "1", "GB": "7"}


def phone(country: str, chance: Random) -> str:
    """A number of `country` (ISO 3166-1), written in one of many ways."""
    code, length, trunk = _PLANS[country]
    digits = chance.choice(_FIRST[country]) + "".join(chance.choices("0123456789", k=length - 1))
    pairs = " ".join(digits[start : start + 2] for start in range(0, length, 2))
    return chance.choice(
        (
            f"+{code}{digits}",
            f"+{code} {pairs}",
            f"00{code}{digits}",
            f"(+{code}) {digits[:4]} {digits[4:]}",
            f"{trunk}{digits}",
            f"{trunk}{pairs}",
            f"{trunk}{digits[:3]}-{digits[3:]}",
            f"{trunk}{digits[:4]}.{digits[4:]}",
        )
    )
