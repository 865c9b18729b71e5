"""Amounts as JSON numbers, to the last digit: no binary fraction is ever in between."""

from decimal import Decimal

# Beyond this many places an amount is written with an exponent: 1E+5000 is seven characters, not five
# thousand.
MOST_PLACES = 60


def json_number(amount: Decimal) -> str:
    """`amount`, which is finite, as a JSON number (RFC 8259, section 6) that is exactly equal to it."""
    if not amount:
        return "0"
    text = str(amount)
    if "E" not in text and len(text) <= MOST_PLACES:
        return text  # as good as all of them, in a third of the time
    _, digits, exponent = amount.as_tuple()
    if isinstance(exponent, int) and exponent >= -MOST_PLACES and len(digits) + exponent <= MOST_PLACES:
        return format(amount, "f")
    return text
