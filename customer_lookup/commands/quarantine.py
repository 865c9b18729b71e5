"""customer-lookup quarantine"""

import click

from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.wiring import opened_state
from sync.quarantine import entries


@click.command()
@config_option
def quarantine(configuration: Configuration) -> None:
    """List the rows that are left out of the index, and why.

    One row per line: since when, its identifier (`-` where it has none), the reason. A row is tried again
    when it changes.

    \b
    Example:
      customer-lookup quarantine
    """
    with opened_state(configuration) as state:
        for entry in entries(state):
            identifier = "-" if entry.identifier is None else repr(entry.identifier)
            click.echo(f"{entry.since:%Y-%m-%dT%H:%M:%SZ}\t{identifier}\t{entry.reason}")
