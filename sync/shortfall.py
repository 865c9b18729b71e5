"""Whether so many rows are left out that the mapping is at fault, rather than the rows."""

from collections import Counter

from sqlalchemy import Connection

from sync.generations import Known
from sync.quarantine import Quarantine

# A merchant always has some odd rows. Where it is one customer in ten, the mapping more likely reads a column
# wrongly. A few may be typing errors, however small the shop.
LARGE_SHARE = 0.1
FEWEST = 5
# The report is made every second where tills ask: a million reasons would take most of it.
LOOKED_AT = 10_000


def is_large(left_out: int, of: int) -> bool:
    """Whether so many `left_out` of all (`of`) want a person's attention."""
    return left_out >= FEWEST and left_out >= of * LARGE_SHARE


def shortfall(connection: Connection, known: Known, left_out: int) -> str | None:
    """A sentence for a person where `left_out` is a large share of the customers of a generation."""
    everybody = left_out + (known.documents or 0)
    return left_out_of(connection, known, left_out) if is_large(left_out, everybody) else None


def left_out_of(connection: Connection, known: Known, left_out: int) -> str:
    """That `left_out` customers, one at least, are left out of a generation, and why most of them are."""
    everybody = left_out + (known.documents or 0)
    reasons = Quarantine(known.name).reasons(connection, LOOKED_AT)
    among = f" of the first {reasons.total():,}" if left_out > reasons.total() else ""
    return (
        f"{left_out:,} of {everybody:,} customers are left out of the index, {most_frequent(reasons, among)};"
        " correct the mapping, or the rows; see `customer-lookup quarantine`"
    )


def most_frequent(reasons: Counter[str], among: str = "") -> str:
    """The reason that most rows have, which holds no values, as the end of a sentence."""
    [(reason, times)] = reasons.most_common(1)
    return f"{times:,}{among} for this reason: {reason}"
