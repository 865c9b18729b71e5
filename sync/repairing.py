"""Puts right what two readings of a generation have found to differ."""

from collections.abc import Iterable

from sync.chunks import chunks
from sync.context import SyncContext
from sync.feed import Feed
from sync.passes import refresh, retry

# Identifiers that are put in doubt together, and brought: memory holds no more of them.
PORTION = 5_000


def repair(context: SyncContext, feed: Feed, names: Iterable[str]) -> None:
    """Bring `names` again, whatever the ledger believes. All that it has in doubt is among them."""
    for portion in chunks(names, PORTION):
        feed.doubts.add(portion)
        refresh(context.source, feed, portion)
    feed.doubts.are_resolved()
    retry(context, feed)
