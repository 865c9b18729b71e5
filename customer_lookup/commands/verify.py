"""customer-lookup verify"""

import sys

import click

from customer_lookup.commands.group import QUARANTINED
from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.jobs import opened_job
from customer_lookup.progress import watcher
from customers.errors import LeaseHeld
from sync import quarantine, verification
from sync.context import SyncContext
from sync.erasure import tidy


@click.command()
@config_option
@click.option("--repair", is_flag=True, help="Put right what differs.")
def verify(configuration: Configuration, repair: bool) -> None:
    """Compare the source, the ledger and the index itself, customer by customer.

    With --repair also what the scheduler does after each verify: generations that nobody needs are removed,
    and customers who were deleted [sync] keep_previous ago are erased from every file, by a reindex.

    Exits 0 when they are equal, or were made so by --repair; 3 when they are, but for quarantined rows;
    1 otherwise, also where the index has to be built anew whatever is repaired in it.

    \b
    Example:
      customer-lookup verify --repair
    """
    with opened_job(configuration, "verify") as context:
        result = verification.verify(context, repair=repair, progress=watcher())
        tidied = _tidied(context) if repair else ""
        quarantined = quarantine.count(context.state)
    more = f"; {quarantined:,} quarantined; `customer-lookup quarantine` lists them" if quarantined else ""
    click.echo(f"{result.summary}{more}")
    if tidied:
        click.echo(tidied)
    if result.distrusted:
        click.echo(f"{result.distrusted}; the next sync reindexes", err=True)
        sys.exit(1)
    if not result.equal:
        click.echo("they are not equal; run `customer-lookup verify --repair`", err=True)
        sys.exit(1)
    sys.exit(QUARANTINED if quarantined else 0)


def _tidied(context: SyncContext) -> str:
    try:
        built = tidy(context, watcher())
    except LeaseHeld as held:
        return f"what was deleted is not erased yet: {held}"
    return "who was deleted is erased: the index was built anew" if built else ""
