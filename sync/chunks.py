"""Many things, some at a time."""

from collections.abc import Iterator, Sequence
from typing import Any


def chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """`items` in order, `size` at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
