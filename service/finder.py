"""Finder: from what the cashier typed to the answer, within the deadline."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from customers.customer import Customer
from customers.settings import SearchSettings
from customers.term import understand
from service.balances import Accounted, Balances
from service.errors import RETRY_AFTER_S, try_later
from service.ports import LookupIndex
from service.request_log import course
from service.settings import ServiceSettings
from service.workers import AllBusyError, Workers

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Finder:
    """Answers lookups. Safe to share between threads."""

    index: LookupIndex
    balances: Balances
    workers: Workers
    search: SearchSettings
    settings: ServiceSettings

    def find(self, text: str, currency: str | None, limit: int | None) -> Accounted:
        """The customers that answer `text`, best first, with their accounts in `currency` or the default one.
        Raises EngineError and, over time or capacity, Problem."""
        term = understand(text, self.search)
        how = course()
        how.term_kind, how.term_length = term.kind.value, term.length
        how.mark("parse")
        wanted = limit or self.settings.limit
        hits = self._in_time(lambda: self.index.search(term, wanted)) if text.strip() else []
        how.hits = len(hits)
        how.mark("engine")
        return self._accounted([hit.customer for hit in hits], currency)

    def get(self, identifier: str, currency: str | None) -> Accounted:
        """The one customer with exactly this identifier, if there is one. Raises as `find`."""
        how = course()
        how.mark("parse")
        customer = self._in_time(lambda: self.index.get(identifier))
        how.hits = int(customer is not None)
        how.mark("engine")
        return self._accounted([customer] if customer else [], currency)

    def _accounted(self, customers: list[Customer], currency: str | None) -> Accounted:
        accounted = self.balances.of(customers, currency or self.settings.default_currency, self.left_s())
        course().mark("balances")
        return accounted

    def _in_time(self, call: Callable[[], Result]) -> Result:
        """What `call` returns, if that is before the deadline and a worker is free."""
        try:
            return self.workers.run(call, self.left_s())
        except AllBusyError as error:
            raise try_later(503, "too many lookups are waiting", RETRY_AFTER_S, "busy") from error
        except TimeoutError as error:
            raise try_later(
                503, "the lookup took longer than its deadline", RETRY_AFTER_S, "deadline"
            ) from error

    def left_s(self) -> float:
        """Seconds until the deadline of the lookup that is being answered."""
        return self.settings.deadline.total_seconds() - course().spent_s()
