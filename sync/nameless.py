"""Rows without an identifier: nobody can tell them apart, so they are counted, and a few of them listed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sync.identifiers import reason_of

# So many are listed: more of them would say nothing new.
LISTED = 100


@dataclass(frozen=True, slots=True)
class Nameless:
    """`len` of it is how many there are; `reasons` says how many for each reason."""

    reasons: Counter[str]

    def __len__(self) -> int:
        return self.reasons.total()

    def listed(self) -> list[str]:
        """Why each of those that are listed is left out: the rarest reasons first, so none is missing."""
        rarest_first = reversed(self.reasons.most_common())
        return list(islice((reason for reason, rows in rarest_first for _ in range(rows)), LISTED))


def counted(groups: Iterable[tuple[Any, int]]) -> Nameless:
    """What values that may be no identifier, each with how many rows have it, come to."""
    reasons: Counter[str] = Counter()
    for value, rows in groups:
        if (reason := reason_of(value)) is not None:
            reasons[reason] += rows
    return Nameless(reasons)
