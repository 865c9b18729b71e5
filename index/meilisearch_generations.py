"""Generations as Meilisearch indexes: what is on the server, making one, making one live, deleting one.

    customers                     the live generation, whichever it is
    customers__20261124           a generation named 20261124, as it was made
    customers__20261124_5f3a9c    one that was taken aside to be made live, or that was live before

Only the marker inside an index says which generation it is, since swapping leaves the names of indexes
behind.
"""

import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from meilisearch.models.task import TaskInfo

from customers.errors import EngineError, EngineUnavailable
from index.interface import Generation
from index.meilisearch_documents import ID, marker_line
from index.meilisearch_errors import RefusedError
from index.meilisearch_http import NDJSON, Client
from index.meilisearch_listing import SEPARATOR, Held, Listing, SwitchedError
from index.meilisearch_settings import changes
from index.meilisearch_tasks import Tasks

# Below 1.31 a swap followed by a delete can lose tasks; from 1.41 on everything used here is there.
OLDEST_VERSION = (1, 41)

_NAME = re.compile("[a-z0-9-]{1,64}")
_EPOCH = datetime.fromtimestamp(0, UTC)
# Times that the generations are listed, at most, while they are switched.
_LOOKS = 4
_PROMOTE_TRIES = 4
_PROMOTE_PAUSE = 1.0  # seconds, doubled with each try


def random_token() -> str:
    """A suffix that no other attempt has."""
    return secrets.token_hex(4)


class Generations:
    """The generations of the index `name`. `token` makes a fresh suffix of letters and digits."""

    def __init__(
        self,
        client: Client,
        tasks: Tasks,
        name: str,
        *,
        token: Callable[[], str] = random_token,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._tasks = tasks
        self._name = name
        self._token = token
        self._sleep = sleep
        self._listing = Listing(client, name)

    def all(self) -> list[Generation]:
        """Every generation, oldest first. Looked at again where one is promoted in just that moment."""
        for _ in range(_LOOKS):
            with suppress(SwitchedError):
                return self._all()
        raise EngineUnavailable(f"the generations of {self._name!r} keep changing: try again")

    def _all(self) -> list[Generation]:
        held = sorted(self._listing.settled(), key=lambda one: (one.created_at, one.generation))
        return [
            Generation(
                one.generation,
                one.keys,
                one.created_at,
                self._listing.count(one),
                one.live,
                (one.updated_at - _EPOCH) // timedelta(microseconds=1),
            )
            for one in held
        ]

    def find(self, generation: str) -> Held:
        """Where a generation is. Raises EngineError where there is no such one, or only half of it."""
        held = self._find(generation)
        if held is None or not held.keys:
            raise EngineError(
                f"there is no generation {generation!r} of {self._name!r} at {self._client.config.url}"
            )
        return held

    def create(self, generation: str, keys_version: str) -> None:
        """Make the index, then its settings, then its marker, which makes it a generation."""
        if not _NAME.fullmatch(generation):
            raise EngineError(f"{generation!r} cannot be a generation's name: use a-z, 0-9 and -, at most 64")
        self.check_version()
        held = self._find(generation)
        if held is not None and held.keys:
            raise EngineError(f"there is already a generation {generation!r} of {self._name!r}")
        if held is not None:
            self._delete(held.uid)
        self._make(f"{self._name}{SEPARATOR}{generation}", generation, keys_version)

    def _make(self, uid: str, generation: str, keys_version: str) -> None:
        # The client's own call for it opens a connection of its own, without a time limit.
        made = self._client.http.post("indexes", {"uid": uid, "primaryKey": ID})
        self._tasks.finish(TaskInfo(**made))
        index = self._client.index(uid)
        if missing := changes(index.get_settings()):
            self._tasks.finish(index.update_settings(missing))
        created_at = self._client.get_raw_index(uid)["createdAt"]
        marker = marker_line(generation, keys_version, created_at)
        self._tasks.finish(index.add_documents_raw(marker, content_type=NDJSON))

    def promote(self, generation: str) -> None:
        """Make the generation the live one. Where an answer is lost, which index is which is looked at again
        before anything is sent again."""
        for attempt in range(_PROMOTE_TRIES):
            try:
                if self._brought_live(generation):
                    return
            except EngineUnavailable:
                if attempt == _PROMOTE_TRIES - 1:
                    raise
            self._sleep(_PROMOTE_PAUSE * 2**attempt)
        raise EngineUnavailable(
            f"generation {generation!r} of {self._name!r} is kept from becoming live: try again"
        )

    def remove(self, generation: str) -> None:
        """Delete a generation, half made ones too."""
        held = self._find(generation)
        if held is None:
            return
        if held.live:
            raise EngineError(f"generation {generation} is live: promote another one before removing it")
        self._delete(held.uid)

    def check_version(self) -> None:
        """Raise EngineError where the server is older than what this program was written for."""
        found = str(self._client.get_version()["pkgVersion"])
        numbers = tuple(int(number) for number in re.findall(r"\d+", found)[:2])
        if numbers < OLDEST_VERSION:
            oldest = ".".join(map(str, OLDEST_VERSION))
            raise EngineError(
                f"Meilisearch at {self._client.config.url} is version {found}: update it to {oldest} or newer"
            )

    def _brought_live(self, generation: str) -> bool:
        """One try. A swap sent twice undoes itself, and one whose answer was lost may still arrive: so each
        try first takes the generation aside under a name of its own, where no earlier swap finds it."""
        held = self.find(generation)
        if held.live:
            return True
        if not any(one.live for one in self._listing.held()):
            return self._swapped(held.uid, self._name, rename=True)
        aside = f"{self._name}{SEPARATOR}{generation}_{self._token()}"
        if not self._swapped(held.uid, aside, rename=True):
            return False
        if self.find(generation).uid != aside:
            return False  # an earlier swap got through just before: look again
        return self._swapped(self._name, aside, rename=False)

    def _swapped(self, one: str, other: str, *, rename: bool) -> bool:
        """Swap two indexes, or give one another name; False where an index is no longer what it was."""
        task = self._client.swap_indexes([{"indexes": [one, other], "rename": rename}])
        try:
            self._tasks.finish(task)
        except RefusedError as refusal:
            if refusal.code not in {"index_not_found", "index_already_exists"}:
                raise
            return False
        return True

    def _delete(self, uid: str) -> None:
        try:
            self._tasks.finish(self._client.index(uid).delete())
        except RefusedError as refusal:
            if refusal.code != "index_not_found":
                raise

    def _find(self, generation: str) -> Held | None:
        return next((held for held in self._listing.held() if held.generation == generation), None)
