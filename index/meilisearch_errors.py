"""What goes wrong with Meilisearch, in our own words.

Meilisearch's own message is never passed on: it may quote a document or a search term. Its error code is
safe, and is explained at https://www.meilisearch.com/docs/reference/errors/error_codes.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from urllib3.exceptions import (
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    TimeoutError,  # noqa: A004 - urllib3 calls it so
)

from customers.errors import EngineError, EngineUnavailable

# Busy or on its way up or down; trying again later may help.
_BUSY = {408, 429, 502, 503, 504}
_DISK_FULL = "no_space_left_on_device"
# How the key is called that makes the others, and that no lookup.toml has.
MASTER_KEY = "the master key"
# The code of an answer that has none.
UNKNOWN = "unknown"


class RefusedError(EngineError):
    """Meilisearch said no. `code` is its name for the reason, `status` the HTTP status."""

    def __init__(self, message: str, code: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as an error tells of it. `key` is how the key is called where it is set; `timeout` is in
    seconds."""

    url: str
    method: str
    path: str
    key: str
    timeout: float


def explain(error: HTTPError, call: Call) -> EngineError:
    """The EngineError to raise where no answer came."""
    reason = error.reason if isinstance(error, MaxRetryError) and error.reason else error
    if isinstance(reason, NewConnectionError):
        return EngineUnavailable(
            f"nothing listens at {call.url}: is Meilisearch running, and [index] url right?"
        )
    if isinstance(reason, TimeoutError):
        return EngineUnavailable(f"Meilisearch at {call.url} did not answer within {call.timeout:g} s")
    return EngineUnavailable(f"the connection to Meilisearch at {call.url} failed: {type(reason).__name__}")


def not_a_url(url: str) -> EngineError:
    """The EngineError to raise for an [index] url that is none."""
    return EngineError(f"[index] url: {url!r} is not a URL like http://127.0.0.1:7700")


def not_meilisearch(url: str) -> EngineError:
    """The EngineError to raise for an answer that is not JSON, or not of the shape that was asked for."""
    return EngineError(f"what answers at {url} is not Meilisearch: check [index] url")


def not_ours(name: str, url: str) -> EngineError:
    """An index by our name that another program made."""
    return EngineError(
        f"the index {name!r} at {url} was not made by customer-lookup: "
        "give another [index] name, or delete it"
    )


@contextmanager
def reading(url: str) -> Iterator[None]:
    """Around what takes an answer apart, or a decorator of it: one of another shape is not Meilisearch's."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise not_meilisearch(url) from error


def explain_task(code: str, kind: str, url: str) -> EngineError:
    """The EngineError to raise for a task of the type `kind` that failed with `code`."""
    if code == _DISK_FULL:
        return _disk_full(url)
    return RefusedError(f"Meilisearch at {url} failed to do {kind}: {code}", code, 200)


def explain_answer(status: int, content: bytes, call: Call) -> EngineError:
    """The EngineError to raise for an answer that is an error."""
    code = error_code(content)
    if code == _DISK_FULL:
        return _disk_full(call.url)
    if status in {401, 403}:
        return RefusedError(_permission(code, call), code, status)
    if status in _BUSY:
        return EngineUnavailable(
            f"Meilisearch at {call.url} is too busy to answer (HTTP {status}): try again later"
        )
    if status >= 500:
        return EngineUnavailable(
            f"Meilisearch at {call.url} has an error of its own (HTTP {status}, {code}): see its log and its "
            "disk: this is what it answers when that is full, too"
        )
    return RefusedError(f"Meilisearch at {call.url} refused {call.method} {call.path}: {code}", code, status)


def error_code(content: bytes) -> str:
    """Meilisearch's name for what was wrong; UNKNOWN where the answer has none."""
    try:
        return str(json.loads(content)["code"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return UNKNOWN


def _disk_full(url: str) -> EngineError:
    return EngineUnavailable(
        f"the disk of Meilisearch at {url} is full: free or add space, then it goes on by itself"
    )


def _permission(code: str, call: Call) -> str:
    """Meilisearch says the same of an unknown key and of one which may not: so name both."""
    action = required_action(call.method, call.path)
    if code == "missing_master_key":
        return f"Meilisearch at {call.url} runs without a master key, so it has no keys: start it with one"
    if code == "missing_authorization_header":
        return f"Meilisearch at {call.url} wants a key: set {call.key}"
    if call.key == MASTER_KEY:
        return (
            f"Meilisearch at {call.url} does not accept {call.key}: it is the one that the server was started"
            " with (MEILI_MASTER_KEY, or --master-key)"
        )
    other = "admin" if action == "search" else "search"
    return (
        f"Meilisearch at {call.url} does not accept {call.key}: it is unknown, expired, for another "
        f"index, or lacks the permission {action!r}, as the {other} key does; `customer-lookup keys` makes"
        " new ones"
    )


# The action that a key needs for a call: the first of these whose method and part of the path fit
# (https://www.meilisearch.com/docs/reference/api/keys#actions).
_ACTIONS = (
    ("post", "search", "search"),
    ("post", "documents/fetch", "documents.get"),
    ("post", "documents/delete", "documents.delete"),
    ("post", "documents", "documents.add"),
    ("get", "documents", "documents.get"),
    ("get", "settings", "settings.get"),
    ("patch", "settings", "settings.update"),
    ("get", "stats", "stats.get"),
    ("get", "version", "version"),
    ("post", "swap-indexes", "indexes.swap"),
    ("get", "tasks", "tasks.get"),
    ("get", "batches", "tasks.get"),
    ("get", "keys", "keys.get"),
    ("post", "keys", "keys.create"),
    ("delete", "keys", "keys.delete"),
    ("get", "indexes", "indexes.get"),
    ("post", "indexes", "indexes.create"),
    ("delete", "indexes", "indexes.delete"),
)


# The index of a call: it may be called `research`.
_NAMED = re.compile(r"^indexes/[^/?]+")


def required_action(method: str, path: str) -> str:
    """The action that a key must allow for a call."""
    call = _NAMED.sub("indexes", path)
    return next((action for verb, part, action in _ACTIONS if verb == method and part in call), "*")
