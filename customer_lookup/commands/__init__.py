"""The command `customer-lookup`: a file per verb."""

import click

from customer_lookup.commands.group import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="customer-lookup")
def main() -> None:
    """Find the merchant's customers at the till.

    Syncs customers from any SQL database into a search index, and answers the POS from it.

    \b
    Exit codes: 0 done, 1 failed, 2 wrong use or configuration, 3 done with quarantined rows,
    130 stopped before it was done (Ctrl-C, SIGTERM).
    """
