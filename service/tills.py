"""Tills: which requests are theirs, as far as it can be told before they are answered."""

import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import unquote_plus

from service.credentials import key_in
from service.keyring import Keyring
from service.settings import ServiceSettings

_QUERY_KEY = re.compile(r"&apikey=([^&]*)")


class Request(Protocol):
    """What waitress has read of a request; names of headers as in `X_API_KEY`."""

    headers: Mapping[str, str]
    path: str
    query: str


class Tills:
    """Tells whether a request is a till's: it has a right key, or is a lookup where none is needed. That is
    no leave to be answered, which Gate gives, and only says with whom it waits. For the loop that reads the
    connections: takes microseconds, and anything that strangers send."""

    def __init__(self, keyring: Keyring, settings: ServiceSettings) -> None:
        self._keyring = keyring
        self._allow_query_key = settings.allow_query_key
        self._lookups = ("/customers/", settings.path_prefix.rstrip("/") + "/customers/")

    def sent(self, request: Request) -> bool:
        """Whether a till has sent it."""
        if not len(self._keyring):
            return request.path.startswith(self._lookups)
        key = key_in(request.headers.get("X_API_KEY"), request.headers.get("AUTHORIZATION"))
        if not key and self._allow_query_key:
            key = _query_key(request.query)
        return self._keyring.name_of(key or "") is not None


def _query_key(query: str) -> str:
    keys = _QUERY_KEY.findall("&" + query)
    return unquote_plus(keys[0]) if len(keys) == 1 else ""
