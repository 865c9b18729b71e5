"""customer-lookup rollback"""

import click

from customer_lookup.commands.ending import end, summary
from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.jobs import opened_job
from customer_lookup.progress import watcher
from sync import rollback as job


@click.command()
@config_option
def rollback(configuration: Configuration) -> None:
    """Go back to the index before the live one, brought up to date first.

    It is kept for `[sync] keep_previous` after a reindex. Exits 3 where rows are quarantined.

    \b
    Example:
      customer-lookup rollback
    """
    with opened_job(configuration, "rollback") as context:
        result = job.rollback(context, watcher())
    end(result, summary(result))
