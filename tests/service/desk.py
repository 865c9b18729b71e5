"""An application to ask: made-up customers in a real index, and collaborators that a test can bend."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient

from customers.customer import Balance, Customer
from customers.document import to_document
from customers.hit import Hit
from customers.settings import SearchSettings
from customers.term import Term
from index.interface import CustomerIndex
from index.tantivy_engine import TantivyIndex
from service.app import create_app
from service.ports import LiveBalances, SyncReport, SyncStatus
from service.settings import ServiceSettings

KEY = "tills-of-nygade-4711"
SEARCH = SearchSettings()


def indexed(folder: Path, customers: Sequence[Customer]) -> TantivyIndex:
    """An index in `folder` that has these customers."""
    index = TantivyIndex(folder, SEARCH)
    fill(index, customers, SEARCH)
    return index


def fill(index: CustomerIndex, customers: Sequence[Customer], settings: SearchSettings) -> None:
    """Have these customers, live, in an index that was empty."""
    index.create("first")
    with index.writer("first") as writer:
        writer.write([to_document(customer, settings) for customer in customers])
        writer.flush()
    index.promote("first")


class Status:
    """A sync that caught up a moment ago, or says what it is told to."""

    def __init__(self, report: SyncReport | None = None) -> None:
        self._report = report

    def report(self, left_s: float | None = None) -> SyncReport:
        """See SyncStatus."""
        return self._report or SyncReport(synced_at=datetime.now(UTC), generation="first", documents=5)


class _Bent:
    def __init__(self, index: CustomerIndex, instead: Callable[[], object]) -> None:
        self._index = index
        self._instead = instead

    def __getattr__(self, name: str) -> object:
        return getattr(self._index, name)

    def search(self, term: Term, limit: int) -> list[Hit]:
        self._instead()
        return self._index.search(term, limit)

    def get(self, identifier: str) -> Customer | None:
        self._instead()
        return self._index.get(identifier)

    def check(self) -> None:
        self._instead()
        self._index.check()


def bent(index: CustomerIndex, instead: Callable[[], object]) -> CustomerIndex:
    """A real index that does `instead` first when it is asked or checked: raise, or wait."""
    return cast(CustomerIndex, _Bent(index, instead))


class Source:
    """Live balances as a test sets them; `instead` may raise or wait."""

    def __init__(
        self, accounts: Mapping[str, Balance | None], instead: Callable[[], None] = lambda: None
    ) -> None:
        self.accounts = accounts
        self.instead = instead
        self.asked = 0
        self.timeout = 0.0

    def balances(
        self, identifiers: Sequence[str], currency: str, timeout: float
    ) -> Mapping[str, Balance | None]:
        """See LiveBalances."""
        self.asked += 1
        self.timeout = timeout
        self.instead()
        return {name: self.accounts[name] for name in identifiers if name in self.accounts}


def app_of(
    index: CustomerIndex,
    settings: ServiceSettings | None = None,
    status: SyncStatus | None = None,
    live_balances: LiveBalances | None = None,
) -> Flask:
    """The application, by default as it comes: no keys, Danish kroner."""
    return create_app(
        settings=settings or ServiceSettings(default_currency="DKK"),
        search=SEARCH,
        index=index,
        status=status or Status(),
        live_balances=live_balances,
    )


def client_with(index: TantivyIndex, *keys: str, **settings: Any) -> FlaskClient:
    """A client of an application that other machines can reach, with these keys."""
    return app_of(index, ServiceSettings(host="0.0.0.0", api_keys=keys, **settings)).test_client()
