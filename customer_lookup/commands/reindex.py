"""customer-lookup reindex"""

import sys

import click

from customer_lookup.commands.group import QUARANTINED
from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.jobs import opened_job, summary
from customer_lookup.progress import watcher
from sync import reindexing


@click.command()
@config_option
@click.option("--resume", is_flag=True, help="Go on with a reindex that was broken off.")
@click.option("--force", is_flag=True, help="Accept a source with far fewer customers than the index.")
@click.option("--dry-run", is_flag=True, help="Read and map every row, and write nothing.")
def reindex(configuration: Configuration, resume: bool, force: bool, dry_run: bool) -> None:
    """Read the whole source into a new index beside the live one, then switch at once.

    Lookups go on meanwhile. Exits 3 where rows are quarantined.

    \b
    Example:
      customer-lookup reindex --resume
    """
    with opened_job(configuration, "reindex") as context:
        result = reindexing.reindex(context, resume=resume, force=force, dry_run=dry_run, progress=watcher())
    click.echo(summary(result))
    sys.exit(QUARANTINED if result.quarantined else 0)
