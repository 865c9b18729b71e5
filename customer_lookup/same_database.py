"""Whether two URLs lead to one database, as far as can be told without connecting."""

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

_PORTS = {"postgresql": 5432, "mysql": 3306}


def is_same_database(one: str, other: str) -> bool:
    """Whatever the user, the driver and the options are. What is no URL is like nothing."""
    try:
        return _place(one) == _place(other)
    except (ArgumentError, ValueError):
        return False


def _place(url: str) -> tuple[object, ...]:
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    kind = "mysql" if kind == "mariadb" else kind
    if kind == "sqlite":
        return kind, Path(parsed.database or "").resolve()
    host = "127.0.0.1" if parsed.host in {None, "localhost"} else parsed.host
    socket = parsed.query.get("host") or parsed.query.get("unix_socket")
    return kind, host, socket, parsed.port or _PORTS.get(kind), parsed.database
