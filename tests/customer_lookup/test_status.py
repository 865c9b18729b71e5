"""The service's view of the sync: cheap, shared by threads, and never an error."""

import time
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from customer_lookup import status as module
from customer_lookup.status import Status
from customers.errors import StateUnavailable
from customers.settings import SearchSettings
from index.tantivy_engine import TantivyIndex
from service.settings import ServiceSettings
from sync.report import SyncState
from sync.state import State
from tests.people import EVERYONE, SOREN
from tests.service.desk import app_of, fill

HOUR = timedelta(hours=1)


class Reports:
    """Stands for the state database's answer; counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = False

    def __call__(self, _state: object, _index: object, _verify_interval: object) -> SyncState:
        self.asked += 1
        if self.away:
            raise StateUnavailable("state database: away")
        return SyncState(generation=f"g{self.asked}", documents=self.asked)


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> Reports:
    reports = Reports()
    monkeypatch.setattr(module, "report", reports)
    return reports


@pytest.fixture
def parts(tmp_path: Path) -> tuple[State, TantivyIndex]:
    return State(f"sqlite:///{tmp_path / 'state.db'}"), TantivyIndex(tmp_path / "index", SearchSettings())


def test_the_real_report_reaches_the_service(parts: tuple[State, TantivyIndex]) -> None:
    state, index = parts
    found = Status(state, index, HOUR).report()
    assert (found.synced_at, found.documents, found.jobs) == (None, None, ())
    assert len(found.problems) == 1
    state.close()


def test_it_is_asked_for_once_a_second(parts: tuple[State, TantivyIndex], reports: Reports) -> None:
    now = [0.0]
    status = Status(*parts, HOUR, clock=lambda: now[0])
    assert [status.report().documents for _ in range(3)] == [1, 1, 1]
    now[0] = 1.1
    assert status.report().documents == 2
    parts[0].close()


def test_what_was_known_stays_known_while_the_state_is_away(
    parts: tuple[State, TantivyIndex], reports: Reports
) -> None:
    now = [0.0]
    status = Status(*parts, HOUR, clock=lambda: now[0])
    status.report()
    reports.away, now[0] = True, 2.0
    found = status.report()
    assert (found.generation, found.problems) == ("g1", ("state database: away",))
    parts[0].close()


def test_a_lookup_does_not_wait_beyond_its_deadline(
    parts: tuple[State, TantivyIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state's answer was waited for after it."""
    over = Event()
    monkeypatch.setattr(module, "report", lambda *_: over.wait(60))
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 60.0)
    state, index = parts
    fill(index, EVERYONE, SearchSettings())
    settings = ServiceSettings(deadline=timedelta(milliseconds=300))
    client = app_of(index, settings, Status(state, index, HOUR)).test_client()
    began = time.monotonic()
    assert client.get(f"/customers/{SOREN.identifier}").status_code == 200
    assert time.monotonic() - began < 30
    over.set()
    state.close()


def test_a_lookup_is_told_at_once_what_was_known_a_moment_ago(
    parts: tuple[State, TantivyIndex], reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer report is made meanwhile. After a quiet night, it is waited for."""
    now, answer = [0.0], Event()
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 60.0)
    status = Status(*parts, HOUR, clock=lambda: now[0])
    assert status.report(left_s=60.0).documents == 1
    monkeypatch.setattr(module, "report", lambda *parts: answer.wait(60) and reports(*parts))
    now[0] = 1.1
    assert [status.report(left_s=60.0).documents for _ in range(2)] == [1, 1]
    answer.set()
    while status.report(left_s=60.0).documents == 1:
        time.sleep(0.01)
    now[0] += 3600
    assert status.report(left_s=60.0).documents == 3
    parts[0].close()


def test_nobody_waits_for_a_state_that_does_not_answer(
    parts: tuple[State, TantivyIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, asked, answer = [0.0], Event(), Event()
    answers = Reports()

    def slow(state: object, index: object, verify_interval: object) -> SyncState:
        asked.set()
        answer.wait(60)
        return answers(state, index, verify_interval)

    monkeypatch.setattr(module, "report", answers)
    status = Status(*parts, HOUR, clock=lambda: now[0])
    status.report()
    monkeypatch.setattr(module, "report", slow)
    now[0] = 7.0
    began = time.monotonic()
    late = [status.report() for _ in range(3)]
    assert time.monotonic() - began < 30
    assert asked.is_set()
    assert {(found.generation, found.problems != ()) for found in late} == {("g1", True)}
    answer.set()
    give_up_at = time.monotonic() + 60
    while status.report().generation != "g2":
        assert time.monotonic() < give_up_at
        time.sleep(0.02)
    assert status.report().problems == ()
    parts[0].close()
