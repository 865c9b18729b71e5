"""Looks whether the key for lookups may do no more than look up."""

import logging
import threading
import time
from collections.abc import Callable

from customer_lookup.engines import IndexSettings
from customers.customer import Customer
from customers.errors import ConfigurationError, EngineError, EngineUnavailable
from customers.hit import Hit
from customers.term import Term
from index.interface import CustomerIndex
from service.ports import LookupIndex

log = logging.getLogger(__name__)

# Seconds between two looks at the key of a server that does not answer them.
AGAIN_AFTER_S = 10.0


def with_search_key_checked(settings: IndexSettings, index: CustomerIndex) -> LookupIndex:
    """The index, to be asked by tills. Raises ConfigurationError for a Meilisearch key that could also write
    or read everything: it is handed to every process that answers a till. A server that is away now keeps
    nobody from starting: its key is looked at once it answers."""
    if settings.engine != "meilisearch" or settings.allow_powerful_search_key:
        return index
    # Half a second and 30 MB that the embedded engine has no use for.
    from index.meilisearch_engine import MeilisearchIndex  # noqa: PLC0415

    if not isinstance(index, MeilisearchIndex):
        return index
    try:
        index.check_search_key()
    except EngineUnavailable as error:
        log.warning("the search key is not checked yet: %s", error)
        return CheckedLater(index, index.check_search_key)
    return index


class CheckedLater:
    """LookupIndex whose key is looked at by `check_key` before the first lookup that the server answers. Once
    it turns out to be a powerful one, nothing is asked with it any more. Safe to share between threads."""

    def __init__(
        self,
        index: LookupIndex,
        check_key: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._index = index
        self._check_key = check_key
        self._clock = clock
        self._looking = threading.Lock()
        self._look_at = float("-inf")
        self._is_checked = False
        self._refusal: str | None = None

    def search(self, term: Term, limit: int) -> list[Hit]:
        """See LookupIndex.search."""
        self._look()
        return self._index.search(term, limit)

    def get(self, identifier: str) -> Customer | None:
        """See LookupIndex.get."""
        self._look()
        return self._index.get(identifier)

    def check(self) -> None:
        """See LookupIndex.check."""
        self._look()
        self._index.check()

    def _look(self) -> None:
        """One looks, and who comes meanwhile waits for that, not to be answered with a key that is refused a
        moment later."""
        if not self._is_checked:
            with self._looking:
                if not self._is_checked and self._clock() >= self._look_at:
                    self._look_now()
        if self._refusal is not None:
            raise EngineError(self._refusal)

    def _look_now(self) -> None:
        try:
            self._check_key()
        except EngineUnavailable:
            self._look_at = self._clock() + AGAIN_AFTER_S
            return
        except ConfigurationError as error:
            self._refusal = f"{error}; no lookup is answered until customer-lookup is started with that"
            log.error("%s", self._refusal)  # noqa: TRY400 - the traceback says nothing more
        self._is_checked = True
