"""Whether the live generation of the index is the one that the ledger describes."""

import hashlib
from dataclasses import astuple, replace

from customers.errors import ConfigurationError
from customers.keys import keys_version
from index.interface import Generation
from sync import generations
from sync.context import SyncContext
from sync.settings import SourceSettings
from sync.source_errors import place_of

# The stamp of a generation that is never trusted again: no engine gives it, nor a later one.
DISTRUSTED = 2**63 - 1
# Why the first reindex is needed.
NOTHING_YET = "nothing is indexed yet"


def mapping_version(settings: SourceSettings) -> str:
    """Changes with everything that says how a row becomes a customer, and with the database; not with the
    user or the password."""
    shown = replace(settings, url=place_of(settings.url), customer={})
    content = repr((astuple(shown), sorted(settings.customer.items())))
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()


def live_generation(context: SyncContext) -> Generation | None:
    """The generation that answers, as the engine has it."""
    return next((found for found in context.index.generations() if found.live), None)


def distrust(context: SyncContext) -> str | None:
    """Why the live generation needs a reindex, in a sentence; None: it is the ledger's. Only whoever holds
    the LIVE lease gets an answer that lasts."""
    generation = live_generation(context)
    with context.state.read() as connection:
        known = generations.live(connection)
    if generation is None or known is None:
        return _missing(generation, known)
    if known.name != generation.name:
        return f"the index answers from generation {generation.name}, the ledger is of {known.name}"
    if generation.keys != keys_version(context.search):
        return (
            "the index was built by another version of the search keys, another default_region or "
            f"another program: it has {generation.keys}"
        )
    if known.mapping != mapping_version(context.source.settings):
        return "[source] in lookup.toml has changed since the index was built"
    return not_as_noted(generation, known)


def refuse_outdated(context: SyncContext) -> None:
    """Raise ConfigurationError where another process has built the index with other settings since ours were
    read: each would undo what the other does, a worker that nobody has restarted without anybody there."""
    with context.state.read() as connection:
        known = generations.live(connection)
    if known is None or known.created_at <= context.settings_read_at:
        return
    ours = (keys_version(context.search), mapping_version(context.source.settings))
    if (known.keys_version, known.mapping) != ours:
        raise ConfigurationError(
            f"{context.holder} was started before another process built the index with another [source] or"
            " [search], or another version of customer-lookup: restart it, so that both have the same; until"
            " then it leaves the index alone"
        )


def stamp_of(context: SyncContext, name: str) -> int | None:
    """The engine's stamp of a generation."""
    return next((found.stamp for found in context.index.generations() if found.name == name), None)


def not_as_noted(generation: Generation, known: generations.Known) -> str | None:
    """What else happened to the index than our own writes. Where one of those was never noted, the index is
    newer than it is noted to be, and never older."""
    if known.documents != generation.documents and not known.in_doubt:
        return f"the index has {generation.documents} documents where the ledger has {known.documents}"
    if generation.stamp is None or known.stamp is None:
        return None
    if generation.stamp == known.stamp or (known.in_doubt and generation.stamp > known.stamp):
        return None
    return "the index is not as the last sync left it: a backup came back, or somebody else wrote to it"


def unlike(generation: Generation | None, known: generations.Known | None) -> str | None:
    """That the index which answers is not the one that is noted, and what comes of it, for a person; None
    where it is, or where there is neither."""
    if generation is None:
        return f"{_missing(generation, known)}; the next sync reindexes" if known is not None else None
    if known is None or known.name != generation.name:
        return "the index is not the one that this state database describes; a reindex is needed"
    changed = not_as_noted(generation, known)
    return f"{changed}; the next sync reindexes" if changed else None


def _missing(generation: Generation | None, known: generations.Known | None) -> str:
    if generation is None and known is None:
        return NOTHING_YET
    if generation is None:
        return "the index is empty or was removed"
    return "the index is not the one that this state database describes"
