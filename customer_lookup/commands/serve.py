"""customer-lookup serve"""

import logging
import threading

import click

from customer_lookup.commands.options import config_option
from customer_lookup.configuration import Configuration
from customer_lookup.serving import answer_as_share, answer_until_stopped
from customer_lookup.wiring import make_app, opened_index, opened_source, opened_state
from customers.errors import EngineError
from index.interface import CustomerIndex
from service.log_writer import log_writer
from service.share import Share

log = logging.getLogger(__name__)


@click.command()
@config_option
@click.option("--share", "text", hidden=True, help="What one of several processes is handed by the first.")
def serve(configuration: Configuration, text: str | None) -> None:
    """Answer lookups, and leave the syncing to a worker.

    Answers 503 until something is indexed. Stops when told to (Ctrl-C, SIGTERM), after the requests in
    flight.

    \b
    Example:
      customer-lookup serve --config /etc/customer-lookup/lookup.toml
    """
    share = None if text is None else Share.from_text(text)
    if share is not None:
        share.count_together()
    with (
        log_writer(),
        opened_source(configuration) as source,
        opened_state(configuration, is_needed=False) as state,
        opened_index(configuration) as index,
    ):
        app = make_app(configuration, index, state, source)
        if share is None:
            answer_until_stopped(configuration, app, lambda _port: _check(index))
        else:
            answer_as_share(configuration, app, share)


def _check(index: CustomerIndex) -> None:
    """Beside the answering: an engine that hangs would keep it from beginning."""
    threading.Thread(
        target=_say_what_is_wrong_with, args=(index,), name="check-at-start", daemon=True
    ).start()


def _say_what_is_wrong_with(index: CustomerIndex) -> None:
    """No reason not to start: lookups are answered as well as they can be, and the worker puts it right."""
    try:
        index.check()
    except EngineError as error:
        log.warning("%s", error, extra={"action": "start.index"})
