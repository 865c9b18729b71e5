"""How a command ends that brought an index up to the source: what it says, and its exit code."""

import sys
from typing import Never

import click

from customer_lookup.commands.group import QUARANTINED
from sync.context import SyncResult


def summary(result: SyncResult) -> str:
    """What a pass did, for a person."""
    counts = f"{result.read:,} read, {result.written:,} written, {result.unchanged:,} unchanged"
    counts += f", {result.deleted:,} deleted, {result.quarantined:,} quarantined"
    more = "; `customer-lookup quarantine` lists them" if result.quarantined else ""
    return f"{result.generation}: {counts} in {result.seconds:.1f} s{more}"


def dry_summary(result: SyncResult) -> str:
    """What a reindex would have done."""
    counts = f"{result.read:,} read, {result.quarantined:,} would be quarantined"
    return f"dry run, nothing was written: {counts} in {result.seconds:.1f} s"


def end(result: SyncResult, say: str) -> Never:
    """Say it, and exit: 0 where all is done, 3 where rows are quarantined."""
    click.echo(say)
    sys.exit(QUARANTINED if result.quarantined else 0)
