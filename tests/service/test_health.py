"""How the service says that it is well."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from customers.errors import EngineUnavailable
from index.tantivy_engine import TantivyIndex
from service.ports import JobReport, SyncReport
from service.settings import ServiceSettings
from tests.people import EVERYONE
from tests.service.desk import KEY, SEARCH, Status, app_of, bent, indexed

AN_HOUR_AGO = datetime.now(UTC) - timedelta(hours=1)
STALE = SyncReport(
    synced_at=AN_HOUR_AGO,
    generation="first",
    documents=5,
    quarantined=2,
    jobs=(JobReport("sync", AN_HOUR_AGO, AN_HOUR_AGO, "the source is down: start it", None, 9, 4),),
    problems=("sync: the source is down: start it",),
)


def test_alive(client: FlaskClient) -> None:
    assert client.get("/health/live").json == {"status": "live"}


def test_ready_says_how_old_the_index_is(client: FlaskClient) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert "Retry-After" not in answer.headers
    assert answer.json is not None
    assert (answer.json["status"], answer.json["generation"], answer.json["problems"]) == (
        "ready",
        "first",
        [],
    )
    assert answer.json["age_seconds"] < 2


def test_a_stale_index_is_said_and_lookups_go_on(index: TantivyIndex) -> None:
    client = app_of(index, status=Status(STALE)).test_client()
    ready = client.get("/health/ready")
    assert (ready.status_code, (ready.json or {})["status"]) == (200, "stale")
    assert 3600 <= (ready.json or {})["age_seconds"] < 7200
    assert [problem.partition(":")[0] for problem in (ready.json or {})["problems"]] == ["sync", "age"]
    full = client.get("/status.json").json or {}
    assert full["problems"][0] == "sync: the source is down: start it"
    assert "more than stale_after (900 s)" in full["problems"][1]
    assert b"customer_lookup_stale 1.0" in client.get("/metrics").data
    lookup = client.get("/customers/lookup?search_term=lars")
    assert lookup.status_code == 200
    assert int(lookup.headers["X-Balances-Age"]) >= 3600


@pytest.mark.parametrize(("age", "status"), [(890, "ready"), (910, "stale")])
def test_an_index_is_stale_from_stale_after_on(index: TantivyIndex, age: int, status: str) -> None:
    report = SyncReport(synced_at=datetime.now(UTC) - timedelta(seconds=age))
    settings = ServiceSettings(stale_after=timedelta(seconds=900))
    ready = app_of(index, settings, Status(report)).test_client().get("/health/ready").json or {}
    assert ready["status"] == status


def test_an_index_with_other_search_keys_is_said_and_lookups_go_on(tmp_path: Path) -> None:
    """A load balancer sent nobody to us after an update, until the reindex was done."""
    indexed(tmp_path, EVERYONE).close()
    with closing(TantivyIndex(tmp_path, replace(SEARCH, leave_out=("email",)))) as index:
        client = app_of(index).test_client()
        ready = client.get("/health/ready")
        assert (ready.status_code, (ready.json or {})["status"]) == (200, "ready")
        assert [problem.partition(":")[0] for problem in (ready.json or {})["problems"]] == ["state"]
        (problem,) = (client.get("/status.json").json or {})["problems"]
        assert "has search keys" in problem
        assert "run customer-lookup reindex" in problem
        assert b"customer_lookup_engine_up 1.0" in client.get("/metrics").data
        assert client.get("/customers/lookup?search_term=lars").json


def test_when_the_index_was_synced_is_said_in_utc(index: TantivyIndex) -> None:
    """Whatever zone the state database keeps it in."""
    synced_at = datetime(2026, 7, 1, 14, 30, 15, 999_999, tzinfo=timezone(timedelta(hours=2)))
    client = app_of(index, status=Status(SyncReport(synced_at=synced_at))).test_client()
    headers = client.get("/customers/lookup?search_term=lars").headers
    assert headers["X-Index-Synced-At"] == "2026-07-01T12:30:15Z"


def test_an_index_that_never_synced(index: TantivyIndex) -> None:
    client = app_of(index, status=Status(SyncReport())).test_client()
    ready = client.get("/health/ready").json or {}
    assert ready["status"] == "stale"
    assert "synced_at" not in ready
    assert "X-Index-Synced-At" not in client.get("/customers/lookup?search_term=lars").headers
    assert b"customer_lookup_lag_seconds" not in client.get("/metrics").data


def test_not_ready_while_the_engine_does_not_answer(
    index: TantivyIndex, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise EngineUnavailable("the engine is down: start it")

    client = app_of(bent(index, fail)).test_client()
    with caplog.at_level(logging.INFO, logger="customer_lookup.requests"):
        ready = client.get("/health/ready")
    assert (ready.status_code, (ready.json or {})["status"]) == (503, "unavailable")
    (line,) = (vars(record)["fields"] for record in caplog.records if record.getMessage() == "request")
    assert (line["status"], line["outcome"]) == (503, "unavailable")
    assert ready.headers["Retry-After"] == "2"
    assert (ready.json or {})["problems"] == ["engine: it cannot answer lookups"]
    assert "the engine is down: start it" in (client.get("/status.json").json or {})["problems"]
    assert client.get("/health/live").status_code == 200
    assert b"customer_lookup_engine_up 0.0" in client.get("/metrics").data


def test_what_sync_and_service_find_wrong_alike_is_said_once(index: TantivyIndex) -> None:
    def fail() -> None:
        raise EngineUnavailable("the engine is down: start it")

    found = SyncReport(synced_at=datetime.now(UTC), problems=("the engine is down: start it",))
    client = app_of(bent(index, fail), status=Status(found)).test_client()
    assert (client.get("/status.json").json or {})["problems"] == ["the engine is down: start it"]
    assert (client.get("/health/ready").json or {})["problems"] == ["engine: it cannot answer lookups"]


@pytest.mark.parametrize("is_up", [True, False])
def test_strangers_do_not_learn_how_we_are_built(index: TantivyIndex, is_up: bool) -> None:
    """Of a problem they see the kind; the words are for who has a key."""

    def look() -> None:
        if not is_up:
            raise EngineUnavailable("nothing listens at http://search.example:7700: is Meilisearch running?")

    problems = (
        "sync: source postgresql://erp.example/erp: cannot be reached",
        "verify: the last success was at 12:00",
        "quarantine: 12 of 30 customers are left out of the index, 11 for this reason: balances: example",
        "state database /var/lib/lookup/state.db: cannot be opened",
        "nothing listens at http://search.example:7700: is Meilisearch running?",
    )
    settings = ServiceSettings(api_keys=(KEY,))
    status = Status(SyncReport(synced_at=AN_HOUR_AGO, problems=problems))
    client = app_of(bent(index, look), settings, status).test_client()
    ready = client.get("/health/ready")
    assert not [word for word in ("example", "/var", "7700", "12:00") if word in ready.text]
    kinds = [problem.partition(":")[0] for problem in (ready.json or {})["problems"]]
    assert kinds == ["sync", "verify", "quarantine", *(["state", "age"] if is_up else ["age", "engine"])]
    full = client.get("/status.json", headers={"X-API-Key": KEY}).json or {}
    assert set(problems) < set(full["problems"])
    assert client.get("/status.json").status_code == 401


def test_ready_says_how_each_job_fares_and_strangers_no_error(index: TantivyIndex) -> None:
    jobs = (
        JobReport("reindex", AN_HOUR_AGO, None, None, None, 1, 0),
        JobReport("sync", AN_HOUR_AGO, AN_HOUR_AGO - timedelta(hours=1), "no answer from erp.example"),
        JobReport("verify", None, AN_HOUR_AGO, "no answer from erp.example"),
    )
    report = SyncReport(synced_at=datetime.now(UTC), jobs=jobs)
    answer = app_of(index, status=Status(report)).test_client().get("/health/ready")
    assert (answer.json or {})["jobs"] == [
        {"job": "reindex", "last_success_at": AN_HOUR_AGO.isoformat(), "last_failed": False},
        {
            "job": "sync",
            "last_success_at": AN_HOUR_AGO.isoformat(),
            "last_error_at": (AN_HOUR_AGO - timedelta(hours=1)).isoformat(),
            "last_failed": False,
        },
        {"job": "verify", "last_error_at": AN_HOUR_AGO.isoformat(), "last_failed": True},
    ]
    assert "erp.example" not in answer.text


def test_the_sync_in_full(index: TantivyIndex) -> None:
    answer = app_of(index, status=Status(STALE)).test_client().get("/status.json").json or {}
    assert (answer["quarantined"], answer["documents"]) == (2, 5)
    (job,) = answer["jobs"]
    assert (job["job"], job["runs"], job["failures"]) == ("sync", 9, 4)
    assert (job["last_error"], job["last_failed"]) == ("the source is down: start it", False)
    assert "running_since" not in job


def test_two_who_ask_at_once_are_told_the_same(index: TantivyIndex) -> None:
    """The second found the only worker busy with the first's check, and said that the engine was down."""
    client = app_of(bent(index, lambda: time.sleep(0.1)))
    with ThreadPoolExecutor(4) as probes:
        answers = list(probes.map(lambda _: client.test_client().get("/health/ready").status_code, range(4)))
    assert answers == [200] * 4
