"""What generations are on a Meilisearch server: which indexes are ours, and what their markers say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from index.meilisearch_documents import GENERATION, ID, KEYS, MARKER
from index.meilisearch_errors import RefusedError, not_ours
from index.meilisearch_http import Client

# Between the name of an index and what is put behind it.
SEPARATOR = "__"
# What the live generation is called where nothing says which one it is.
UNMARKED = "unmarked"
# Indexes listed with one call.
PAGE = 1000


class SwitchedError(Exception):
    """What was listed is no longer so."""


@dataclass(frozen=True, slots=True)
class Held:
    """A generation and the index, `uid`, that now holds it. `keys` is empty where a crash left it half
    made, or somebody deleted its marker. `updated_at` is when its documents last changed: swapping and
    renaming indexes keep it."""

    uid: str
    generation: str
    keys: str
    created_at: datetime
    updated_at: datetime
    live: bool


class Listing:
    """The indexes of the index `name` and its generations."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name

    def held(self) -> list[Held]:
        """Every generation, half made ones too. Raises EngineError for another's index by our name."""
        return [held for index in self._ours() if (held := self._identify(index)) is not None]

    def settled(self) -> list[Held]:
        """The same, where nothing was switched between the listing and the look into the last of them. Raises
        SwitchedError."""
        held = self.held()
        places = {(one.uid, one.created_at) for one in held}
        if places - {(index["uid"], datetime.fromisoformat(index["createdAt"])) for index in self._ours()}:
            raise SwitchedError
        return held

    def _ours(self) -> list[dict[str, Any]]:
        return [index for index in self._indexes() if self._is_named_ours(index["uid"])]

    def _indexes(self) -> Iterator[dict[str, Any]]:
        """Every index of the server, whosever it is."""
        for offset in range(0, 2**62, PAGE):
            page = self._client.http.get(f"indexes?limit={PAGE}&offset={offset}")["results"]
            yield from page
            if len(page) < PAGE:
                return

    def _is_named_ours(self, uid: str) -> bool:
        return uid == self._name or uid.startswith(f"{self._name}{SEPARATOR}")

    def _identify(self, index: dict[str, Any]) -> Held | None:
        """Which generation an index is; None for one that is not ours, though called as if it were. Our
        primary key without a marker: it is half made, or somebody deleted all its documents."""
        uid = index["uid"]
        live = uid == self._name
        times = datetime.fromisoformat(index["createdAt"]), datetime.fromisoformat(index["updatedAt"])
        marker = self._marker(uid) if index["primaryKey"] == ID else None
        if marker is not None:
            return Held(uid, marker[GENERATION], marker[KEYS], *times, live)
        if index["primaryKey"] == ID:
            generation = UNMARKED if live else uid.removeprefix(f"{self._name}{SEPARATOR}")
            return Held(uid, generation, "", *times, live)
        if live:
            raise not_ours(uid, self._client.config.url)
        return None

    def _marker(self, uid: str) -> dict[str, str] | None:
        try:
            marker: dict[str, str] = self._client.http.get(f"indexes/{uid}/documents/{MARKER}")
        except RefusedError as refusal:
            if refusal.code not in {"document_not_found", "index_not_found"}:
                raise
            return None
        return marker

    def count(self, held: Held) -> int:
        """The customers in a generation: all its documents but the marker. Raises SwitchedError."""
        try:
            documents: int = self._client.http.get(f"indexes/{held.uid}/stats")["numberOfDocuments"]
        except RefusedError as refusal:
            if refusal.code != "index_not_found":
                raise
            raise SwitchedError from refusal
        return documents - 1 if held.keys else documents
