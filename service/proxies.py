"""Behind a reverse proxy: believe its X-Forwarded-* headers, and nobody else's."""

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING

from customers.errors import ConfigurationError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")
# In the environ: whether somebody who is not trusted says that this request comes from someone else.
UNTRUSTED_PROXY = "customer_lookup.untrusted_proxy"


class Proxies:
    """WSGI middleware. `trusted` are the proxies' addresses or networks; `prefix` is where they put the
    service (`/customers-api`), whether they strip it from the path or not. Raises ConfigurationError."""

    def __init__(self, app: "WSGIApplication", trusted: Iterable[str], prefix: str) -> None:
        self._app = app
        self._trusted = [_network(text) for text in trusted]
        self._prefix = _checked_prefix(prefix)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        forwarded = {name: environ.pop(name, "") for name in _FORWARDED}
        if self._trusted and self._is_trusted(environ.get("REMOTE_ADDR", "")):
            self._believe(environ, forwarded)
        else:
            environ[UNTRUSTED_PROXY] = any(forwarded.values())
        if self._prefix:
            environ["SCRIPT_NAME"] = self._prefix
            path = environ.get("PATH_INFO", "")
            if path == self._prefix or path.startswith(self._prefix + "/"):
                environ["PATH_INFO"] = path[len(self._prefix) :] or "/"
        return self._app(environ, start_response)

    def _believe(self, environ: "WSGIEnvironment", forwarded: dict[str, str]) -> None:
        environ["REMOTE_ADDR"] = self._client(forwarded["HTTP_X_FORWARDED_FOR"], environ["REMOTE_ADDR"])
        scheme = forwarded["HTTP_X_FORWARDED_PROTO"].split(",")[-1].strip().lower()
        if scheme in {"http", "https"}:
            environ["wsgi.url_scheme"] = scheme
        host = forwarded["HTTP_X_FORWARDED_HOST"].split(",")[-1].strip()
        if host:
            environ["HTTP_HOST"] = host

    def _client(self, forwarded_for: str, peer: str) -> str:
        """The last address in the header that is not a proxy of ours: those before it are only claimed."""
        for text in reversed([part.strip() for part in forwarded_for.split(",")]):
            if not _is_address(text):
                break
            peer = text
            if not self._is_trusted(text):
                break
        return peer

    def _is_trusted(self, text: str) -> bool:
        if not _is_address(text):
            return False
        address = ipaddress.ip_address(text)
        return any(address in network for network in self._trusted)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`, an address or a name."""
    host = host.strip("[]").lower()
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise ConfigurationError(
            f"[service] trusted_proxies: {text!r} is neither an address nor a network such as 10.0.0.0/8"
        ) from error


def _checked_prefix(prefix: str) -> str:
    prefix = prefix.rstrip("/")
    if prefix and not prefix.startswith("/"):
        raise ConfigurationError(
            f"[service] path_prefix: {prefix!r} has to start with /, such as /customers-api"
        )
    return prefix
