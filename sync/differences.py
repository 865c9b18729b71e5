"""What differs between the source, the engine and the ledger, once all of them are read."""

from collections.abc import Iterator, Sequence
from itertools import chain

from sync.chunks import chunks
from sync.comparison import Comparison
from sync.context import SyncContext
from sync.feed import Feed
from sync.passes import changed_since, digests_of
from sync.source import IDENTIFIERS, Source

# The side of a comparison that holds what was found: of each identifier, as its digest, the kind.
FOUND = "found"
MISSING, STALE, EXTRA, MISNOTED, COMING = "missing", "stale", "extra", "misnoted", "coming"


def misnoted(sides: Comparison) -> Iterator[str]:
    """The identifiers of which "ledger" says something else than "engine"."""
    return chain(
        sides.absent("ledger", from_="engine"),
        sides.absent("engine", from_="ledger"),
        sides.different("ledger", "engine"),
    )


def find(context: SyncContext, sides: Comparison, feed: Feed) -> None:
    """Make the side FOUND: what still differs when it is looked at again, since rows go on changing while
    others are read. `sides` holds "source", "engine" and "ledger"."""
    suspects = {
        MISSING: sides.absent("source", from_="engine"),
        STALE: sides.different("source", "engine"),
        EXTRA: sides.absent("engine", from_="source"),
    }
    sides.begin(FOUND)
    for kind, names in suspects.items():
        for chunk in chunks(names, IDENTIFIERS):
            sides.add(FOUND, ((name, kind) for name in _confirmed(context, sides, feed, chunk)))
    sides.complete(FOUND)
    for chunk in chunks(misnoted(sides), IDENTIFIERS):
        told = sides.digests(FOUND, chunk)
        sides.add(FOUND, ((name, MISNOTED) for name in chunk if name not in told))


def _confirmed(context: SyncContext, sides: Comparison, feed: Feed, names: Sequence[str]) -> Iterator[str]:
    wanted = dict(digests_of(context.source.read(names), context.search))
    had = sides.digests("engine", names)
    for name in names:
        digest = wanted.get(name)
        if digest != had.get(name) and not feed.left_out.has_refused(name, digest):
            yield name


def set_apart(source: Source, sides: Comparison, since: float, zone: float) -> None:
    """Tell news from faults. What changed at or after `since`, where the next pass begins to read, is COMING
    if the ledger has it as the engine does: that pass looks at it, sees that it differs, and brings it."""
    for identifiers in changed_since(source, since, zone):
        for chunk in chunks(identifiers, IDENTIFIERS):
            found, engine, ledger = (sides.digests(side, chunk) for side in (FOUND, "engine", "ledger"))
            news = [name for name in found if engine.get(name) == ledger.get(name)]
            sides.change(FOUND, news, COMING)
