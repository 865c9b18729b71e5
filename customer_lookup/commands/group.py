"""What all commands share: one line per error, exit codes, and a clean end when told to stop."""

import logging
import signal
import sys
from typing import Any

import click

from customers.errors import CustomerLookupError
from service import logs

# What a shell reports for a program that ended by SIGINT.
INTERRUPTED = 130
QUARANTINED = 3
# Libraries that say more than anyone asked for; theirs is heard from warnings on.
_CHATTY = ("alembic", "apscheduler", "urllib3")


class Group(click.Group):
    """Runs a command; an error that has a name becomes its sentence on stderr and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """See click.Group.invoke."""
        logs.configure()
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            return super().invoke(ctx)
        except CustomerLookupError as error:
            click.echo(f"customer-lookup: {error}", err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("customer-lookup: stopped; what is confirmed is kept", err=True)
            sys.exit(INTERRUPTED)


def _interrupt(_signal: int, _frame: object) -> None:
    """Told to stop: end as with Ctrl-C, so that leases and files are let go of."""
    raise KeyboardInterrupt
