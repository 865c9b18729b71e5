"""The two keys that customer-lookup needs of a Meilisearch server, each with the least that does."""

import uuid
from dataclasses import dataclass
from typing import Any

from customers.errors import ConfigurationError, EngineError
from index.meilisearch_errors import MASTER_KEY, RefusedError
from index.meilisearch_http import Client

_ADMIN_ACTIONS = (
    "documents.add",
    "documents.delete",
    "documents.get",
    "indexes.create",
    "indexes.delete",
    "indexes.get",
    "indexes.swap",
    "settings.get",
    "settings.update",
    "stats.get",
    "tasks.get",
    "version",
)
_MOST_KEYS = 1000

# Calls that change nothing and that a key for lookups may not make; each stands for a kind of power.
_POWERS = (
    ("get", "keys?limit=1"),
    ("get", "version"),
    ("get", "stats"),
    ("get", "tasks?limit=1"),
    ("get", "indexes?limit=1"),
    ("get", "indexes/{name}/settings"),
    ("get", "indexes/{name}/documents?limit=1"),
    # Without a content type this is refused before anything is taken, but only after the key was looked at.
    ("post", "indexes/{name}/documents"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key as it should be. `setting` is its place in [index]; `title` is how it is called on the server."""

    setting: str
    title: str
    actions: tuple[str, ...]
    indexes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyReport:
    """A key on the server: `secret` is the key itself. `new` where it was just made; `older` counts the
    ones of the same title that a rotation has left valid."""

    setting: str
    secret: str
    new: bool
    older: int


def wanted_keys(name: str) -> tuple[Wanted, Wanted]:
    """The search key and the admin key for the index `name`. The admin key is for all indexes because a
    swap's task belongs to none, and is hidden from a key that is for some."""
    return (
        Wanted("search_key", f"customer-lookup search: {name}", ("search",), (name,)),
        Wanted("admin_key", f"customer-lookup admin: {name}", _ADMIN_ACTIONS, ("*",)),
    )


class Keys:
    """Makes, checks and rotates the keys for the index `name`, with the master key."""

    def __init__(self, url: str, master_key: str, name: str, *, timeout: float = 10.0) -> None:
        self._client = Client(url, master_key, key_name=MASTER_KEY, timeout=timeout, patient=False)
        self._wanted = wanted_keys(name)

    def ensure(self) -> list[KeyReport]:
        """The keys, made where they are missing. Raises EngineError where one may do more or less than it
        should: a key's permissions cannot be changed, so it has to be rotated."""
        return [self._ensured(wanted) for wanted in self._wanted]

    def rotate(self) -> list[KeyReport]:
        """New keys. The older ones stay valid until `revoke`, so that nothing stops meanwhile."""
        return [self._made(wanted, len(self._found(wanted))) for wanted in self._wanted]

    def revoke(self) -> int:
        """Delete all but the newest of each key; how many that were."""
        older = [key for wanted in self._wanted for key in self._found(wanted)[:-1]]
        for key in older:
            self._client.http.delete(f"keys/{key['uid']}")
        return len(older)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _ensured(self, wanted: Wanted) -> KeyReport:
        found = self._found(wanted)
        if not found:
            return self._made(wanted, 0)
        newest = found[-1]
        if set(newest["actions"]) != set(wanted.actions) or set(newest["indexes"]) != set(wanted.indexes):
            may, should = sorted(newest["actions"]), sorted(wanted.actions)
            raise EngineError(
                f"the key {wanted.title!r} may do {may} on {newest['indexes']}, and should do {should} on "
                f"{list(wanted.indexes)}: run `customer-lookup keys --rotate`"
            )
        return KeyReport(wanted.setting, newest["key"], False, len(found) - 1)

    def _made(self, wanted: Wanted, older: int) -> KeyReport:
        key = self._client.create_key(
            {
                "uid": str(uuid.uuid4()),
                "name": wanted.title,
                "description": f"[index] {wanted.setting} of customer-lookup",
                "actions": list(wanted.actions),
                "indexes": list(wanted.indexes),
                "expiresAt": None,
            }
        )
        return KeyReport(wanted.setting, key.key, True, older)

    def _found(self, wanted: Wanted) -> list[dict[str, Any]]:
        """The keys of this title, oldest first."""
        keys = self._client.http.get(f"keys?limit={_MOST_KEYS}")["results"]
        return sorted(
            (key for key in keys if key["name"] == wanted.title), key=lambda key: str(key["createdAt"])
        )


def check_search_key(client: Client, name: str) -> None:
    """Raise ConfigurationError where the client's key, meant for lookups on the index `name`, may do more."""
    for method, template in _POWERS:
        path = template.format(name=name)
        if _may(client, method, path):
            raise ConfigurationError(
                f"[index] search_key may do more than search at {client.config.url} ({method} {path}): make "
                "one with `customer-lookup keys`, or set [index] allow_powerful_search_key = true"
            )


def _may(client: Client, method: str, path: str) -> bool:
    """Whether the server lets the key make this call, whatever comes of it."""
    try:
        if method == "get":
            client.http.get(path)
        else:
            client.http.post(path, b"", content_type=None)
    except RefusedError as refusal:
        return refusal.status not in {401, 403}
    return True
