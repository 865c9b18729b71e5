"""Makes a generation the one that answers, once it is proved to hold what the ledger says."""

import logging

from customers.errors import EngineError
from sync import generations
from sync.comparison import Comparison
from sync.context import SyncContext
from sync.differences import misnoted
from sync.feed import Feed
from sync.lease import Lease
from sync.ledger import Ledger
from sync.progress import Progress
from sync.repairing import repair
from sync.trust import live_generation

log = logging.getLogger(__name__)


def prove(context: SyncContext, lease: Lease, generation: str, progress: Progress) -> None:
    """Make sure that the engine holds what the ledger says. A build that was killed between the two may hold
    customers that nobody noted and that the source has deleted since: they are taken out. Raises EngineError
    where the two still differ."""
    if _difference(context, generation) is not None:
        reconcile(context, lease, generation, progress)
    difference = _difference(context, generation)
    if difference is not None:
        raise EngineError(difference)


def reconcile(context: SyncContext, lease: Lease, generation: str, progress: Progress) -> None:
    """Read the generation back from the engine, and put right where it and the ledger differ."""
    with Comparison() as sides, Feed(context, lease, generation, progress) as feed:
        sides.fill("engine", context.index.digests(generation))
        with context.state.read() as connection:
            sides.fill("ledger", feed.ledger.entries(connection))
        repair(context, feed, misnoted(sides))
        feed.flush()


def _difference(context: SyncContext, generation: str) -> str | None:
    found = next((g.documents for g in context.index.generations() if g.name == generation), 0)
    with context.state.read() as connection:
        expected = Ledger(generation).count(connection)
    if found == expected:
        return None
    return (
        f"generation {generation} has {found} documents where {expected} were confirmed: it does not go"
        " live; run `customer-lookup reindex` again"
    )


def promote(context: SyncContext, lease: Lease, name: str) -> None:
    """Make `name` live. The intent is noted first: `finish_promotion` ends what a crash broke off."""
    with context.state.write() as connection:
        lease.guard(connection)
        generations.note(connection, name, status=generations.PROMOTING)
    lease.check()
    context.index.promote(name)
    finish_promotion(context)


def finish_promotion(context: SyncContext) -> None:
    """Note that the generation which was to become live has become it, where it has."""
    live = live_generation(context)
    with context.state.write() as connection:
        for known in generations.known(connection):
            if live is not None and known.name == live.name and known.status == generations.PROMOTING:
                generations.make_live(connection, known.name, context.state.now(connection))
                log.info("generation is live", extra={"action": "generation.live", "generation": known.name})
