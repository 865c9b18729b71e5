"""What the commands that sync have in common."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

from customer_lookup.configuration import Configuration
from customer_lookup.wiring import naming, opened_context
from customers.errors import SourceUnavailable
from sync.context import SyncContext, SyncResult
from sync.scheduler import Scheduler

log = logging.getLogger(__name__)

# How long a job may go on when we are told to stop: with the requests in flight before it, under 10 s.
STOP_SECONDS = 3.0


@contextmanager
def opened_job(configuration: Configuration, command: str) -> Iterator[SyncContext]:
    """A context whose mapping was tried against the source: a wrong key is named before anything is read."""
    with opened_context(configuration, command) as context:
        with naming(configuration.file):
            context.source.check()
        yield context


@contextmanager
def opened_runner(configuration: Configuration, command: str) -> Iterator[SyncContext]:
    """Like `opened_job`, for a process that runs for months: a source that is away just now does not keep it
    from starting, since the tills can be answered from the index meanwhile."""
    with opened_context(configuration, command) as context:
        try:
            with naming(configuration.file):
                context.source.check()
        except SourceUnavailable as error:
            log.warning("%s", error, extra={"action": "start.source_unavailable"})
        yield context


@contextmanager
def scheduled(context: SyncContext) -> Iterator[None]:
    """The jobs at their times, in threads of this process, while the block runs."""
    scheduler = Scheduler(context)
    scheduler.start()
    try:
        yield
    finally:
        if not scheduler.stop(STOP_SECONDS):
            # It waits for a database that does not answer, and its thread would keep us from ending. Whatever
            # is not confirmed is done again, as after a power cut.
            logging.shutdown()
            os._exit(0)


def summary(result: SyncResult) -> str:
    """What a pass did, for a person."""
    counts = f"{result.read:,} read, {result.written:,} written, {result.unchanged:,} unchanged"
    counts += f", {result.deleted:,} deleted, {result.quarantined:,} quarantined"
    more = "; `customer-lookup quarantine` lists them" if result.quarantined else ""
    return f"{result.generation}: {counts} in {result.seconds:.1f} s{more}"
