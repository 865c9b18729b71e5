"""The production server: waitress within bounds of size, time and number, stopped without losing anyone."""

import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from waitress import wasyncore

from customers.errors import ConfigurationError
from service import logs
from service.app import check_open_to, keyring_of
from service.connections import MOST_CONNECTIONS, Channel, Listener
from service.keyring import Keyring
from service.lanes import Lanes
from service.line import PATIENCE_S
from service.listening import adjustments, listening_sockets
from service.reloading import Reload
from service.settings import ServiceSettings
from service.share import Share, Turns
from service.signals import RELOAD, handled
from service.tills import Tills

# Seconds: a stop waits for what is in flight, and a moment of quiet; then for a thread that is still busy.
DRAIN_S = 3.0
QUIET_S = 0.5
BUSY_S = 0.5
# Seconds that a thread may go on computing while another waits for its turn, as long as this hurries.
HURRY_S = 0.00001


class _Pathless(logging.Filter):
    """Takes the path out of waitress's own log lines: it may hold a customer's identifier."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.args:
            record.msg, record.args = record.msg.replace(" %s", "").replace(" %r", ""), None
        # "Exception while serving" and "Client disconnected while serving" have it in them.
        record.msg = record.msg.partition(" serving ")[0]
        return True


class HttpServer:
    """The service on its socket. `run` blocks until `stop` is called, from any thread or a signal handler.

    `share` is what one of several processes has of its parent. Raises ConfigurationError where the address
    cannot be bound, or may not be without keys.
    """

    def __init__(self, app: Flask, settings: ServiceSettings, share: Share | None = None) -> None:
        check_open_to(settings.host, keyring_of(app))
        _quieten_waitress()
        bound = listening_sockets(settings) if share is None else share.open_sockets()
        _check_open_to(keyring_of(app), bound)
        self._sockets: dict[int, Any] = {}
        self._stop = threading.Event()
        self._line = Lanes(settings, Tills(keyring_of(app), settings), MOST_CONNECTIONS)
        self._turns = None if share is None else Turns(share.open_connections(), share.place)
        self._listeners = [
            Listener(
                app.wsgi_app,
                self._sockets,
                _sock=each,
                dispatcher=self._line,
                adj=adjustments(settings),
                bind_socket=False,
                sockinfo=(each.family, each.type, each.proto, each.getsockname()),
                turns=self._turns,
            )
            for each in bound
        ]

    @property
    def port(self) -> int:
        """The port that is bound: of interest where 0 was asked for."""
        return int(self._listeners[0].effective_port)

    def run(self) -> None:
        """Answer until told to stop; then answer what has come in, for DRAIN_S at most."""
        while not self._stop.is_set():
            self._turn(timeout=1.0)
        self._stop_listening()
        self._drain()
        self._line.shutdown(BUSY_S)
        wasyncore.close_all(self._sockets)

    def stop(self) -> None:
        """Make `run` return, soon."""
        self._stop.set()
        self._listeners[0].pull_trigger()

    def _stop_listening(self) -> None:
        """Whoever connects after the last look at who waits, and before the socket is closed, is reset. Other
        threads, which may compute for 5 ms before they let us on, would come between the two."""
        usual = sys.getswitchinterval()
        sys.setswitchinterval(HURRY_S)
        for listener in self._listeners:
            listener.stop_listening()
        sys.setswitchinterval(usual)

    def _turn(self, timeout: float) -> None:
        if self._turns is not None:
            self._turns.note(sum(len(listener.active_channels) for listener in self._listeners))
        if self._line.is_waiting:
            timeout = min(timeout, PATIENCE_S)
        wasyncore.loop(timeout=timeout, use_poll=True, map=self._sockets, count=1)
        self._line.hurry()

    def _drain(self) -> None:
        """Go on until nothing has been in flight for a moment: a kept connection may just be sending again,
        and is told with its answer that it is the last."""
        give_up_at = time.monotonic() + DRAIN_S
        quiet_since = time.monotonic()
        while time.monotonic() < give_up_at and time.monotonic() - quiet_since < QUIET_S:
            self._turn(timeout=0.05)
            if any(channel.is_in_flight for channel in self._channels()):
                quiet_since = time.monotonic()

    def _channels(self) -> list[Channel]:
        return [channel for listener in self._listeners for channel in listener.active_channels.values()]


def _check_open_to(keyring: Keyring, bound: Sequence[socket.socket]) -> None:
    """Whether the keyring does for what the sockets are bound to: the configuration may have changed since a
    parent bound them."""
    try:
        for each in bound:
            check_open_to(str(each.getsockname()[0]), keyring)
    except ConfigurationError:
        for each in bound:
            each.close()
        raise


def serve(
    app: Flask,
    settings: ServiceSettings,
    reload_keys: Callable[[], Sequence[str]] | None = None,
    on_listening: Callable[[int], None] | None = None,
    share: Share | None = None,
) -> None:
    """Serve `app` until SIGTERM or SIGINT, and then answer what is in flight. On SIGHUP the keys become what
    `reload_keys` answers. `on_listening` is called with the port once it is bound. With a `share`, until the
    parent says so or has ended. Blocks; for the main thread. Raises as HttpServer."""
    logs.look_up_less()
    server = HttpServer(app, settings, share)
    # Ctrl-C and systemd tell all processes at once; those of a parent wait for its word.
    told = server.stop if share is None else _wait_for_parent
    handlers = {signal.SIGTERM: told, signal.SIGINT: told}
    if reload_keys is not None and RELOAD is not None:
        handlers[RELOAD] = Reload(keyring_of(app), reload_keys).ask
    with handled(handlers):
        if share is not None:
            share.when_told(server.stop)
        if on_listening is not None:
            on_listening(server.port)
        server.run()


def _wait_for_parent() -> None:
    """Its word comes through the share, once it has closed its own of the sockets."""


def _quieten_waitress() -> None:
    """Its lines name paths, and one more line for each request that waits helps nobody under load."""
    pathless = _Pathless()
    for handler_logger in (logging.getLogger("waitress"), logging.getLogger("waitress.queue")):
        if not any(isinstance(known, _Pathless) for known in handler_logger.filters):
            handler_logger.addFilter(pathless)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
