"""Puts back what `logs.configure` sets for the whole process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def log_restored() -> Iterator[None]:
    """The root logger is after the block what it was before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:], root.level = handlers, level
