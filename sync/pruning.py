"""Removes generations that nobody needs any more, and what crashed runs left behind."""

import logging

from sync import generations
from sync.context import SyncContext
from sync.lease import BUILD, Lease

log = logging.getLogger(__name__)


def prune(
    context: SyncContext, lease: Lease, *, keep_build: bool = False, keep_previous: bool = True
) -> None:
    """Remove every generation but the live one and the one before it, while `keep_previous` lasts.

    `lease` is BUILD: whatever is still being built belongs to nobody. `keep_build` keeps the newest of those.
    Without `keep_previous` the one before the live one goes too.
    """
    there = {generation.name: generation.live for generation in context.index.generations()}
    with context.state.read() as connection:
        known = generations.known(connection)
        longest = context.settings.keep_previous.total_seconds() if keep_previous else 0.0
        keep = _kept(known, context.state.now(connection) - longest)
    if keep_build:
        builds = [found.name for found in known if found.status == generations.BUILDING]
        keep.update(builds[-1:])
    for name in {*there, *(found.name for found in known)} - keep:
        if not there.get(name, False):
            _remove(context, lease, name)


def prune_alone(context: SyncContext) -> None:
    """The same as a job of its own; a build that may be resumed stays. Raises LeaseHeld while one is under
    way."""
    with Lease(context.state, BUILD, context.holder) as lease:
        prune(context, lease, keep_build=True)


def _kept(known: list[generations.Known], retired_after: float) -> set[str]:
    live = [found.name for found in known if found.status == generations.LIVE]
    previous = [found for found in known if found.status == generations.PREVIOUS]
    newest = sorted(previous, key=lambda found: found.retired_at or 0.0)[-1:]
    return {*live, *(found.name for found in newest if (found.retired_at or 0.0) > retired_after)}


def _remove(context: SyncContext, lease: Lease, name: str) -> None:
    lease.check()
    context.index.remove(name)
    with context.state.write() as connection:
        lease.guard(connection)
        generations.forget(connection, name)
    log.info("generation is removed", extra={"action": "generation.removed", "generation": name})
