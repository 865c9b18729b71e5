"""What the commands that sync have in common."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from customer_lookup.configuration import Configuration
from customer_lookup.wiring import naming, opened_context
from customers.errors import ConfigurationError, SourceError, SourceUnavailable
from sync.context import SyncContext
from sync.lease import abandon_all
from sync.runs import CLEARED_BY, note_failure
from sync.scheduler import Scheduler

log = logging.getLogger(__name__)

# How long a job may go on when we are told to stop: with the requests in flight before it, under 10 s.
STOP_SECONDS = 3.0
# How long its lease may take to be given up then.
GIVE_UP_SECONDS = 2.0


@contextmanager
def opened_job(configuration: Configuration, command: str, *, noted: bool = True) -> Iterator[SyncContext]:
    """A context whose mapping was tried against the source: a wrong key is named before anything is read, and
    `noted` as a failed run of the job, since `status` is asked what is wrong."""
    with opened_context(configuration, command) as context:
        try:
            _check(configuration, context)
        except (ConfigurationError, SourceError) as error:
            if noted:
                note_failure(context.state, _job_of(command), context.holder, error)
            raise
        yield context


@contextmanager
def opened_runner(configuration: Configuration, command: str) -> Iterator[SyncContext]:
    """Like `opened_job`, for a process that runs for months: a source that is away just now does not keep it
    from starting, since the tills can be answered from the index meanwhile."""
    with opened_context(configuration, command) as context:
        try:
            _check(configuration, context)
        except SourceUnavailable as error:
            log.warning("%s", error, extra={"action": "start.source_unavailable"})
        except (ConfigurationError, SourceError) as error:
            note_failure(context.state, "sync", context.holder, error)
            raise
        yield context


def _check(configuration: Configuration, context: SyncContext) -> None:
    with naming(configuration.file):
        context.source.check()


def _job_of(command: str) -> str:
    """The job that a command would have begun with."""
    return command if command in CLEARED_BY else "sync"


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
            # is not confirmed is done again, as after a power cut. Its lease is soon free, unless it is the
            # state database that does not answer.
            giving_up = threading.Thread(target=abandon_all, daemon=True)
            giving_up.start()
            giving_up.join(GIVE_UP_SECONDS)
            logging.shutdown()
            os._exit(0)
