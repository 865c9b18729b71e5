"""What all commands share: one line per error, exit codes, and a clean end when told to stop."""

import gc
import logging
import signal
import sys
from importlib import import_module
from typing import Any

import click

from customers.errors import CustomerLookupError
from service import logs
from service.signals import keep_reload

log = logging.getLogger(__name__)

# What a shell reports for a program that ended by SIGINT.
INTERRUPTED = 130
QUARANTINED = 3
# New objects between two looks for cycles. Customers by the thousand hold none; looking after every 700, as
# Python does by itself, takes a tenth of a reindex.
OBJECTS = 100_000
# Libraries that say more than anyone asked for; theirs is heard from warnings on.
_CHATTY = ("alembic", "apscheduler", "urllib3")

# In the order of the help. Each is a module of this package with a command of the same name.
VERBS = (
    "run",
    "serve",
    "worker",
    "sync",
    "reindex",
    "verify",
    "status",
    "search",
    "quarantine",
    "rollback",
    "forget",
    "doctor",
    "init",
    "keys",
    "demo",
)

# SIGHUP asks those that serve for new keys, at any time, and the worker for nothing; it ends the others.
_ENDLESS = {"run", "serve", "worker", "demo"}


class Group(click.Group):
    """Runs a command; an error that has a name becomes its sentence on stderr and its exit code. A command is
    imported when it is asked for: a process that only serves has no need of what the others bring in."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """See click.Group.list_commands."""
        return list(VERBS)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See click.Group.parse_args: --config may stand before the command too."""
        return super().parse_args(ctx, _behind_the_command(args))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """See click.Group.resolve_command: what is asked for is known, and not imported yet."""
        if args[0] in _ENDLESS:
            keep_reload()
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """See click.Group.get_command."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = getattr(import_module(f"customer_lookup.commands.{cmd_name}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """See click.Group.invoke."""
        logs.configure()
        gc.set_threshold(OBJECTS)
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            return super().invoke(ctx)
        except CustomerLookupError as error:
            click.echo(f"customer-lookup: {error}", err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            how = "; customer-lookup reindex --resume goes on" if ctx.invoked_subcommand == "reindex" else ""
            click.echo(f"customer-lookup: stopped; what is confirmed is kept{how}", err=True)
            sys.exit(INTERRUPTED)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise  # click's own way to end
        except Exception as error:
            # Its words may quote a customer: the log has its kind and the places in the code.
            log.critical("unexpected %s", type(error).__name__, exc_info=error)
            sys.exit(CustomerLookupError.exit_code)


def _behind_the_command(args: list[str]) -> list[str]:
    """`args` with a --config that stands first put behind the command, whose option it is."""
    length = 2 if args[:1] == ["--config"] else 1 if args and args[0].startswith("--config=") else 0
    return [*args[length : length + 1], *args[:length], *args[length + 1 :]] if len(args) > length else args


def _interrupt(_signal: int, _frame: object) -> None:
    """Told to stop: end as with Ctrl-C, so that leases and files are let go of."""
    raise KeyboardInterrupt
