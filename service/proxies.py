"""Behind a reverse proxy: believe its X-Forwarded-* headers, and nobody else's."""

import ipaddress
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from customers.errors import ConfigurationError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# How the headers begin with which a proxy says that it asks for somebody else.
_FORWARDING = ("HTTP_X_FORWARDED", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
# In the environ: whether a proxy passed this request on, trusted or not.
PASSED_ON = "customer_lookup.passed_on"
# An address with a port, as some proxies write it: `203.0.113.9:51234`, `[2001:db8::1]:443`, `[2001:db8::1]`.
_WITH_PORT = re.compile(r"\[([^\[\]]+)\](?::\d+)?|([^:]+):\d+")


class Proxies:
    """WSGI middleware. `trusted` are the proxies' addresses or networks; `prefix` is where they put the
    service (`/customers-api`), whether they strip it from the path or not. Raises ConfigurationError."""

    def __init__(self, app: "WSGIApplication", trusted: Iterable[str], prefix: str) -> None:
        self._app = app
        self._trusted = [_network(text) for text in trusted]
        self._prefix = _checked_prefix(prefix)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        names = [name for name in environ if name.startswith(_FORWARDING)]
        forwarded = {name: environ.pop(name) for name in names}
        environ[PASSED_ON] = bool(names)
        if self._trusted and self._is_trusted(environ.get("REMOTE_ADDR", "")):
            self._believe(environ, forwarded)
        if self._prefix:
            environ["SCRIPT_NAME"] = self._prefix
            path = environ.get("PATH_INFO", "")
            if path == self._prefix or path.startswith(self._prefix + "/"):
                environ["PATH_INFO"] = path[len(self._prefix) :] or "/"
        return self._app(environ, start_response)

    def _believe(self, environ: "WSGIEnvironment", forwarded: dict[str, str]) -> None:
        environ["REMOTE_ADDR"] = self._client(
            forwarded.get("HTTP_X_FORWARDED_FOR", ""), environ["REMOTE_ADDR"]
        )
        scheme = forwarded.get("HTTP_X_FORWARDED_PROTO", "").split(",")[-1].strip().lower()
        if scheme in {"http", "https"}:
            environ["wsgi.url_scheme"] = scheme
        host = forwarded.get("HTTP_X_FORWARDED_HOST", "").split(",")[-1].strip()
        if host:
            environ["HTTP_HOST"] = host

    def _client(self, forwarded_for: str, peer: str) -> str:
        """The last address in the header that is not a proxy of ours: those before it are only claimed. What
        is no address (`unknown`) leaves the proxy that wrote it."""
        for text in reversed([_without_port(part.strip()) for part in forwarded_for.split(",")]):
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
        written = [address]
        if address.version == 6 and address.ipv4_mapped is not None:
            # As a socket for both kinds of addresses has those of IPv4: `::ffff:10.0.0.1`.
            written.append(address.ipv4_mapped)
        return any(form in network for form in written for network in self._trusted)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`, an address or a name."""
    host = host.strip("[]").lower()
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _without_port(text: str) -> str:
    found = _WITH_PORT.fullmatch(text)
    return (found[1] or found[2]) if found else text


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
