"""customer-lookup run"""

import click

from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.serving import run_until_stopped


@click.command()
@config_option
def run(configuration: Configuration) -> None:
    """Sync and answer lookups in one process: all that the embedded index needs.

    Lookups are answered from the index that is there; 503 with Retry-After until the first one is built.
    Stops within 10 seconds when told to (Ctrl-C, SIGTERM).

    \b
    Example:
      customer-lookup run --config lookup.toml
    """
    run_until_stopped(configuration)
