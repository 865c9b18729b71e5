"""Answers lookups until told to stop, with or without the jobs of the sync beside it."""

import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from flask import Flask

from customer_lookup.configuration import Configuration, load
from customer_lookup.jobs import opened_runner, scheduled
from customer_lookup.wiring import make_app, naming, opened_source
from service.app import keyring_of
from service.log_writer import log_writer
from service.processes import Processes
from service.server import serve
from service.share import Share

log = logging.getLogger(__name__)


def run_until_stopped(
    configuration: Configuration, on_listening: Callable[[int], None] | None = None
) -> None:
    """Sync and answer in this process. The jobs start once the port is ours, so that a second process on the
    same machine fails before it touches anything."""
    with (
        log_writer(),
        opened_runner(configuration, "run") as context,
        opened_source(configuration) as live,  # passes let go of their connections, lookups keep theirs
        ExitStack() as jobs,
    ):

        def begin(port: int) -> None:
            jobs.enter_context(scheduled(context))
            if on_listening is not None:
                on_listening(port)

        app = make_app(configuration, context.index, context.state, live)
        answer_until_stopped(configuration, app, begin)


def answer_until_stopped(
    configuration: Configuration, app: Flask, on_listening: Callable[[int], None] | None = None
) -> None:
    """Answer on [service] host and port, in as many processes as [service] says. SIGHUP reads the api keys
    anew."""

    def listening(port: int) -> None:
        keyring_of(app).warn_of_short()
        log.info("listening", extra={"fields": {"host": configuration.service.host, "port": port}})
        if on_listening is not None:
            on_listening(port)

    with naming(configuration.file):
        if configuration.service.processes > 1:
            Processes(configuration.service, _command(configuration.file)).run(listening)
        else:
            serve(app, configuration.service, _keys_of(configuration.file), listening)


def answer_as_share(configuration: Configuration, app: Flask, share: Share) -> None:
    """Answer as one of several processes, which the parent started with `_command`."""
    with naming(configuration.file):
        serve(app, configuration.service, _keys_of(configuration.file), share=share)


def _command(file: Path) -> Callable[[str], Sequence[str]]:
    command = [sys.executable, "-m", "customer_lookup", "serve", "--config", str(file), "--share"]
    return lambda share: [*command, share]


def _keys_of(file: Path) -> Callable[[], Sequence[str]]:
    return lambda: load(file).service.api_keys
