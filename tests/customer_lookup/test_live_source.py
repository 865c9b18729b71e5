"""Live balances of a real PostgreSQL, which is locked, stopped and started again while a till asks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import requests
from sqlalchemy import create_engine, make_url, text

from service.balances import BUDGET_S
from tests.customer_lookup.conftest import LOOKUP
from tests.customer_lookup.process import running
from tests.customer_lookup.test_running import eventually, found
from tests.databases import new_database
from tests.sync.test_restarted_server import ask, postgresql

SHOP = """
CREATE TABLE customers (customer_no TEXT PRIMARY KEY, name TEXT, phone TEXT, blocked INTEGER,
    modified_at TIMESTAMPTZ DEFAULT now(), balance NUMERIC(12, 2));
INSERT INTO customers VALUES ('C-2', 'Lars Hansen', '12 34 56 78', 0, now(), -12.50)
"""
# What the till may notice beside the budget, on a machine that does other things too; without a budget it
# would wait until the deadline.
SLACK_SECONDS = 10.0
SERVICE = 'live_balances = true\ndeadline = "30s"\n'


class Answer(NamedTuple):
    """What the till sees."""

    balance: float
    source: str
    seconds: float


def asked(url: str) -> Answer:
    started = time.monotonic()
    answer = requests.get(f"{url}/customers/C-2", params={"currency_code": "DKK"}, timeout=60)
    seconds = time.monotonic() - started
    assert answer.status_code == 200
    return Answer(answer.json()["balance"], answer.headers["X-Balances"], seconds)


def breaker_is_open(url: str) -> bool:
    return "customer_lookup_breaker_open 1.0" in requests.get(f"{url}/metrics", timeout=30).text


@contextmanager
def locked(database: str) -> Iterator[None]:
    """Somebody has the table to himself."""
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE customers"))
        yield
    engine.dispose()


@pytest.mark.postgresql
def test_a_source_that_comes_and_goes(lookup_toml: Path) -> None:
    with postgresql() as (server, stop, start), new_database(server, "merchant") as database:
        ask(make_url(database), SHOP)
        lookup = LOOKUP.replace("sqlite:///shop.db", database).replace('"1s"', '"1h"')
        lookup = lookup.replace('balance = "-12.50"', 'balance = "balance"') + SERVICE
        lookup_toml.write_text(lookup, encoding="utf-8")
        with running("run", "--config", lookup_toml) as service:
            eventually(lambda: bool(found(service.url, "lars")))
            ask(make_url(database), "UPDATE customers SET balance = -7.70")
            # The first one learns what the table looks like, and may be too slow for that.
            eventually(lambda: asked(service.url)[:2] == (-7.7, "live"))
            with locked(database):
                waited = asked(service.url)
                assert waited[:2] == (-12.5, "indexed")
                assert BUDGET_S / 2 < waited.seconds < BUDGET_S + SLACK_SECONDS
            eventually(lambda: asked(service.url).source == "live")
            stop()
            down = [asked(service.url) for _ in range(10)]
            assert {answer[:2] for answer in down} == {(-12.5, "indexed")}
            assert max(answer.seconds for answer in down) < BUDGET_S + SLACK_SECONDS
            assert breaker_is_open(service.url)
            start()
            ask(make_url(database), "UPDATE customers SET balance = 3")
            eventually(lambda: asked(service.url).source == "live")
            assert asked(service.url).balance == 3
            assert not breaker_is_open(service.url)
            assert [line for line in service.log if "live balances are back" in line]
            assert service.stop() == 0
