"""Words that say little or nothing about who is meant: company forms and useless words, folded."""

from functools import lru_cache

from customers.folding import words
from customers.settings import SearchSettings


def company_forms(settings: SearchSettings) -> frozenset[str]:
    """`A/S` -> `as`."""
    return _folded(settings.company_forms)


def useless_words(settings: SearchSettings) -> frozenset[str]:
    """Titles, and what a till calls a customer."""
    return _folded(settings.useless_words)


@lru_cache(maxsize=16)
def _folded(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for text in texts for word in words(text))
