"""customer-lookup reindex"""

import click

from customer_lookup.commands.ending import dry_summary, end, summary
from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.jobs import opened_job
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
    with opened_job(configuration, "reindex", noted=not dry_run) as context:
        result = reindexing.reindex(context, resume=resume, force=force, dry_run=dry_run, progress=watcher())
    end(result, dry_summary(result) if dry_run else summary(result))
