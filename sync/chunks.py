"""Many things, some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """`items` in order, `size` at a time."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
