"""A process of its own that changes generations, for tests that kill it: `python -m tests.index.dying …`."""

import sys

from customers.document import to_document
from customers.settings import SearchSettings
from index.meilisearch_engine import MeilisearchIndex
from tests.people import LARS


def main(url: str, search_key: str, admin_key: str, name: str, step: str) -> None:
    """Create, fill and promote the generation `second`; `step` says which of these alone to do."""
    index = MeilisearchIndex(url, search_key, admin_key, name, SearchSettings())
    if step == "create":
        index.create("second")
    if step == "write":
        with index.writer("second") as writer:
            writer.write([to_document(LARS, SearchSettings())])
            writer.flush()
    if step == "promote":
        index.promote("second")
    if step == "remove":
        index.remove("first")


if __name__ == "__main__":
    main(*sys.argv[1:])
