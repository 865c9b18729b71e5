"""The settings of every index that we make, declared once for each version of the search keys.

How Meilisearch behaves under them is held by tests/index/test_meilisearch_settings.py.
"""

from collections.abc import Mapping
from typing import Any

from customers.keys import KeyField
from index.meilisearch_documents import BEGINNINGS, ID, ORDER, OTHERS_IN_NAME, PIECES, PLACE_BEGINNINGS

# Every key is a word that is already folded and split, so Meilisearch is left nothing to interpret.
SETTINGS: Mapping[str, Any] = {
    # In the order in which a match counts.
    "searchableAttributes": [
        KeyField.NAMES.value,
        KeyField.CODES.value,
        KeyField.STARTS.value,
        BEGINNINGS,
        KeyField.JOINED.value,
        KeyField.ENDINGS.value,
        KeyField.PLACES.value,
        PLACE_BEGINNINGS,
        KeyField.SOUNDS.value,
        PIECES,
    ],
    # Finding one customer by its id, and the marker. Neither ranges nor facets are asked for, so none are
    # built.
    "filterableAttributes": [
        {
            "attributePatterns": [ID],
            "features": {"facetSearch": False, "filter": {"equality": True, "comparison": False}},
        }
    ],
    "sortableAttributes": [ORDER, OTHERS_IN_NAME],
    # No `proximity`: candidates are ranked by us, and without distances indexing is much faster. `exactness`
    # before the position of a word, else "Hansen Peter" stands above "Peter Hans" for `hans`. Where a search
    # asks for an order, whoever has the words in the name stands above those who have them elsewhere.
    "rankingRules": ["words", "typo", "attributeRank", "sort", "exactness"],
    "proximityPrecision": "byAttribute",
    "typoTolerance": {
        "enabled": True,
        # A wrong first letter counts as two.
        "minWordSizeForTypos": {"oneTypo": 3, "twoTypos": 3},
        # Sorted, as the server answers them.
        "disableOnAttributes": sorted(
            [
                BEGINNINGS,
                KeyField.CODES.value,
                KeyField.ENDINGS.value,
                KeyField.JOINED.value,
                KeyField.SOUNDS.value,
                PIECES,
                PLACE_BEGINNINGS,
                KeyField.STARTS.value,
            ]
        ),
        "disableOnNumbers": True,
    },
    "facetSearch": False,
    # How far a search counts. A search key has no other way to learn how many customers there are.
    "pagination": {"maxTotalHits": 1_000_000_000},
}


def changes(current: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of ours that `current`, the server's answer, does not have: what to send, nothing if
    empty.

    Sending what is there already would be harmless to the result, but Meilisearch may index everything anew.
    """
    return {name: wanted for name, wanted in SETTINGS.items() if not _holds(wanted, current.get(name))}


def _holds(wanted: Any, found: Any) -> bool:
    """Whether `found` says at least all that `wanted` says: a newer server adds keys that we do not know."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            _holds(value, found.get(key)) for key, value in wanted.items()
        )
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], str):
        return bool(wanted == found)
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(_holds, wanted, found))
    return bool(wanted == found)
