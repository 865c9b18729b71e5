"""The two keys that customer-lookup needs of a Meilisearch server, each with the least that does."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

from customers.errors import ConfigurationError, EngineError
from index.meilisearch_errors import MASTER_KEY, UNKNOWN, RefusedError
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

# Nobody's key, webhook or settings.
_NOBODY = "00000000-0000-0000-0000-000000000000"

# A call for each action that a key for lookups may not have, and one for another index. They change nothing:
# without a content type, or with what they are about missing, they are refused before anything is taken, but
# only after the key was looked at. Deleting or compacting an index, compacting the tasks, a dump and a
# snapshot need nothing, so that only doing it would tell: they are not among these.
_POWERS = (
    ("post", "indexes/{name}/documents"),
    ("get", "indexes/{name}/documents?limit=1"),
    ("post", "indexes/{name}/documents/delete"),
    ("post", "indexes"),
    ("get", "indexes?limit=1"),
    ("patch", "indexes/{name}"),
    ("post", "swap-indexes"),
    ("post", "tasks/cancel"),
    ("delete", "tasks"),
    ("get", "tasks?limit=1"),
    ("get", "indexes/{name}/settings"),
    ("patch", "indexes/{name}/settings"),
    ("get", "stats"),
    ("get", "metrics"),
    ("get", "version"),
    ("post", "keys"),
    ("get", "keys?limit=1"),
    ("patch", f"keys/{_NOBODY}"),
    ("delete", f"keys/{_NOBODY}"),
    ("get", "experimental-features"),
    ("patch", "experimental-features"),
    ("post", "export"),
    ("get", "network"),
    ("patch", "network"),
    ("post", "chats/nobody/chat/completions"),
    ("get", "chats"),
    ("delete", f"chats/{_NOBODY}"),
    ("get", f"chats/{_NOBODY}/settings"),
    ("patch", f"chats/{_NOBODY}/settings"),
    ("get", "webhooks"),
    ("patch", f"webhooks/{_NOBODY}"),
    ("delete", f"webhooks/{_NOBODY}"),
    ("post", "webhooks"),
    ("post", "indexes/{name}/fields"),
    ("get", f"dynamic-search-rules/{_NOBODY}"),
    ("patch", f"dynamic-search-rules/{_NOBODY}"),
    ("delete", f"dynamic-search-rules/{_NOBODY}"),
    ("post", "indexes/{name}__another/search"),
)
# Seconds that all these calls may take together.
_PATIENCE = 10.0


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
        return [self._made(wanted, len(_valid(self._found(wanted)))) for wanted in self._wanted]

    def revoke(self) -> int:
        """Delete all but the newest valid one of each key; how many that were."""
        older = [key for wanted in self._wanted for key in self._found(wanted)[:-1]]
        for key in older:
            self._delete(key["uid"])
        return len(older)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _ensured(self, wanted: Wanted) -> KeyReport:
        valid = _valid(self._found(wanted))
        if not valid:
            return self._made(wanted, 0)
        newest = valid[-1]
        if not _fits(newest, wanted):
            may, should = sorted(newest["actions"]), sorted(wanted.actions)
            raise EngineError(
                f"the key {wanted.title!r} may do {may} on {newest['indexes']}, and should do {should} on "
                f"{list(wanted.indexes)}: run `customer-lookup keys --rotate`"
            )
        return KeyReport(wanted.setting, newest["key"], False, len(valid) - 1)

    def _made(self, wanted: Wanted, older: int) -> KeyReport:
        uid = str(uuid.uuid4())
        description = {
            "uid": uid,
            "name": wanted.title,
            "description": f"[index] {wanted.setting} of customer-lookup",
            "actions": list(wanted.actions),
            "indexes": list(wanted.indexes),
            "expiresAt": None,
        }
        try:
            secret = self._client.create_key(description).key
        except RefusedError as refusal:
            if refusal.code != "api_key_already_exists":
                raise
            secret = self._made_before(uid, wanted)
        return KeyReport(wanted.setting, secret, True, older)

    def _made_before(self, uid: str, wanted: Wanted) -> str:
        """The key that was made though the answer to it was lost, so that it was asked for again."""
        key = self._client.http.get(f"keys/{uid}")
        if not _fits(key, wanted):
            raise EngineError(f"the key {uid} at {self._client.config.url} is another one: try again")
        return str(key["key"])

    def _delete(self, uid: str) -> None:
        try:
            self._client.http.delete(f"keys/{uid}")
        except RefusedError as refusal:
            if refusal.code != "api_key_not_found":  # else it is gone, and the answer to that was lost
                raise

    def _found(self, wanted: Wanted) -> list[dict[str, Any]]:
        """The keys of this title: the expired ones, then the valid ones, each oldest first."""
        keys = self._client.http.get(f"keys?limit={_MOST_KEYS}")["results"]
        return sorted(
            (key for key in keys if key["name"] == wanted.title),
            key=lambda key: (not _is_expired(key), str(key["createdAt"])),
        )


def _valid(keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [key for key in keys if not _is_expired(key)]


def _is_expired(key: dict[str, Any]) -> bool:
    expires_at = key["expiresAt"]
    return expires_at is not None and datetime.fromisoformat(expires_at) <= datetime.now(UTC)


def _fits(key: dict[str, Any], wanted: Wanted) -> bool:
    return set(key["actions"]) == set(wanted.actions) and set(key["indexes"]) == set(wanted.indexes)


def check_search_key(client: Client, name: str) -> None:
    """Raise ConfigurationError where the client's key, meant for lookups on the index `name`, may do more, as
    far as can be told without doing it. Changes nothing."""
    with client.within(_PATIENCE):
        for method, template in _POWERS:
            path = template.format(name=name)
            if _may(client, method, path):
                raise ConfigurationError(
                    f"[index] search_key may do more than search at {client.config.url} ({method} {path}): "
                    "make one with `customer-lookup keys`, or set [index] allow_powerful_search_key = true"
                )


def _may(client: Client, method: str, path: str) -> bool:
    """Whether the server lets the key make this call, whatever comes of it. A call that it does not have is
    answered without a code of Meilisearch's."""
    try:
        client.http.send_request(getattr(requests, method), path)
    except RefusedError as refusal:
        return refusal.status not in {401, 403} and refusal.code != UNKNOWN
    return True
