"""customer-lookup sync"""

import click

from customer_lookup.commands.ending import end, summary
from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.jobs import opened_job
from customer_lookup.progress import watcher
from sync import incremental


@click.command()
@config_option
def sync(configuration: Configuration) -> None:
    """Bring what changed in the source to the index, once.

    Indexes everything where nothing is indexed yet. Exits 3 where rows are quarantined.

    \b
    Example:
      customer-lookup sync --config lookup.toml
    """
    with opened_job(configuration, "sync") as context:
        result = incremental.sync(context, watcher())
    end(result, summary(result))
