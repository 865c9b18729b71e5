"""A second process that makes search keys, so that a large reindex has two processors to work with."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from operator import attrgetter
from types import TracebackType
from typing import Any, Self

from customers.customer import Customer
from customers.document import Document, to_document
from customers.keys import SearchKeys, search_keys
from customers.settings import SearchSettings
from sync.mapping import TEXT_FIELDS
from sync.pages import Entry, Page

# Starting a process takes a second: below this many customers all is done before it has paid.
WORTH_IT_FROM = 50_000
STOP_SECONDS = 5.0

# What keys are made of, as plain tuples: many times as quick to send as a Customer.
_FIELDS = ("identifier", *TEXT_FIELDS)
_fields_of = attrgetter(*_FIELDS)


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """A page with documents that have their keys in the place of customers."""

    entries: tuple[Entry | Document, ...]
    last: Any


class Keymaker:
    """Makes the keys of one page while the page before is being written. Used in a `with` block.

    It ends with us: a killed process closes its end of the pipe, and that is the end of the work there.
    Where it is the other that dies, documents make their keys themselves, as they do without it.
    """

    def __init__(self, settings: SearchSettings) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy our threads' locks, locked
        self._settings = settings
        self._pipe, there = context.Pipe()
        self._process = context.Process(target=_work, args=(there, settings), daemon=True)
        self._process.start()
        there.close()

    @property
    def process_id(self) -> int | None:
        """The other process."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipe.close()
        self._process.join(STOP_SECONDS)
        if self._process.is_alive():
            self._process.terminate()

    def ahead(self, pages: Iterator[Page]) -> Iterator[PreparedPage]:
        """The pages in their order, prepared.

        A page is sent only when the keys of the one before are here: the pipe holds less than a page, and two
        processes that both wait to be read would wait for ever.
        """
        waiting: PreparedPage | None = None
        for page in pages:
            made = self._documents(page)
            if waiting is not None:
                self._receive(waiting)
            self._send(made)
            if waiting is not None:
                yield waiting
            waiting = made
        if waiting is not None:
            self._receive(waiting)
            yield waiting

    def _documents(self, page: Page) -> PreparedPage:
        entries: tuple[Entry | Document, ...] = tuple(
            to_document(entry, self._settings) if isinstance(entry, Customer) else entry
            for entry in page.entries
        )
        return PreparedPage(entries, page.last)

    def _send(self, page: PreparedPage) -> None:
        try:
            self._pipe.send([_fields_of(document.customer) for document in _documents_of(page)])
        except OSError:
            return

    def _receive(self, page: PreparedPage) -> None:
        try:
            made = self._pipe.recv()
        except (EOFError, OSError):
            return
        for document, keys in zip(_documents_of(page), made, strict=True):
            document.take_keys(SearchKeys(*keys))


def available(customers: int) -> bool:
    """Whether a second process would make filling a generation with so many customers quicker."""
    return customers >= WORTH_IT_FROM and (os.cpu_count() or 1) > 1


def _documents_of(page: PreparedPage) -> list[Document]:
    return [entry for entry in page.entries if isinstance(entry, Document)]


def _work(pipe: Connection, settings: SearchSettings) -> None:
    """The other process: answer each list of fields with the list of keys, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too, but it is for the one that asks
    while True:
        try:
            asked = pipe.recv()
            pipe.send([tuple(search_keys(_customer(fields), settings)) for fields in asked])
        except (EOFError, OSError):
            return


def _customer(fields: tuple[Any, ...]) -> Customer:
    return Customer(**dict(zip(_FIELDS, fields, strict=True)))
