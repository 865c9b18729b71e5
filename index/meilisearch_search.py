"""One search of Meilisearch: its words, where it looks for them, and who comes first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from customers.keys import KeyField
from index.meilisearch_documents import (
    BEGINNINGS,
    BODY,
    GENERATION,
    ID,
    ORDER,
    OTHERS_IN_NAME,
    PLACE_BEGINNINGS,
)

# Starts and beginnings stand for the unfinished words that are not the last one.
SPELLED = (
    KeyField.CODES.value,
    KeyField.NAMES.value,
    KeyField.STARTS.value,
    BEGINNINGS,
    KeyField.JOINED.value,
    KeyField.PLACES.value,
    PLACE_BEGINNINGS,
)
CODES = (KeyField.CODES.value,)
BY_ORDER = (f"{ORDER}:desc",)
# Of names: those who are called little else first.
NAME_ORDER = (f"{OTHERS_IN_NAME}:asc", *BY_ORDER)


@dataclass(frozen=True, slots=True)
class Search:
    """One search: its words, the fields to look into, and which words may be missing (Meilisearch's
    matchingStrategy). `comes_last`: those whom it finds stand behind all that others find. `sort`: of all
    whom it finds, the first in that order are wanted, not the likeliest."""

    words: str
    fields: tuple[str, ...]
    strategy: str
    comes_last: bool = field(default=False, compare=False)
    sort: tuple[str, ...] = ()

    def body(self, limit: int | None = None) -> dict[str, Any]:
        """What is sent, but for `indexUid`; without a limit as one of several that have one together."""
        sent: dict[str, Any] = {
            "q": self.words,
            "attributesToSearchOn": list(self.fields),
            "matchingStrategy": self.strategy,
            "attributesToRetrieve": [ID, GENERATION, BODY],
        }
        if limit is not None:
            sent["limit"] = limit
        if self.sort:
            sent["sort"] = list(self.sort)
        return sent


def quoted(words: Iterable[str]) -> str:
    """Words that Meilisearch neither extends nor corrects."""
    return " ".join(map(quoted_one, words))


def quoted_one(word: str) -> str:
    """One such word."""
    return f'"{word}"'


def names_search(words: Iterable[str]) -> Search:
    """Words whole, as names and the beginnings of names are kept; those called by all of them first."""
    return Search(quoted(words), SPELLED, "all", sort=NAME_ORDER)
