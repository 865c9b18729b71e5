"""The command, louder and clumsier than it ever is: `python -m tests.customer_lookup.loud_command ARGUMENTS`.

Everything is logged at debug level, and whatever meets the word "stumble" makes a mistake that quotes what it
was given, as many do: a lookup in the embedded index, and a row on its way into it.
"""

import functools
import logging
from collections.abc import Sequence

from customer_lookup.commands import main
from customers.document import Document
from customers.hit import Hit
from customers.term import Term
from index.tantivy_engine import TantivyIndex
from index.tantivy_writer import TantivyWriter
from service import logs

STUMBLE = "stumble"

search, write = TantivyIndex.search, TantivyWriter.write


def stumbling_search(index: TantivyIndex, term: Term, limit: int) -> list[Hit]:
    """Search, or fail with the term in the message."""
    if STUMBLE in term.text:
        raise ValueError(f"cannot search for {term!r}")
    return search(index, term, limit)


def stumbling_write(writer: TantivyWriter, documents: Sequence[Document]) -> None:
    """Write, or fail with the customers in the message."""
    if STUMBLE in repr(documents):
        raise KeyError(f"cannot write {documents!r}")
    write(writer, documents)


if __name__ == "__main__":
    logs.configure = functools.partial(logs.configure, logging.DEBUG)
    TantivyIndex.search = stumbling_search  # type: ignore[assignment, method-assign]
    TantivyWriter.write = stumbling_write  # type: ignore[assignment, method-assign]
    main()
