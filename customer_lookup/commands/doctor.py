"""customer-lookup doctor"""

import sys

import click

from customer_lookup.checks import examine
from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration


@click.command()
@config_option
def doctor(configuration: Configuration) -> None:
    """Check everything that customer-lookup needs, and say what to do.

    Exits 0 where nothing is wrong; advice is not wrong.

    \b
    Example:
      customer-lookup doctor
    """
    exit_code = 0
    for finding in examine(configuration):
        click.echo(f"{finding.verdict:<7} {finding.subject}: {finding.text}")
        exit_code = exit_code or finding.exit_code
    sys.exit(exit_code)
