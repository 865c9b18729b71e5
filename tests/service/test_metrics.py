"""What Prometheus reads."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from customers.errors import EngineError, EngineUnavailable, NoLiveGeneration
from index.tantivy_engine import TantivyIndex
from service.ports import JobReport, SyncReport
from service.settings import ServiceSettings
from tests.service.desk import KEY, Source, Status, app_of, bent, client_with

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations"
PROMTOOL = shutil.which("promtool")
# What promtool is to find: one of two services gone, and both.
GONE = """
rule_files: [{rules}]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {{ series: 'up{{job="customer-lookup", instance="a"}}', values: "1x5 0x10" }}
      - {{ series: 'up{{job="customer-lookup", instance="b"}}', values: "1x15" }}
      - {{ series: 'customer_lookup_engine_up{{instance="b"}}', values: "1x10 stale" }}
    alert_rule_test:
      - {{ eval_time: 5m, alertname: CustomerLookupGone }}
      - eval_time: 9m
        alertname: CustomerLookupGone
        exp_alerts: [{{ exp_labels: {{ severity: page, job: customer-lookup, instance: a }} }}]
      - eval_time: 14m
        alertname: CustomerLookupGone
        exp_alerts:
          - {{ exp_labels: {{ severity: page, job: customer-lookup, instance: a }} }}
          - {{ exp_labels: {{ severity: page }} }}
"""
# And this: every lookup of a till fails, among a thousand times as many requests that are not let in or say
# nothing; then one in a hundred does.
FAILING = """
rule_files: [{rules}]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {{ series: 'customer_lookup_lookups_total{{outcome="engine_error"}}', values: "0+2x30 60+1x60" }}
      - {{ series: 'customer_lookup_lookups_total{{outcome="ok"}}', values: "0x30 0+99x60" }}
      - {{ series: 'customer_lookup_lookups_total{{outcome="unauthorized"}}', values: "0+2000x90" }}
      - {{ series: 'customer_lookup_lookups_total{{outcome="invalid"}}', values: "0+2000x90" }}
    alert_rule_test:
      - eval_time: 25m
        alertname: CustomerLookupFailing
        exp_alerts: [{{ exp_labels: {{ severity: page }} }}]
      - {{ eval_time: 80m, alertname: CustomerLookupFailing }}
"""


def values(client: FlaskClient) -> dict[str, float]:
    """What the page says, by name and labels."""
    lines = client.get("/metrics").text.splitlines()
    found = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in found}


def test_lookups_are_counted_by_outcome_and_kind(client: FlaskClient) -> None:
    client.get("/customers/lookup?search_term=lars hansen")
    client.get("/customers/lookup?search_term=12345678")
    client.get("/customers/lookup")
    client.get("/customers/C-99999")
    page = client.get("/metrics").text
    assert 'customer_lookup_lookups_total{kind="name",outcome="ok"} 1.0' in page
    assert 'customer_lookup_lookups_total{kind="phone",outcome="ok"} 1.0' in page
    assert 'customer_lookup_lookups_total{kind="none",outcome="invalid"} 1.0' in page
    assert 'customer_lookup_lookups_total{kind="none",outcome="not_found"} 1.0' in page
    assert "customer_lookup_hits_count 2.0" in page
    for stage in ("parse", "engine", "balances", "serialise"):
        assert f'customer_lookup_stage_seconds_count{{stage="{stage}"}} 2.0' in page


@pytest.mark.parametrize(
    ("error", "outcome"), [(NoLiveGeneration, "no_index"), (EngineUnavailable, "engine_error")]
)
def test_an_index_that_cannot_answer_is_counted_as_what_it_is(
    index: TantivyIndex, error: type[EngineError], outcome: str
) -> None:
    def fail() -> None:
        raise error("start it")

    client = app_of(bent(index, fail)).test_client()
    assert client.get("/customers/lookup?search_term=lars").status_code == 503
    assert values(client)[f'customer_lookup_lookups_total{{kind="name",outcome="{outcome}"}}'] == 1


def test_refusals_are_counted(index: TantivyIndex) -> None:
    client = client_with(index, KEY, requests_per_second=0.5)
    for key in ["", *["wrong"] * 12, *[KEY] * 4]:
        client.get("/customers/lookup?search_term=lars", headers={"X-API-Key": key})
    refused = {name: value for name, value in values(client).items() if "_refused_total" in name}
    assert refused == {
        'customer_lookup_refused_total{reason="no_key"}': 1,
        'customer_lookup_refused_total{reason="wrong_key"}': 10,
        'customer_lookup_refused_total{reason="guessing"}': 2,
        'customer_lookup_refused_total{reason="rate"}': 3,
    }


def test_the_values_of_one_state(index: TantivyIndex) -> None:
    """After one answer with two customers, whose balances are live."""
    jobs = (JobReport("sync", runs=9, failures=4),)
    synced_at = datetime.now(UTC) - timedelta(seconds=60)
    report = SyncReport(synced_at=synced_at, documents=41, quarantined=2, jobs=jobs)
    settings = ServiceSettings(default_currency="DKK", live_balances=True)
    client = app_of(index, settings, Status(report), Source({})).test_client()
    client.get("/customers/lookup?search_term=hansen")
    found = values(client)
    wanted = {
        "documents": 41,
        "quarantined": 2,
        "stale": 0,
        "engine_up": 1,
        "breaker_open": 0,
        'job_runs_total{job="sync"}': 9,
        'job_failures_total{job="sync"}': 4,
        "hits_sum": 2,
        'balances_total{source="live"}': 1,
    }
    assert {name: found[f"customer_lookup_{name}"] for name in wanted} == wanted
    assert 60 <= found["customer_lookup_lag_seconds"] < 90
    assert found["customer_lookup_lookup_seconds_sum"] < 5


def test_when_each_job_last_succeeded_and_failed(index: TantivyIndex) -> None:
    jobs = (
        JobReport("sync", last_success_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), runs=1),
        JobReport("verify", last_error_at=datetime(2026, 1, 2, tzinfo=UTC), runs=1, failures=1),
    )
    page = app_of(index, status=Status(SyncReport(jobs=jobs))).test_client().get("/metrics").text
    times = dict(re.findall(r"^(customer_lookup_job_last_\w+{.*}) (.*)$", page, re.MULTILINE))
    assert {name: float(seconds) for name, seconds in times.items()} == {
        'customer_lookup_job_last_success_timestamp_seconds{job="sync"}': 1767323045.0,
        'customer_lookup_job_last_failure_timestamp_seconds{job="verify"}': 1767312000.0,
    }


def test_what_is_drawn_and_alerted_on_exists(index: TantivyIndex) -> None:
    """The rules, the dashboard and the text in docs/operations name only metrics that the service has."""
    now = datetime.now(UTC)
    jobs = (JobReport("sync", last_success_at=now, last_error_at=now, runs=1),)
    report = SyncReport(synced_at=Status().report().synced_at, documents=5, jobs=jobs)
    client = app_of(index, status=Status(report)).test_client()
    client.get("/customers/lookup?search_term=lars")
    exists = set(re.findall(r"^(customer_lookup_\w+)", client.get("/metrics").text, re.MULTILINE))
    exists |= {"customer_lookup_refused_total"}
    for file in ("alerts.yml", "dashboard.json", "service.md"):
        named = set(re.findall(r"customer_lookup_\w+", (OPERATIONS / file).read_text()))
        assert named
        assert named <= exists
    assert json.loads((OPERATIONS / "dashboard.json").read_text())["panels"]


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed: apt-get install prometheus")
@pytest.mark.parametrize("series", [GONE, FAILING], ids=["gone", "failing"])
def test_what_is_alerted_on(tmp_path: Path, series: str) -> None:
    """A service that is gone, which has no metrics by which a rule could tell; and one that fails, whatever
    strangers do to the counts."""
    rules = (OPERATIONS / "alerts.yml").read_text()
    without_words = re.sub(r"\n +annotations:\n +summary: .*", "", rules)
    (tmp_path / "rules.yml").write_text(without_words)
    (tmp_path / "tests.yml").write_text(series.format(rules="rules.yml"))
    for command in (["check", "rules", str(OPERATIONS / "alerts.yml")], ["test", "rules", "tests.yml"]):
        run = subprocess.run(
            [str(PROMTOOL), *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout + run.stderr
