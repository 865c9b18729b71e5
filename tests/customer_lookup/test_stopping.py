"""A process that is told to stop ends within ten seconds, whatever it waits for."""

import json
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.customer_lookup.conftest import LOOKUP, Invoke
from tests.customer_lookup.process import running


def syncs(lookup_toml: Path, invoke: Invoke) -> int:
    jobs = json.loads(invoke("status", "--json", "--config", lookup_toml).stdout)["jobs"]
    return sum(job["runs"] for job in jobs if job["job"] in {"sync", "reindex"})


@pytest.mark.postgresql
def test_a_sync_that_waits_for_a_lock_is_left_behind(
    lookup_toml: Path, postgresql_url: str, invoke: Invoke
) -> None:
    lookup_toml.write_text(LOOKUP.replace("sqlite:///shop.db", postgresql_url), encoding="utf-8")
    shop = create_engine(postgresql_url)
    with shop.connect() as connection:
        connection.execute(
            text(
                "CREATE TABLE customers (customer_no TEXT PRIMARY KEY, name TEXT, phone TEXT,"
                " blocked INTEGER, modified_at TIMESTAMPTZ DEFAULT now())"
            )
        )
        connection.commit()
        with running("worker", "--config", lookup_toml, listens=False) as worker:
            give_up_at = time.monotonic() + 30
            while not syncs(lookup_toml, invoke):
                assert time.monotonic() < give_up_at
                time.sleep(0.2)
            connection.execute(text("LOCK TABLE customers"))
            time.sleep(2)
            began = time.monotonic()
            assert worker.stop(10) == 0
            assert time.monotonic() - began > 1, "it was not waiting for anything"
        assert any("abandoned" in line for line in worker.log)
    shop.dispose()
