"""The command `customer-lookup`: a file per verb."""

import click

from customer_lookup.commands.demo import demo
from customer_lookup.commands.doctor import doctor
from customer_lookup.commands.group import Group
from customer_lookup.commands.init import init
from customer_lookup.commands.keys import keys
from customer_lookup.commands.quarantine import quarantine
from customer_lookup.commands.reindex import reindex
from customer_lookup.commands.rollback import rollback
from customer_lookup.commands.run import run
from customer_lookup.commands.search import search
from customer_lookup.commands.serve import serve
from customer_lookup.commands.status import status
from customer_lookup.commands.sync import sync
from customer_lookup.commands.verify import verify
from customer_lookup.commands.worker import worker


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="customer-lookup")
def main() -> None:
    """Find the merchant's customers at the till.

    Syncs customers from any SQL database into a search index, and answers the POS from it.

    \b
    Exit codes: 0 done, 1 failed, 2 wrong use or configuration, 3 done with quarantined rows.
    """


for command in (
    run,
    serve,
    worker,
    sync,
    reindex,
    verify,
    status,
    search,
    quarantine,
    rollback,
    doctor,
    init,
    keys,
    demo,
):
    main.add_command(command)
