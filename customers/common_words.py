"""Words that say little or nothing about who is meant: company forms and useless words."""

from functools import lru_cache

from customers.folding import folded_words, words
from customers.settings import SearchSettings


def company_forms(settings: SearchSettings) -> frozenset[str]:
    """`A/S` -> `as`. In plain letters, not folded: `aab` is the beginning of Aabenraa, and no `AB`."""
    return _plain(settings.company_forms)


def useless_words(settings: SearchSettings) -> frozenset[str]:
    """Titles, and what a till calls a customer, folded."""
    return _folded(settings.useless_words)


@lru_cache(maxsize=16)
def _plain(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plain for text in texts for _, plain in folded_words(text))


@lru_cache(maxsize=16)
def _folded(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for text in texts for word in words(text))
