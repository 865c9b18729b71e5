"""customer-lookup forget"""

import click

from customer_lookup.commands.ending import end, summary
from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.jobs import opened_job
from customer_lookup.progress import watcher
from sync import erasure


@click.command()
@click.argument("identifier")
@config_option
def forget(configuration: Configuration, identifier: str) -> None:
    """Erase a customer that the source has deleted, from every file of ours.

    Without it that happens by itself, `[sync] keep_previous` after the deletion. Builds a new index, and
    removes all others: there is nothing to roll back to afterwards. Where nothing of ours can hold the
    customer, it says so and builds nothing.
    Exits 0 when that is done, 3 when it is and other rows are quarantined.

    \b
    Example:
      customer-lookup forget C-1042
    """
    with opened_job(configuration, "forget") as context:
        forgotten = erasure.forget(context, identifier, watcher())
    shown = identifier.encode("utf-8", "replace").decode()  # a shell hands over any bytes
    if forgotten.result is None:
        click.echo(f"nobody was known as {shown}: nothing to erase")
        return
    if forgotten.was_known:
        click.echo(f"{shown} is erased")
    else:
        click.echo(f"nobody is known as {shown}; all whom the source had deleted before are erased")
    end(forgotten.result, summary(forgotten.result))
