"""Makes the objects of one lookup.toml, and lets go of them again."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flask import Flask

from customer_lookup.configuration import SQLITE_FILE, Configuration
from customer_lookup.engines import ENGINES
from customer_lookup.search_key import with_search_key_checked
from customer_lookup.status import Status
from customers.errors import ConfigurationError, CustomerLookupError
from index.interface import CustomerIndex
from service.app import create_app
from service.ports import LiveBalances
from sync.context import SyncContext
from sync.source import Source
from sync.state import State


def make_index(configuration: Configuration) -> CustomerIndex:
    """The engine that [index] names."""
    make = ENGINES[configuration.index.engine]
    return make(configuration.index, configuration.search, configuration.service.deadline)


@contextmanager
def opened_index(configuration: Configuration) -> Iterator[CustomerIndex]:
    """The index, closed at the end."""
    with naming(configuration.file), closing(make_index(configuration)) as index:
        yield index


@contextmanager
def opened_state(configuration: Configuration, *, is_needed: bool = True) -> Iterator[State]:
    """The state database, migrated, and closed at the end. Who only says how the sync is can begin where it
    cannot be used: it `is_needed` for no lookup."""
    with naming(configuration.file), closing(State(configuration.state_url, is_needed=is_needed)) as state:
        yield state


@contextmanager
def opened_source(configuration: Configuration) -> Iterator[Source]:
    """The merchant's database, not connected yet, and closed at the end."""
    _check_sqlite_file(configuration)
    with naming(configuration.file), closing(Source(configuration.source)) as source:
        yield source


def _check_sqlite_file(configuration: Configuration) -> None:
    """SQLite makes an empty database of a file that is not there, and the merchant wonders what it is."""
    scheme, _, file = configuration.source.url.partition(SQLITE_FILE)
    path = file.partition("?")[0]
    is_file = scheme.startswith("sqlite") and path and not path.startswith(("file:", ":memory:"))
    if is_file and not Path(path).exists():
        raise ConfigurationError(
            f"{configuration.file}: [source] url: found no file {path}; name the database that is there"
        )


@contextmanager
def opened_context(configuration: Configuration, command: str) -> Iterator[SyncContext]:
    """Everything a job of the sync works with. `command` tells others who holds our leases."""
    with (
        opened_source(configuration) as source,
        opened_state(configuration) as state,
        opened_index(configuration) as index,
    ):
        with state.read() as connection:
            now = state.now(connection)
        yield SyncContext(
            source=source,
            state=state,
            index=index,
            search=configuration.search,
            settings=configuration.sync,
            holder=f"{socket.gethostname()} process {os.getpid()} ({command})",
            settings_read_at=now,
        )


def make_app(
    configuration: Configuration, index: CustomerIndex, state: State, live_balances: LiveBalances | None
) -> Flask:
    """The service over these collaborators. Raises ConfigurationError for a search key that may do more than
    search, unless [index] allow_powerful_search_key."""
    with naming(configuration.file):
        lookups = with_search_key_checked(configuration.index, index)
    return create_app(
        settings=configuration.service,
        search=configuration.search,
        index=lookups,
        status=Status(state, index, configuration.sync.verify),
        live_balances=live_balances if configuration.service.live_balances else None,
    )


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """Put the name of the file before what is wrong in it: rooms that see only its settings cannot."""
    try:
        yield
    except CustomerLookupError as error:
        if str(error).startswith("["):
            raise type(error)(f"{file}: {error}") from error
        raise
