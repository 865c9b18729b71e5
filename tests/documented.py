"""The tables of rules in the docstrings, so that each example there is a test."""

import re
from types import ModuleType


def rows(module: ModuleType, first: str) -> list[list[str]]:
    """The cells of the rows of the table whose header begins with `first`; two spaces or more stand between
    cells."""
    lines = iter((module.__doc__ or "").splitlines())
    for line in lines:
        if line.startswith(first):
            break
    found = []
    for line in lines:
        if not line:
            break
        found.append(re.split(" {2,}", line))
    return found
