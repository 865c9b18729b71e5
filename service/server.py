"""The production server: waitress within bounds of size, time and number, stopped without losing anyone."""

import errno
import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments

from customers.errors import ConfigurationError, CustomerLookupError
from service.app import MOST_BODY_BYTES, check_open_to, keyring_of
from service.connections import MOST_CONNECTIONS, Channel, Line, Listener
from service.settings import ServiceSettings

MOST_HEADER_BYTES = 16 * 1024
# Seconds: a kept connection is closed when idle; a stop waits for what is in flight, and a moment of quiet.
IDLE_S = 60
STOP_S = 10.0
QUIET_S = 0.5

logger = logging.getLogger(__name__)


class _Pathless(logging.Filter):
    """Takes the path out of waitress's own log lines: it may hold a customer's identifier."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.args:
            record.msg, record.args = record.msg.replace(" %s", "").replace(" %r", ""), None
        return True


class HttpServer:
    """The service on its socket. `run` blocks until `stop` is called, from any thread or a signal handler.

    Raises ConfigurationError where the address cannot be bound, or may not be without keys.
    """

    def __init__(self, app: Flask, settings: ServiceSettings) -> None:
        check_open_to(settings.host, keyring_of(app))
        _quieten_waitress()
        self._sockets: dict[int, Any] = {}
        self._stop = threading.Event()
        self._line = Line(settings.threads, settings.queue)
        try:
            adjustments = _adjustments(settings)
            self._listeners = [
                Listener(
                    app.wsgi_app, self._sockets, dispatcher=self._line, adj=adjustments, sockinfo=sockinfo
                )
                for sockinfo in adjustments.listen
            ]
        except (OSError, ValueError) as error:
            self._line.shutdown()
            wasyncore.close_all(self._sockets)
            raise ConfigurationError(
                f"[service] host, port: cannot listen on {settings.host}:{settings.port}: {_why(error)}"
            ) from error

    @property
    def port(self) -> int:
        """The port that is bound: of interest where 0 was asked for."""
        return int(self._listeners[0].effective_port)

    def run(self) -> None:
        """Answer until told to stop; then answer what has come in, for STOP_S at most."""
        while not self._stop.is_set():
            self._turn(timeout=1.0)
        for listener in self._listeners:
            listener.stop_listening()
        self._drain()
        self._line.shutdown()
        wasyncore.close_all(self._sockets)

    def stop(self) -> None:
        """Make `run` return, soon."""
        self._stop.set()
        self._listeners[0].pull_trigger()

    def _turn(self, timeout: float) -> None:
        wasyncore.loop(timeout=timeout, use_poll=True, map=self._sockets, count=1)

    def _drain(self) -> None:
        """Go on until nothing has been in flight for a moment: a kept connection may just be sending again,
        and is told with its answer that it is the last."""
        give_up_at = time.monotonic() + STOP_S
        quiet_since = time.monotonic()
        while time.monotonic() < give_up_at and time.monotonic() - quiet_since < QUIET_S:
            self._turn(timeout=0.05)
            if any(channel.is_in_flight for channel in self._channels()):
                quiet_since = time.monotonic()

    def _channels(self) -> list[Channel]:
        return [channel for listener in self._listeners for channel in listener.active_channels.values()]


def serve(
    app: Flask,
    settings: ServiceSettings,
    reload_keys: Callable[[], Sequence[str]] | None = None,
    on_listening: Callable[[int], None] | None = None,
) -> None:
    """Serve `app` until SIGTERM or SIGINT, and then answer what is in flight. On SIGHUP the keys become what
    `reload_keys` answers. `on_listening` is called with the port once it is bound. Blocks; for the main
    thread. Raises as HttpServer."""
    server = HttpServer(app, settings)
    handlers: dict[int, Callable[[int, object], None]] = {
        signal.SIGTERM: lambda *_: server.stop(),
        signal.SIGINT: lambda *_: server.stop(),
    }
    if reload_keys is not None and hasattr(signal, "SIGHUP"):
        handlers[signal.SIGHUP] = lambda *_: _reload(app, reload_keys)
    former = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        if on_listening is not None:
            on_listening(server.port)
        server.run()
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _reload(app: Flask, reload_keys: Callable[[], Sequence[str]]) -> None:
    """New keys; where they are wrong the old ones stay, and the log says what is wrong."""
    try:
        keyring_of(app).replace(reload_keys())
    except CustomerLookupError as error:
        logger.error("the keys were not reloaded: %s", error)  # noqa: TRY400 - a sentence, not a traceback
    else:
        logger.info("the keys were reloaded")


def _why(error: OSError | ValueError) -> str:
    """Why an address cannot be listened on, and what to do."""
    if not isinstance(error, OSError):  # waitress asked the resolver
        return "the name leads to no address; name one of this machine, or 127.0.0.1"
    causes = {
        errno.EADDRINUSE: "stop what is using it, or choose another port",
        errno.EADDRNOTAVAIL: "this machine has no such address; name one of its own, or 127.0.0.1",
        errno.EACCES: "this user may not use the port; choose one from 1024 on",
    }
    return causes.get(error.errno or 0, f"{error.strerror or 'refused'}; choose another host or port")


def _adjustments(settings: ServiceSettings) -> Adjustments:
    return Adjustments(
        host=settings.host,
        port=settings.port,
        ident=None,
        # Larger than any request: what is refused has been read, so closing does not cut the refusal off.
        recv_bytes=64 * 1024,
        # Ours are dealt with in service.proxies, which looks at who sent them.
        clear_untrusted_proxy_headers=False,
        connection_limit=2 * MOST_CONNECTIONS,
        cleanup_interval=1,
        channel_timeout=IDLE_S,
        max_request_header_size=MOST_HEADER_BYTES,
        max_request_body_size=MOST_BODY_BYTES + 1,
        log_socket_errors=False,
    )


def _quieten_waitress() -> None:
    """Its lines name paths, and one more line for each request that waits helps nobody under load."""
    pathless = _Pathless()
    for handler_logger in (logging.getLogger("waitress"), logging.getLogger("waitress.queue")):
        if not any(isinstance(known, _Pathless) for known in handler_logger.filters):
            handler_logger.addFilter(pathless)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
