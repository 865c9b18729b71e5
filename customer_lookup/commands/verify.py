"""customer-lookup verify"""

import sys

import click

from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.jobs import opened_job
from customer_lookup.progress import watcher
from sync import verification


@click.command()
@config_option
@click.option("--repair", is_flag=True, help="Put right what differs.")
def verify(configuration: Configuration, repair: bool) -> None:
    """Compare the source with the index itself, customer by customer.

    Exits 0 when they are equal, or were made so by --repair; 1 otherwise.

    \b
    Example:
      customer-lookup verify --repair
    """
    with opened_job(configuration, "verify") as context:
        result = verification.verify(context, repair=repair, progress=watcher())
    found = f"{result.missing:,} missing, {result.stale:,} stale, {result.extra:,} extra"
    click.echo(f"{found}; {result.repaired:,} repaired")
    if not result.equal:
        click.echo("the index differs from the source; run `customer-lookup verify --repair`", err=True)
        sys.exit(1)
