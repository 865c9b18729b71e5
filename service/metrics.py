"""The service in numbers, for Prometheus: how it answers, and how the index is.

Labels are few and fixed: never a term, a key, an address or an identifier.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from service.age import age_s, stale_problem
from service.ports import SyncReport
from service.share import COUNTS_FOLDER

# `wait`: for a thread, where the server says how long.
STAGES = ("wait", "parse", "engine", "balances", "serialise")
# Seconds. Fine below 50 ms, where a till feels no wait, up to the deadline.
_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_HITS = (0, 1, 2, 5, 10, 20, 50, 100)


class Metrics:
    """What the service counts itself. Safe to share between threads."""

    def __init__(self) -> None:
        self.registry, self._state = CollectorRegistry(), CollectorRegistry()
        self._lookups = Counter(
            "customer_lookup_lookups",
            "Lookups by outcome and kind of term.",
            ["outcome", "kind"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "customer_lookup_lookup_seconds",
            "Time of an answered lookup since it came in.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._stages = Histogram(
            "customer_lookup_stage_seconds",
            "Time by stage of an answered lookup.",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        # Looking a label up takes as long as counting.
        self._by_stage = {stage: self._stages.labels(stage) for stage in STAGES}
        self._hits = Histogram(
            "customer_lookup_hits",
            "Customers in an answer.",
            buckets=_HITS,
            registry=self.registry,
        )
        self._refused = Counter(
            "customer_lookup_refused",
            "Requests refused at the door, by reason.",
            ["reason"],
            registry=self.registry,
        )
        self._balances = Counter(
            "customer_lookup_balances",
            "Answers by where their balances came from.",
            ["source"],
            registry=self.registry,
        )

    def looked_up(self, outcome: str, kind: str) -> None:
        """Count a lookup, answered or not. `kind` is that of its term, or `none`."""
        self._lookups.labels(outcome, kind).inc()

    def answered(self, hits: int, stages: Mapping[str, float], balances: str) -> None:
        """Note an answer's size, its milliseconds by stage, and where its balances came from."""
        self._hits.observe(hits)
        self._seconds.observe(sum(stages.values()) / 1000)
        for stage, spent in stages.items():
            self._by_stage[stage].observe(spent / 1000)
        self._balances.labels(balances).inc()

    def refused(self, reason: str) -> None:
        """Count a request refused for its key, its rate or its form, or for want of room."""
        self._refused.labels(reason).inc()

    def watch(self, state: Collector) -> None:
        """Have what `state` finds on the page too."""
        self._state.register(state)

    def page(self) -> bytes:
        """Everything as Prometheus' text format: what is counted over all processes that share a
        COUNTS_FOLDER, and the state as this one sees it."""
        counted = self.registry
        if folder := os.environ.get(COUNTS_FOLDER):
            counted = CollectorRegistry()
            MultiProcessCollector(counted, folder)  # type: ignore[no-untyped-call]
        return bytes(generate_latest(counted) + generate_latest(self._state))


class StateCollector(Collector):
    """What is not counted but looked up when Prometheus asks: the sync, the engine, the breaker."""

    def __init__(
        self,
        report: Callable[[], SyncReport],
        engine_up: Callable[[], bool],
        breaker_open: Callable[[], bool],
        stale_after: timedelta,
    ) -> None:
        self._report = report
        self._engine_up = engine_up
        self._breaker_open = breaker_open
        self._stale_after = stale_after

    def collect(self) -> Iterable[Metric]:
        """One value of each, as of now."""
        report = self._report()
        yield _gauge("engine_up", "1 while the index engine answers.", float(self._engine_up()))
        yield _gauge("breaker_open", "1 while live balances are given up.", float(self._breaker_open()))
        yield _gauge("quarantined", "Source rows left out of the index.", float(report.quarantined))
        if report.documents is not None:
            yield _gauge("documents", "Customers in the live generation.", float(report.documents))
        lag = age_s(report.synced_at)
        stale = stale_problem(report.synced_at, self._stale_after) is not None
        yield _gauge("stale", "1 while the index is older than stale_after.", float(stale))
        if lag is not None:
            yield _gauge("lag_seconds", "Age of the newest confirmed sync.", lag)
        yield from _jobs(report)


def _jobs(report: SyncReport) -> Iterable[Metric]:
    runs = CounterMetricFamily("customer_lookup_job_runs", "Runs of a sync job.", labels=["job"])
    failures = CounterMetricFamily(
        "customer_lookup_job_failures", "Failed runs of a sync job.", labels=["job"]
    )
    succeeded = _moments("success", "When a sync job last succeeded, in seconds since 1970.")
    failed = _moments("failure", "When a sync job last failed, in seconds since 1970.")
    for job in report.jobs:
        runs.add_metric([job.job], job.runs)
        failures.add_metric([job.job], job.failures)
        if job.last_success_at is not None:
            succeeded.add_metric([job.job], job.last_success_at.timestamp())
        if job.last_error_at is not None:
            failed.add_metric([job.job], job.last_error_at.timestamp())
    return (runs, failures, succeeded, failed)


def _moments(which: str, meaning: str) -> GaugeMetricFamily:
    name = f"customer_lookup_job_last_{which}_timestamp_seconds"
    return GaugeMetricFamily(name, meaning, labels=["job"])


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"customer_lookup_{name}", meaning, value=value)
