"""What a check of `customer-lookup doctor` may come to."""

from enum import StrEnum

from sync.shortfall import is_large

# Where so many rows are left out, customer-lookup does not do what it is for.
MOST = 0.5


class Verdict(StrEnum):
    """How bad a finding is. Only `wrong` keeps customer-lookup from working."""

    GOOD = "ok"
    ADVICE = "advice"
    WRONG = "wrong"


Found = tuple[Verdict, str]


def on_rows_left_out(left_out: int, of: int) -> Verdict:
    """How bad it is that so many rows of all (`of`) are left out."""
    if not left_out:
        return Verdict.GOOD
    return Verdict.WRONG if is_large(left_out, of) and left_out >= of * MOST else Verdict.ADVICE
