"""customer-lookup demo"""

import time
from dataclasses import replace
from pathlib import Path

import click

from customer_lookup.commands.ending import summary
from customer_lookup.configuration import Configuration, load
from customer_lookup.jobs import opened_job
from customer_lookup.progress import watcher
from customer_lookup.serving import run_until_stopped
from customers.errors import ConfigurationError, LeaseHeld, NoLiveGeneration
from sync.context import SyncContext
from sync.reindexing import reindex

# Between two looks whether another process is still indexing.
WAIT_SECONDS = 1.0


@click.command()
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    default="var/demo/lookup.toml",
    show_default=True,
    envvar="CUSTOMER_LOOKUP_CONFIG",
    show_envvar=True,
    help="Where the sample shop's configuration is, or will be; its data lies beside it.",
)
@click.option("--port", type=click.IntRange(0, 65535), help="Another port than the configuration's.")
def demo(file: Path, port: int | None) -> None:
    """Make a sample merchant database, index it, and run.

    20,000 made-up customers, always the same ones. What you change in the database stays.

    \b
    Example:
      customer-lookup demo --port 8081
    """
    _make_shop(file)
    configuration = load(file)
    if port is not None:
        configuration = replace(configuration, service=replace(configuration.service, port=port))
    _index_first(configuration)
    run_until_stopped(configuration, _invite)


def _make_shop(file: Path) -> None:
    try:
        from customer_lookup.demo.shop import make_shop  # noqa: PLC0415 - Faker is there only where it is wanted
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"the demo needs {error.name}: install it with `pip install 'customer-lookup[demo]'`"
        ) from None
    try:
        make_shop(file, watcher())
    except OSError as error:
        raise ConfigurationError(
            f"{file}: cannot be written ({error.strerror}); name another with --config"
        ) from None


def _index_first(configuration: Configuration) -> None:
    """With a progress bar, before anyone may ask. A later start finds the index there; one that follows on a
    demo that was killed waits until that one's lease is over."""
    with opened_job(configuration, "demo") as context:
        said = ""
        while not _is_indexed(context):
            try:
                click.echo(summary(reindex(context, resume=True, progress=watcher())))
            except LeaseHeld as held:
                if said != (said := str(held).partition(", in ")[0]):
                    click.echo(f"waiting: {held}")
                time.sleep(WAIT_SECONDS)


def _is_indexed(context: SyncContext) -> bool:
    try:
        context.index.check()
    except NoLiveGeneration:
        return False
    return True


def _invite(port: int) -> None:
    url = f"http://127.0.0.1:{port}"
    click.echo(f"the lookup page: {url}/   the sync: {url}/status   Ctrl-C stops")
    click.echo(f"try: curl '{url}/customers/lookup?search_term=mette+nielsen&currency_code=DKK'")
