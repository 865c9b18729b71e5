"""The accounts of an answer: live from the source where that is wanted and quick enough, else as indexed."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from customers.customer import Balance, Customer
from customers.errors import CustomerLookupError
from service.answer import Answer
from service.breaker import Breaker
from service.ports import LiveBalances
from service.workers import AllBusyError, Workers

# The most that live balances may cost a cashier, in seconds.
BUDGET_S = 0.3

logger = logging.getLogger(__name__)

Accounts = Mapping[str, Balance | None]


@dataclass(frozen=True, slots=True)
class Accounted:
    """Customers with their accounts. `source` is for the X-Balances header: where the oldest of them is
    from."""

    answers: list[Answer]
    source: Literal["live", "indexed"]


class Balances:
    """Joins customers and their accounts. Safe to share between threads. `live` None: always the indexed
    ones."""

    def __init__(self, live: LiveBalances | None, workers: Workers, breaker: Breaker) -> None:
        self._live = live
        self._workers = workers
        self._breaker = breaker

    def of(self, customers: Sequence[Customer], currency: str | None, left_s: float) -> Accounted:
        """`customers` with their accounts in `currency` (None: no amounts), within `left_s` seconds. Never
        fails: what goes wrong with the source is logged and answered with the indexed amounts."""
        if currency is None:
            return Accounted([Answer(customer, None) for customer in customers], "indexed")
        accounts = self._live_accounts([customer.identifier for customer in customers], currency, left_s)
        if accounts is None:
            return Accounted(
                [Answer(customer, customer.balance_in(currency)) for customer in customers], "indexed"
            )
        answers = [Answer(customer, _newest(customer, currency, accounts)) for customer in customers]
        return Accounted(answers, "indexed" if None in accounts.values() else "live")

    def _live_accounts(self, identifiers: list[str], currency: str, left_s: float) -> Accounts | None:
        if self._live is None or not identifiers:
            return None
        timeout = min(BUDGET_S, left_s)
        if timeout <= 0:
            return None
        live = self._live
        call = lambda: live.balances(identifiers, currency, timeout)  # noqa: E731 - one use, three words
        if self._breaker.is_open:
            self._probe(call)
            return None
        return self._within(call, timeout)

    def _within(self, call: Callable[[], Accounts], timeout: float) -> Accounts | None:
        try:
            accounts = self._workers.run(call, timeout)
        except (CustomerLookupError, TimeoutError, AllBusyError) as error:
            self._note_failure(error)
            return None
        self._breaker.succeeded()
        return accounts

    def _note_failure(self, error: Exception) -> None:
        was_open = self._breaker.is_open
        self._breaker.failed()
        logger.warning("live balances failed, indexed ones were sent: %s", type(error).__name__)
        if self._breaker.is_open and not was_open:
            logger.warning("live balances are given up until the source answers a probe")

    def _probe(self, call: Callable[[], Accounts]) -> None:
        """Ask again in the background where it is time to: no cashier waits for a probe."""
        if not self._breaker.may_probe():
            return
        with suppress(AllBusyError):  # then the next one probes, once it may
            self._workers.start(lambda: self._probed(call))

    def _probed(self, call: Callable[[], Accounts]) -> None:
        started = time.monotonic()
        try:
            call()
        except CustomerLookupError as error:
            self._note_failure(error)
            return
        if time.monotonic() - started > BUDGET_S:
            self._breaker.failed()
            return
        self._breaker.succeeded()
        logger.info("live balances are back")


def _newest(customer: Customer, currency: str, accounts: Accounts) -> Balance | None:
    """The live account; the indexed one where the live one cannot be read."""
    if customer.identifier not in accounts:
        return None
    return accounts[customer.identifier] or customer.balance_in(currency)
