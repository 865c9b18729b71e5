"""customer-lookup worker"""

import logging
import time
from contextlib import suppress

import click

from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.jobs import opened_runner, scheduled
from service.log_writer import log_writer
from service.signals import RELOAD, handled

# The system gives a signal to whichever thread it likes, and Python answers it in the main thread, which is
# not woken for that: it has to look up by itself.
LOOK_SECONDS = 0.5

log = logging.getLogger("customer_lookup.worker")


@click.command()
@config_option
def worker(configuration: Configuration) -> None:
    """Run the jobs of [sync] at their times, without the API.

    Stops within 10 seconds when told to (Ctrl-C, SIGTERM).

    \b
    Example:
      customer-lookup worker --config /etc/customer-lookup/lookup.toml
    """
    with (
        log_writer(),
        opened_runner(configuration, "worker") as context,
        scheduled(context),
        suppress(KeyboardInterrupt),
        handled({RELOAD: _reload} if RELOAD is not None else {}),
    ):
        while True:
            time.sleep(LOOK_SECONDS)


def _reload() -> None:
    log.warning("SIGHUP: a worker has no keys to reload; restart it for a new configuration")
