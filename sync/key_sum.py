"""Whether two places hold the same keys, told without keeping any: by their number and the sum of their
hashes.

Python's hashes of text are of 64 bits, and others in each process (PEP 456), so that nobody can make keys of
which the sums are alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(slots=True)
class KeySum:
    """Keys in any order; a key that is there twice counts twice."""

    count: int = 0
    hashes: int = 0

    def add(self, keys: Iterable[str]) -> None:
        """Count these in."""
        hashes = list(map(hash, keys))
        self.count += len(hashes)
        self.hashes += sum(hashes)
