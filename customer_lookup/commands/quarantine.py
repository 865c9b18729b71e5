"""customer-lookup quarantine"""

import click

from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.wiring import opened_state
from sync.quarantine import count, entries


@click.command()
@config_option
def quarantine(configuration: Configuration) -> None:
    """List the rows that are left out of the index, and why.

    One row per line: since when, its identifier (`-` where it has none), the reason. Of the rows without an
    identifier a hundred are listed. A row is tried again when it changes.

    \b
    Example:
      customer-lookup quarantine
    """
    with opened_state(configuration) as state:
        listed, left_out = entries(state), count(state)
    for entry in listed:
        identifier = "-" if entry.identifier is None else repr(entry.identifier)
        click.echo(f"{entry.since:%Y-%m-%dT%H:%M:%SZ}\t{identifier}\t{entry.reason}")
    if left_out > len(listed):
        click.echo(f"and {left_out - len(listed):,} more rows without an identifier", err=True)
