"""Balances asked of the source while the till waits."""

import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from customers.customer import Balance
from customers.errors import SourceUnavailable
from index.tantivy_engine import TantivyIndex
from service.balances import BUDGET_S, Balances
from service.breaker import Breaker
from service.ports import SyncReport
from service.request_log import RECEIVED_AT
from service.settings import ServiceSettings
from service.workers import AllBusyError, Workers
from tests.people import SOREN
from tests.service.desk import Source, Status, app_of

SETTINGS = ServiceSettings(default_currency="DKK", live_balances=True)
NOW = {"C-10023": Balance("DKK", Decimal("-7.70"))}
URL = "/customers/C-10023"


@pytest.fixture(autouse=True)
def on_a_busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not slow is in time, even where other work stops it for a while."""
    monkeypatch.setattr("service.balances.BUDGET_S", 60.0)


def client_of(index: TantivyIndex, source: Source) -> FlaskClient:
    return app_of(index, SETTINGS, live_balances=source).test_client()


def refuse() -> None:
    """A source that is down."""
    raise SourceUnavailable("the source is down")


def test_the_source_has_the_last_word(index: TantivyIndex) -> None:
    answer = client_of(index, Source(NOW)).get(URL)
    assert (answer.json or {})["balance"] == -7.7
    assert "credit_limit" not in (answer.json or {})
    assert (answer.headers["X-Balances"], answer.headers["X-Balances-Age"]) == ("live", "0")


def test_live_balances_are_new_however_old_the_index_is(index: TantivyIndex) -> None:
    hour_old = Status(SyncReport(synced_at=datetime.now(UTC) - timedelta(hours=1)))
    client = app_of(index, SETTINGS, hour_old, Source(NOW)).test_client()
    assert client.get(URL).headers["X-Balances-Age"] == "0"
    indexed = app_of(index, status=hour_old).test_client().get(URL).headers
    assert int(indexed["X-Balances-Age"]) >= 3600


def test_a_customer_without_a_live_account_has_no_amounts(index: TantivyIndex) -> None:
    answer = client_of(index, Source({})).get(URL)
    assert "balance" not in (answer.json or {})
    assert answer.headers["X-Balances"] == "live"


def test_an_account_that_cannot_be_read_leaves_the_others_live(index: TantivyIndex) -> None:
    """What is indexed stands for it alone, it does not open the breaker, and the answer says to be no newer
    than that."""
    source = Source({"C-10023": None, "C-10024": Balance("DKK", Decimal(40))})
    client = client_of(index, source)
    for _ in range(5):
        odd = client.get(URL)
        assert ((odd.json or {})["balance"], odd.headers["X-Balances"]) == (-500.1, "indexed")
    both = client.get("/customers/lookup?search_term=hansen")
    balances = {customer["identifier"]: customer["balance"] for customer in both.json or []}
    assert (balances, both.headers["X-Balances"]) == ({"C-10023": -500.1, "C-10024": 40}, "indexed")
    other = client.get("/customers/C-10024")
    assert ((other.json or {})["balance"], other.headers["X-Balances"]) == (40, "live")


def test_one_query_for_all_hits(index: TantivyIndex) -> None:
    source = Source(NOW)
    client_of(index, source).get("/customers/lookup?search_term=hansen")
    assert source.asked == 1


def test_nobody_found_and_no_currency_ask_nothing(index: TantivyIndex) -> None:
    source = Source(NOW)
    client_of(index, source).get("/customers/lookup?search_term=xyzzyxyzzy")
    app_of(index, replace(SETTINGS, default_currency=None), live_balances=source).test_client().get(URL)
    assert source.asked == 0


@pytest.mark.parametrize("hangs", [False, True])
def test_a_source_that_fails_costs_no_more_than_the_budget(
    index: TantivyIndex, hangs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.balances.BUDGET_S", BUDGET_S)
    over = threading.Event()

    def hang() -> None:
        over.wait(60)

    client = app_of(
        index,
        replace(SETTINGS, deadline=timedelta(seconds=60)),
        live_balances=Source(NOW, hang if hangs else refuse),
    ).test_client()
    started = time.monotonic()
    answer = client.get(URL)
    assert time.monotonic() - started < 30
    over.set()
    assert (answer.json or {})["balance"] == -500.1
    assert answer.headers["X-Balances"] == "indexed"


def test_live_balances_get_no_more_than_what_is_left_of_the_deadline(index: TantivyIndex) -> None:
    settings = replace(SETTINGS, deadline=timedelta(seconds=40))
    source = Source(NOW)
    client = app_of(index, settings, live_balances=source).test_client()
    answer = client.get(URL, environ_overrides={RECEIVED_AT: time.monotonic() - 10})
    assert answer.headers["X-Balances"] == "live"
    assert 0 < source.timeout <= 30


def test_after_some_failures_nobody_waits(index: TantivyIndex) -> None:
    source = Source(NOW, refuse)
    client = client_of(index, source)
    for _ in range(10):
        client.get(URL)
    assert source.asked == 3
    assert b"customer_lookup_breaker_open 1.0" in client.get("/metrics").data


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def test_a_breaker_lets_one_probe_through_at_a_time() -> None:
    clock = Clock()
    breaker = Breaker(failures=2, rest_s=5, clock=clock)
    breaker.failed()
    assert not breaker.is_open
    breaker.failed()
    assert breaker.is_open
    assert not breaker.may_probe()
    clock.now = 5
    assert [breaker.may_probe(), breaker.may_probe()] == [True, False]
    breaker.succeeded()
    breaker.failed()
    assert not breaker.is_open, "as if nothing had been"


def until_idle(workers: Workers) -> None:
    """Wait for the only one of them."""
    ended = False
    while not ended:
        with suppress(AllBusyError):
            ended = workers.run(lambda: True, timeout=60)


def test_nobody_waits_for_the_probe_that_brings_them_back() -> None:
    clock, workers = Clock(), Workers(1, "balances")
    breaker = Breaker(clock=clock)
    for _ in range(3):
        breaker.failed()
    clock.now = 5
    source = Source(NOW)
    balances = Balances(source, workers, breaker)
    assert balances.of([SOREN], "DKK", left_s=60).source == "indexed"
    until_idle(workers)
    assert source.asked == 1
    assert balances.of([SOREN], "DKK", left_s=60).source == "live"


def test_a_probe_that_takes_longer_than_the_budget_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waited for such a source would wait in vain."""
    monkeypatch.setattr("service.balances.BUDGET_S", 0.01)
    clock, workers = Clock(), Workers(1, "balances")
    breaker = Breaker(failures=1, rest_s=5, clock=clock)
    breaker.failed()
    clock.now = 5
    source = Source(NOW, lambda: time.sleep(0.05))
    Balances(source, workers, breaker).of([SOREN], "DKK", left_s=60)
    until_idle(workers)
    assert source.asked == 1
    assert breaker.is_open


def test_while_all_who_could_ask_still_wait_the_indexed_ones_are_sent() -> None:
    """It counts as a failure of the source, which keeps them waiting, and is none of the till's."""
    workers, breaker, over = Workers(1, "balances"), Breaker(failures=1), threading.Event()
    workers.start(lambda: over.wait(10))
    source = Source(NOW)
    assert Balances(source, workers, breaker).of([SOREN], "DKK", left_s=1).source == "indexed"
    over.set()
    assert (source.asked, breaker.is_open) == (0, True)


def test_a_mistake_of_ours_in_the_source_is_not_hidden(index: TantivyIndex) -> None:
    def mistake() -> None:
        raise KeyError("balance")

    assert client_of(index, Source(NOW, mistake)).get(URL).status_code == 500
