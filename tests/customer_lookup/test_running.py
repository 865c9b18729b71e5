"""The real processes: what a person starts, sees, changes and stops."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import insert, update

from customer_lookup.configuration import load
from customer_lookup.demo.people import people
from customer_lookup.demo.shop import make_shop
from sync.lease import BUILD
from sync.progress import Silent
from sync.state import State
from sync.tables import LEASE
from tests.customer_lookup.conftest import LOOKUP, Invoke
from tests.customer_lookup.process import Running, running


def eventually(look: Callable[[], bool], seconds: float = 60.0) -> None:
    give_up_at = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def found(url: str, term: str) -> list[dict[str, Any]]:
    answer = requests.get(f"{url}/customers/lookup", params={"search_term": term}, timeout=30)
    return list(answer.json()) if answer.status_code == 200 else []


def rename(database: Path, number: str, name: str) -> None:
    with closing(sqlite3.connect(database)) as shop, shop:
        shop.execute(
            "UPDATE customers SET name = ?, modified_at = datetime('now') WHERE customer_no = ?",
            (name, number),
        )


@pytest.fixture
def run(lookup_toml: Path) -> Iterator[Running]:
    with running("run", "--config", lookup_toml) as started:
        yield started


def test_run_serves_what_it_syncs_and_stops_when_told(folder: Path, run: Running) -> None:
    eventually(lambda: [hit["identifier"] for hit in found(run.url, "ingeborg")] == ["C-3"])
    rename(folder / "shop.db", "C-3", "Ingeborg Dahl-Nilsen")
    eventually(lambda: [hit["name"] for hit in found(run.url, "dahl nilsen")] == ["Ingeborg Dahl-Nilsen"])
    assert run.stop() == 0
    assert not [line for line in run.log if "Traceback" in line or "Ingeborg" in line]
    assert all(json.loads(line)["message"] for line in run.log if line.startswith("{"))


def test_worker_and_serve_do_the_same_in_two_processes(lookup_toml: Path) -> None:
    with running("serve", "--config", lookup_toml) as service:
        early = requests.get(f"{service.url}/customers/lookup", params={"search_term": "lars"}, timeout=30)
        assert (early.status_code, early.headers["Retry-After"].isdigit()) == (503, True)
        with running("worker", "--config", lookup_toml, listens=False) as worker:
            eventually(lambda: [hit["identifier"] for hit in found(service.url, "lars")] == ["C-2"])
            assert worker.stop() == 0
        assert service.stop() == 0


def test_serve_says_at_once_what_is_wrong_with_the_index(lookup_toml: Path, invoke: Invoke) -> None:
    def said() -> list[str]:
        with running("serve", "--config", lookup_toml) as service:
            requests.get(f"{service.url}/health/live", timeout=30)
            assert service.stop() == 0
            lines = [json.loads(line) for line in service.log]
        return [line["message"] for line in lines if line["level"] == "warning"]

    (nothing,) = said()
    assert nothing.startswith("nothing is indexed in ")
    invoke("sync", "--config", lookup_toml)
    assert said() == []
    lookup_toml.write_text(LOOKUP + 'default_region = "NO"\n', encoding="utf-8")
    (keys,) = said()
    assert " has search keys " in keys
    assert keys.endswith(": run customer-lookup reindex")


def test_the_api_keys_are_read_again_on_sighup(lookup_toml: Path) -> None:
    lookup_toml.write_text(LOOKUP + 'api_keys = ["till:first-key-of-the-till"]\n', encoding="utf-8")
    with running("serve", "--config", lookup_toml) as service:

        def status(key: str) -> int:
            url = f"{service.url}/customers/C-1"
            return requests.get(url, headers={"X-API-Key": key}, timeout=30).status_code

        assert status("first-key-of-the-till") == 503
        lookup_toml.write_text(LOOKUP + 'api_keys = ["till:second-key-of-the-till"]\n', encoding="utf-8")
        service.reload()
        eventually(lambda: status("second-key-of-the-till") == 503)
        assert status("first-key-of-the-till") == 401


def test_a_source_that_is_away_does_not_keep_the_tills_waiting(lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    away = LOOKUP.replace("sqlite:///shop.db", "postgresql+psycopg://reader@127.0.0.1:1/erp")
    lookup_toml.write_text(away, encoding="utf-8")
    with running("run", "--config", lookup_toml) as started:
        assert [hit["identifier"] for hit in found(started.url, "lars")] == ["C-2"]
        assert started.stop() == 0


def test_the_demo_shows_a_change_within_its_interval(tmp_path: Path) -> None:
    file = tmp_path / "demo" / "lookup.toml"
    make_shop(file, Silent(), count=500)
    with running("demo", "--config", file, "--port", "0") as first:
        eventually(lambda: any("try: curl" in line for line in first.log))
        line = next(line for line in first.log if "try: curl" in line)
        answer = requests.get(line.split("'")[1], timeout=30).json()
        assert answer[0]["name"] == "Nielsen VVS A/S, Mette Nielsen"
        assert first.stop() == 0
    with running("demo", "--config", file, "--port", "0") as second:
        assert not [line for line in second.log if "reindex" in line or "sample shop" in line]
        with closing(sqlite3.connect(file.with_name("shop.db"))) as shop, shop:
            shop.execute("UPDATE customers SET phone = '+45 87 65 43 21' WHERE customer_no = 'C-10042'")
        eventually(lambda: "C-10042" in [hit["identifier"] for hit in found(second.url, "87654321")])


def hold_build(state: State) -> None:
    """As a process that was killed, whose lease is not over yet."""
    with state.write() as connection:
        now = state.now(connection)
        held = {"holder": "till process 7 (demo)", "token": 1, "acquired_at": now, "expires_at": now + 600}
        connection.execute(insert(LEASE).values(name=BUILD, **held))


def test_the_demo_waits_for_one_that_was_killed_in_its_first_indexing(tmp_path: Path) -> None:
    file = tmp_path / "demo" / "lookup.toml"
    make_shop(file, Silent(), count=500)
    with closing(State(load(file).state_url)) as state:
        hold_build(state)
        with running("demo", "--config", file, "--port", "0", listens=False) as started:
            eventually(lambda: any(line.startswith("waiting: ") for line in started.log))
            with state.write() as connection:
                connection.execute(update(LEASE).values(expires_at=0.0))
            eventually(lambda: any("try: curl" in line for line in started.log))
            (waiting,) = [line for line in started.log if line.startswith("waiting: ")]
            assert "till process 7 (demo) is at it since" in waiting
            assert "if it died, it is replaced at" in waiting
            assert not [line for line in started.log if '"level": "warning"' in line]
            assert started.stop() == 0


def test_the_made_up_people_are_always_the_same() -> None:
    first, second = list(people(200)), list(people(200))
    assert first == second
    assert len({person.number for person in first}) == 200
    assert {person.country_code for person in first} == {"dk", "no", "se", "de", "gb"}
    assert {account.currency for person in first for account in person.accounts} == {"DKK", "EUR"}
    assert any(person.blocked for person in first)
    assert any(account.overdue < 0 for person in first for account in person.accounts)
    assert any(person.company and person.registration for person in first)
