"""create_app: the service, of the collaborators handed to it."""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from flask import Flask

from customers.errors import ConfigurationError
from customers.settings import SearchSettings
from service import documentation, errors, headers, health, lookup, pages, refusals, request_log
from service.auth import Gate
from service.balances import Balances
from service.breaker import Breaker
from service.engine_check import EngineCheck
from service.finder import Finder
from service.keyring import Keyring
from service.metrics import Metrics, StateCollector
from service.parsing import AnyBytesRequest
from service.ports import LiveBalances, LookupIndex, SyncStatus
from service.proxies import Proxies, is_loopback
from service.room import EXTENSION, Room
from service.settings import ServiceSettings
from service.workers import Workers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# Nobody may keep an answer, so that there is none to ask for a change or a part of; and Werkzeug fails on
# dates beyond its reach.
_CONDITIONS = (
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_RANGE",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_RANGE",
)
# A lookup is a few hundred bytes; a body larger than this is a mistake or an attack.
MOST_BODY_BYTES = 16 * 1024


def create_app(
    *,
    settings: ServiceSettings,
    search: SearchSettings,
    index: LookupIndex,
    status: SyncStatus,
    live_balances: LiveBalances | None = None,
) -> Flask:
    """The WSGI application that answers the till. Its collaborators are shared between threads and stay the
    caller's to close. `live_balances` are asked where `settings.live_balances` is true. Raises
    ConfigurationError, also where strangers could reach a service without keys."""
    keyring = Keyring(settings.api_keys)
    check_open_to(settings.host, keyring)
    app = _Application(__name__)
    app.request_class = AnyBytesRequest
    app.config["MAX_CONTENT_LENGTH"] = MOST_BODY_BYTES
    app.url_map.merge_slashes = False
    app.url_map.converters["identifier"] = lookup.IdentifierConverter
    documentation.configure(app, settings)
    metrics, breaker = Metrics(), Breaker()
    engine = EngineCheck(index.check, Workers(1, "check"))
    live = live_balances if settings.live_balances else None
    balances = Balances(live, Workers(settings.threads, "balances"), breaker)
    app.extensions[EXTENSION] = Room(
        settings=settings,
        status=status,
        finder=Finder(index, balances, Workers(settings.threads, "engine"), search, settings),
        gate=Gate(settings, keyring, metrics),
        keyring=keyring,
        metrics=metrics,
        engine=engine,
    )
    metrics.watch(_state(settings, status, engine, breaker))
    _register(app, settings)
    proxied = Proxies(app.wsgi_app, settings.trusted_proxies, settings.path_prefix)
    app.wsgi_app = proxied  # type: ignore[method-assign]
    return app


class _Application(Flask):
    """Flask for views that are all plain functions, and for answers that nobody keeps."""

    def wsgi_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer whole, whatever the client has already."""
        for name in _CONDITIONS:
            environ.pop(name, None)
        return super().wsgi_app(environ, start_response)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """`func` as it is. Flask looks whether it is a coroutine, ten times a request."""
        return func


def keyring_of(app: Flask) -> Keyring:
    """The keys of `app`: `replace` takes new ones while it answers."""
    return cast(Room, app.extensions[EXTENSION]).keyring


def check_open_to(host: str, keyring: Keyring) -> None:
    """Raise ConfigurationError where `host` lets other machines in and there is no key to ask them for."""
    if not len(keyring) and not is_loopback(host):
        raise ConfigurationError(
            f"[service] host: {host!r} can be reached from other machines, which needs api_keys: "
            "add one, or bind 127.0.0.1"
        )


def _state(
    settings: ServiceSettings, status: SyncStatus, engine: EngineCheck, breaker: Breaker
) -> StateCollector:
    return StateCollector(
        report=status.report,
        engine_up=lambda: engine.problem() is None,
        breaker_open=lambda: breaker.is_open,
        stale_after=settings.stale_after,
    )


def _register(app: Flask, settings: ServiceSettings) -> None:
    """Order matters: what is registered first sees a request first, and a response last."""
    request_log.register(app)
    headers.register(app, settings.cors_origins)
    refusals.register(app)
    api = documentation.DocumentedApi(app)
    errors.register(app)
    api.register_blueprint(lookup.blueprint)
    api.register_blueprint(health.blueprint)
    api.register_blueprint(health.guarded)
    app.register_blueprint(pages.blueprint)
    # Flask would log the path of a failed request, which may hold an identifier; errors.py logs in its place.
    logging.getLogger(app.name).setLevel(logging.CRITICAL)
