"""A worker that is gone is noticed by how old everything is."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.customer_lookup.conftest import Invoke

DAY = 24 * 3600.0


@pytest.fixture
def aged(folder: Path, lookup_toml: Path, invoke: Invoke) -> Path:
    """The configuration of an index whose worker was gone for a day."""
    assert invoke("sync", "--config", lookup_toml).exit_code == 0
    assert problems(lookup_toml, invoke) == []
    with closing(sqlite3.connect(folder / "state.db")) as state, state:
        state.execute("UPDATE jobs SET last_success_at = last_success_at - ?", [DAY])
        state.execute("UPDATE generations SET synced_at = synced_at - ?", [DAY])
    return lookup_toml


def problems(lookup_toml: Path, invoke: Invoke) -> list[str]:
    found: list[str] = json.loads(invoke("status", "--json", "--config", lookup_toml).stdout)["problems"]
    return found


def test_status_says_that_no_verify_has_succeeded_for_long(aged: Path, invoke: Invoke) -> None:
    assert any("more than 3 times [sync] verify (3600 s) ago" in line for line in problems(aged, invoke))
    said = invoke("status", "--config", aged).stdout
    assert "problem      verify: none has succeeded since the index was built at " in said


def test_a_verify_that_is_to_be_seldom_may_be_old(aged: Path, invoke: Invoke) -> None:
    seldom = aged.read_text(encoding="utf-8").replace('interval = "1s"', 'interval = "1s"\nverify = "1d"')
    aged.write_text(seldom, encoding="utf-8")
    assert not any("verify" in line for line in problems(aged, invoke))


def test_status_says_that_the_index_is_stale_as_ready_does(aged: Path, invoke: Invoke) -> None:
    (line,) = (line for line in problems(aged, invoke) if line.startswith("the index is 86"))
    assert line.endswith(" s old, more than stale_after (900 s): is the sync running?")


def test_status_heeds_stale_after(aged: Path, invoke: Invoke) -> None:
    aged.write_text(aged.read_text(encoding="utf-8") + 'stale_after = "2d"\n', encoding="utf-8")
    assert not any("stale_after" in line for line in problems(aged, invoke))


def test_status_before_the_first_sync_says_that_nothing_caught_up(lookup_toml: Path, invoke: Invoke) -> None:
    assert any("has never caught up with the source" in line for line in problems(lookup_toml, invoke))


def test_status_says_when_and_why_a_job_last_failed(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    assert invoke("sync", "--config", lookup_toml).exit_code == 0
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute("ALTER TABLE customers RENAME TO clients")
    assert invoke("sync", "--config", lookup_toml).exit_code == 2
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute("ALTER TABLE clients RENAME TO customers")
    assert invoke("sync", "--config", lookup_toml).exit_code == 0
    (line,) = (
        line for line in invoke("status", "--config", lookup_toml).stdout.splitlines() if line[:5] == "sync "
    )
    assert re.search(r"last error \S+ \(\d+ s ago\): .*customers", line), line
