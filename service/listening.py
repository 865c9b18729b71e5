"""The sockets that the service listens on, and what waitress is told about them."""

import errno
import socket
import sys
from typing import Any

from waitress.adjustments import Adjustments

from customers.errors import ConfigurationError
from service.app import MOST_BODY_BYTES
from service.connections import MOST_CONNECTIONS
from service.settings import ServiceSettings

MOST_HEADER_BYTES = 16 * 1024
# A kept connection is closed when it was idle for so many seconds.
IDLE_S = 60


def listening_sockets(settings: ServiceSettings) -> list[socket.socket]:
    """Every address that [service] host stands for, bound. Raises ConfigurationError."""
    bound: list[socket.socket] = []
    try:
        wanted = adjustments(settings)
        for family, kind, protocol, address in wanted.listen:
            bound.append(socket.socket(family, kind, protocol))
            _bind(bound[-1], address, wanted.backlog)
    except (OSError, ValueError) as error:
        for each in bound:
            each.close()
        raise ConfigurationError(
            f"[service] host, port: cannot listen on {settings.host}:{settings.port}: {_why(error)}"
        ) from error
    return bound


def _bind(unbound: socket.socket, address: Any, backlog: int) -> None:
    if unbound.family == socket.AF_INET6:
        unbound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    unbound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    unbound.bind(address)
    unbound.listen(backlog)


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


def adjustments(settings: ServiceSettings) -> Adjustments:
    """What waitress needs to know. Raises ValueError where [service] host leads to no address."""
    return Adjustments(
        host=settings.host,
        port=settings.port,
        ident=None,
        # Larger than any request: it comes in one piece.
        recv_bytes=64 * 1024,
        # Ours are dealt with in service.proxies, which looks at who sent them.
        clear_untrusted_proxy_headers=False,
        connection_limit=2 * MOST_CONNECTIONS,
        cleanup_interval=1,
        channel_timeout=IDLE_S,
        # Never to a temporary file: it would hold persons. What a connection has not read is in memory: an
        # answer and MOST_UNREAD_BYTES at most, and not for longer than REQUEST_S if it reads none of it. Who
        # has no key gets no large answer. A body is at most MOST_BODY_BYTES.
        outbuf_overflow=sys.maxsize,
        inbuf_overflow=sys.maxsize,
        max_request_header_size=MOST_HEADER_BYTES,
        max_request_body_size=MOST_BODY_BYTES + 1,
        log_socket_errors=False,
    )
