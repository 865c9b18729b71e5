"""Makes the objects of one lookup.toml, and lets go of them again."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flask import Flask

from customer_lookup.configuration import Configuration
from customer_lookup.status import Status
from customers.errors import ConfigurationError
from index.interface import CustomerIndex
from index.meilisearch_engine import MeilisearchIndex
from index.tantivy_engine import TantivyIndex
from service.app import create_app
from service.ports import LiveBalances
from sync.context import SyncContext
from sync.source import Source
from sync.state import State


def make_index(configuration: Configuration) -> CustomerIndex:
    """The engine that [index] names."""
    settings, search = configuration.index, configuration.search
    if settings.engine == "meilisearch":
        return MeilisearchIndex(
            settings.url,
            settings.search_key,
            settings.admin_key,
            settings.name,
            search,
            deadline=configuration.service.deadline.total_seconds(),
        )
    return TantivyIndex(settings.path, search)


@contextmanager
def opened_index(configuration: Configuration) -> Iterator[CustomerIndex]:
    """The index, closed at the end."""
    with closing(make_index(configuration)) as index:
        yield index


@contextmanager
def opened_state(configuration: Configuration) -> Iterator[State]:
    """The state database, migrated, and closed at the end."""
    with naming(configuration.file), closing(State(configuration.state_url)) as state:
        yield state


@contextmanager
def opened_source(configuration: Configuration) -> Iterator[Source]:
    """The merchant's database, not connected yet, and closed at the end."""
    with naming(configuration.file), closing(Source(configuration.source)) as source:
        yield source


@contextmanager
def opened_context(configuration: Configuration, command: str) -> Iterator[SyncContext]:
    """Everything a job of the sync works with. `command` tells others who holds our leases."""
    with (
        opened_source(configuration) as source,
        opened_state(configuration) as state,
        opened_index(configuration) as index,
    ):
        yield SyncContext(
            source=source,
            state=state,
            index=index,
            search=configuration.search,
            settings=configuration.sync,
            holder=f"{socket.gethostname()} process {os.getpid()} ({command})",
        )


def make_app(
    configuration: Configuration, index: CustomerIndex, state: State, live_balances: LiveBalances | None
) -> Flask:
    """The service over these collaborators."""
    return create_app(
        settings=configuration.service,
        search=configuration.search,
        index=index,
        status=Status(state, index),
        live_balances=live_balances if configuration.service.live_balances else None,
    )


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """Put the name of the file before what is wrong in it: rooms that see only its settings cannot."""
    try:
        yield
    except ConfigurationError as error:
        if str(error).startswith("["):
            raise ConfigurationError(f"{file}: {error}") from error
        raise
