"""The kinds of values in lookup.toml that end up in a header or an address."""

import re
from typing import Any

from marshmallow import ValidationError

from customer_lookup.fields import Secret, Text, Texts

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_PREFIX = re.compile(r"/|(/[A-Za-z0-9._~-]+)+/?")
_PRINTABLE = re.compile(r"[!-~]+")
# How to write what other programs call PostgreSQL, and SQLAlchemy no longer does.
POSTGRES = "postgresql+psycopg:// in place of postgres://"


class Key(Secret):
    """A secret that is sent in a header."""

    allowed = "a key of ASCII letters, digits and signs, without blanks"

    def read(self, value: Any) -> str:
        if not _PRINTABLE.fullmatch(super().read(value)):
            raise ValueError
        return str(value)


class DatabaseUrl(Secret):
    """Where a database is, as SQLAlchemy writes it. A password may be in it."""

    allowed = 'a database URL, such as "postgresql+psycopg://user:password@host/database"'

    def read(self, value: Any) -> str:
        if is_postgres(super().read(value)):
            raise ValidationError(POSTGRES)
        return str(value)


def is_postgres(url: str) -> bool:
    """Whether a URL is of PostgreSQL, but not as SQLAlchemy calls it."""
    return url.startswith(("postgres:", "postgres+"))


class Origins(Texts):
    """Web pages as browsers name them: without a path, and none for all."""

    allowed = 'a list of origins, such as ["https://pos.example"], without anything behind the host and port'

    def read(self, value: Any) -> tuple[str, ...]:
        origins = super().read(value)
        if not all(_ORIGIN.fullmatch(origin) for origin in origins):
            raise ValueError
        return tuple(map(_as_browsers_send_it, origins))


def _as_browsers_send_it(origin: str) -> str:
    """In lower case, and without the port that the scheme has by itself."""
    scheme, _, host = origin.lower().partition("://")
    return f"{scheme}://{host.removesuffix(':443' if scheme == 'https' else ':80')}"


class PathPrefix(Text):
    """The beginning of every path."""

    allowed = 'a path, such as "/customers-api"'

    def read(self, value: Any) -> str:
        if not _PREFIX.fullmatch(super().read(value)):
            raise ValueError
        return str(value)
