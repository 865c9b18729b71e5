"""customer-lookup worker"""

import threading
from contextlib import suppress

import click

from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.jobs import opened_runner, scheduled


@click.command()
@config_option
def worker(configuration: Configuration) -> None:
    """Run the jobs of [sync] at their times, without the API.

    Stops within 10 seconds when told to (Ctrl-C, SIGTERM).

    \b
    Example:
      customer-lookup worker --config /etc/customer-lookup/lookup.toml
    """
    with opened_runner(configuration, "worker") as context, scheduled(context), suppress(KeyboardInterrupt):
        threading.Event().wait()
