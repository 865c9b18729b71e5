"""The engine for production: a Meilisearch server, shared by as many tills and workers as there are."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from customers.candidate import candidate_reader
from customers.customer import Customer
from customers.document import customer_from_json, identifier_from_json
from customers.errors import (
    ConfigurationError,
    EngineError,
    EngineUnavailable,
    KeysVersionMismatch,
    NoLiveGeneration,
)
from customers.hit import Hit
from customers.keys import keys_version
from customers.settings import SearchSettings
from customers.term import Term
from index.interface import Generation
from index.meilisearch_documents import BODY, CREATED_AT, DIGEST, GENERATION, ID, KEYS, MARKER
from index.meilisearch_errors import reading
from index.meilisearch_generations import Generations, random_token
from index.meilisearch_http import Client
from index.meilisearch_ids import document_id, identifier_of
from index.meilisearch_keys import check_search_key
from index.meilisearch_questions import Questions
from index.meilisearch_searcher import Searcher
from index.meilisearch_tasks import Tasks
from index.meilisearch_writer import MeilisearchWriter
from index.search import enough, search

# The till waits: a lookup that takes longer than this many seconds has failed.
LOOKUP_DEADLINE = 2.0
# Everything else is in no hurry, but never waits for ever (seconds); what a status page shows is in some.
WRITE_TIMEOUT = 60.0
LOOK_TIMEOUT = 10.0

# What Meilisearch takes, less what is put behind it: `__` and more, so that no shop's name may look as if it
# were another's with that behind it.
_NAME = re.compile("(?!.*__)[A-Za-z0-9_-]{0,299}[A-Za-z0-9-]")
# Documents fetched at once when all digests are read back.
_PAGE = 20_000
# A search that saw the switch from one generation to the next is done again; twice in a row is no switch.
_SEARCH_TRIES = 3


class MeilisearchIndex:
    """CustomerIndex on the Meilisearch server at `url`, in the index `name` and others called `name__…`.

    `search_key` is for lookups and needs only `search` on `name`; `admin_key` is for everything else and
    may be None where nothing else is done. `deadline` is how long a lookup may take in seconds. `clock`,
    `sleep` and `token` (a fresh suffix for an index) are handed in by tests. Raises ConfigurationError for a
    name that no index can have.
    """

    def __init__(
        self,
        url: str,
        search_key: str | None,
        admin_key: str | None,
        name: str,
        settings: SearchSettings,
        *,
        deadline: float = LOOKUP_DEADLINE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        token: Callable[[], str] = random_token,
    ) -> None:
        if not _NAME.fullmatch(name):
            raise ConfigurationError(
                f"[index] name: {name!r} cannot name an index: use A-Z, a-z, 0-9, - and _,"
                " but no two _ in a row, and none at the end"
            )
        self._name = name
        self._keys = keys_version(settings)
        self._url = url.rstrip("/")
        self._read = candidate_reader(settings)
        self._deadline = deadline
        self._lookups = Client(
            url, search_key, key_name="[index] search_key", timeout=deadline, patient=False
        )
        self._searcher = Searcher(self._lookups, name)
        self._writes = Client(
            url, admin_key, key_name="[index] admin_key", timeout=WRITE_TIMEOUT, patient=True
        )
        self._tasks = Tasks(self._writes, clock=clock, sleep=sleep)
        self._generations = Generations(self._writes, self._tasks, name, token=token, sleep=sleep)
        self._looks = (
            None
            if admin_key is None
            else Client(url, admin_key, key_name="[index] admin_key", timeout=LOOK_TIMEOUT, patient=False)
        )
        self._being_written: set[str] = set()
        self._lock = threading.Lock()

    def search(self, term: Term, limit: int) -> list[Hit]:
        """See CustomerIndex.search. Each hit says which generation it is of: where a generation was promoted
        between two requests, the search is done again."""
        with self._lookups.within(self._deadline):
            for _ in range(_SEARCH_TRIES):
                asked = Questions(self._searcher, self._read, enough(limit))
                find, first = reading(self._url)(asked.find), reading(self._url)(asked.first)
                hits = search(term, limit, find, first, self._get)
                if not asked.generations:
                    self._marker()
                if len(asked.generations) <= 1:
                    return hits
        raise EngineUnavailable(f"the live generation of {self._name!r} keeps changing: try again")

    def get(self, identifier: str) -> Customer | None:
        """See CustomerIndex.get."""
        with self._lookups.within(self._deadline):
            if (found := self._get(identifier)) is None:
                self._marker()
        return found

    def _get(self, identifier: str) -> Customer | None:
        with reading(self._url):
            document = self._searcher.document(document_id(identifier), [BODY])
            return None if document is None else customer_from_json(document[BODY])

    def generations(self) -> list[Generation]:
        """See CustomerIndex.generations. Without an admin key only the live one can be seen."""
        if self._looks is None:
            return self._live_only()
        with self._looks.within(LOOK_TIMEOUT), reading(self._url):
            return Generations(self._looks, self._tasks, self._name).all()

    def create(self, generation: str) -> None:
        """See CustomerIndex.create. What a crash left half made under this name is made anew."""
        self._generations.create(generation, self._keys)

    def writer(self, generation: str) -> MeilisearchWriter:
        """See CustomerIndex.writer. What an earlier writer has left under way is waited for. Raises
        KeysVersionMismatch where the generation has other keys."""
        held = self._generations.find(generation)
        self._check_keys(generation, held.keys)
        with self._lock:
            if generation in self._being_written:
                raise EngineError(f"generation {generation} is already being written")
            self._being_written.add(generation)
        try:
            self._tasks.settle([held.uid])
        except BaseException:
            self._release(generation)
            raise
        index = self._writes.index(held.uid)
        return MeilisearchWriter(index, generation, self._tasks, lambda: self._release(generation))

    def digests(self, generation: str) -> Iterator[tuple[str, str]]:
        """See CustomerIndex.digests."""
        uid = self._generations.find(generation).uid
        for offset in range(0, 2**62, _PAGE):
            wanted = {"fields": [ID, DIGEST], "limit": _PAGE, "offset": offset}
            page = self._writes.http.post(f"indexes/{uid}/documents/fetch", wanted)["results"]
            for document in page:
                if document[ID] != MARKER:
                    yield self._identifier(uid, document[ID]), document[DIGEST]
            if len(page) < _PAGE:
                return

    def _identifier(self, uid: str, encoded: str) -> str:
        """The identifier of a document: in its id, but for very long ones."""
        identifier = identifier_of(encoded)
        if identifier is None:
            document = self._writes.http.get(f"indexes/{uid}/documents/{encoded}")
            identifier = identifier_from_json(document[BODY])
        return identifier

    def promote(self, generation: str) -> None:
        """See CustomerIndex.promote."""
        self._generations.promote(generation)

    def remove(self, generation: str) -> None:
        """See CustomerIndex.remove."""
        self._generations.remove(generation)

    def check(self) -> None:
        """See CustomerIndex.check."""
        with self._lookups.within(self._deadline):
            marker = self._marker()
        self._check_keys(marker[GENERATION], marker[KEYS])

    def check_search_key(self) -> None:
        """Raise ConfigurationError where the search key may do more than search. A server that cannot be
        reached now is no reason: raises EngineUnavailable then."""
        check_search_key(self._lookups, self._name)

    def close(self) -> None:
        """See CustomerIndex.close."""
        for client in (self._lookups, self._looks, self._writes):
            if client is not None:
                client.close()

    def _marker(self) -> dict[str, Any]:
        """The marker of the live generation. Raises EngineError where there is none: an index that was
        emptied, or is someone else's, finds nobody, which is not to be told as an answer."""
        with reading(self._url):
            marker = self._searcher.document(MARKER, [GENERATION, KEYS, CREATED_AT])
        if marker is None:
            raise NoLiveGeneration(
                f"the index {self._name!r} at {self._url} was emptied by somebody, or its marker was deleted:"
                " run customer-lookup reindex"
            )
        return marker

    def _live_only(self) -> list[Generation]:
        with self._lookups.within(self._deadline), reading(self._url):
            try:
                marker = self._marker()
            except NoLiveGeneration:
                return []
            answer = self._lookups.index(self._name).search("", {"limit": 0})
            created_at = datetime.fromisoformat(marker[CREATED_AT])
            documents = answer["estimatedTotalHits"] - 1  # the marker
        return [Generation(marker[GENERATION], marker[KEYS], created_at, documents, live=True)]

    def _check_keys(self, generation: str, keys: str) -> None:
        if keys != self._keys:
            raise KeysVersionMismatch(
                f"generation {generation} of {self._name!r} has search keys {keys}, this program makes "
                f"{self._keys}: run customer-lookup reindex"
            )

    def _release(self, generation: str) -> None:
        with self._lock:
            self._being_written.discard(generation)
