"""Puts right what two readings of a generation have found to differ."""

from collections.abc import Iterator, Sequence
from itertools import chain

from sync.comparison import Comparison
from sync.context import SyncContext
from sync.feed import Feed
from sync.passes import refresh, retry


def misnoted(sides: Comparison) -> Iterator[str]:
    """The identifiers of which "ledger" says something else than "engine"."""
    return chain(
        sides.absent("ledger", from_="engine"),
        sides.absent("engine", from_="ledger"),
        sides.different("ledger", "engine"),
    )


def repair(context: SyncContext, sides: Comparison, feed: Feed, names: Sequence[str]) -> None:
    """Bring `names` again, whatever the ledger believes; and whatever it believes wrongly. `sides` holds
    "ledger" and "engine"."""
    doubtful = sorted({*names, *misnoted(sides)})
    feed.doubts.add(doubtful)
    refresh(context.source, feed, doubtful)
    feed.doubts.are_resolved()
    retry(context, feed)
