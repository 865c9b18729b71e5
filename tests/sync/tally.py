"""What the tests of breakdowns found, counted over a whole run: it is printed at its end."""

from collections import Counter
from dataclasses import dataclass, field

from sync.verification import VerifyResult


@dataclass
class Tally:
    """How often an index was compared with its table, and in how many customers they differed. `kills` counts
    jobs that were at work when they were killed at a random moment, by engine. `slowest` is how long the
    next process took, once it had the lease, until the two were equal again; `lease` how long it waited for
    the lease."""

    comparisons: int = 0
    differences: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    recoveries: int = 0
    slowest: float = 0.0
    lease: float = 0.0

    def compare(self, found: VerifyResult) -> None:
        """Count one comparison, and insist that it found nothing."""
        self.comparisons += 1
        self.differences += found.missing + found.stale + found.extra + found.misnoted
        assert found == VerifyResult()

    def recover(self, seconds: float) -> None:
        """Count what a job that was killed took to be made up for."""
        self.recoveries += 1
        self.slowest = max(self.slowest, seconds)

    def lines(self) -> list[str]:
        """For a person."""
        if not self.comparisons:
            return []
        told = [f"index against table: {self.comparisons} times, {self.differences} differences"]
        if self.recoveries:
            told.append(f"recovered from {self.recoveries} kills: the slowest took {self.slowest:.2f} s")
        if self.lease:
            told.append(f"before that, the next one waited {self.lease:.1f} s for the lease of the dead one")
        if self.kills:
            moments = ", ".join(f"{count} on {engine}" for engine, count in sorted(self.kills.items()))
            told.append(f"killed at work at a random moment: {moments}")
        return told


TALLY = Tally()
