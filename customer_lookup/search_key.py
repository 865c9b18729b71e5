"""Looks at start whether the key for lookups may do no more than look up."""

import logging

from customer_lookup.configuration import IndexSettings
from customers.errors import EngineUnavailable
from index.interface import CustomerIndex

log = logging.getLogger(__name__)


def refuse_powerful_search_key(settings: IndexSettings, index: CustomerIndex) -> None:
    """Raise ConfigurationError for a Meilisearch key that could also write or read everything: it is handed
    to every process that answers a till. A server that is away now keeps nobody from starting."""
    if settings.engine != "meilisearch" or settings.allow_powerful_search_key:
        return
    # Half a second and 30 MB that the embedded engine has no use for.
    from index.meilisearch_engine import MeilisearchIndex  # noqa: PLC0415

    if not isinstance(index, MeilisearchIndex):
        return
    try:
        index.check_search_key()
    except EngineUnavailable as error:
        log.warning("the search key is not checked: %s", error)
