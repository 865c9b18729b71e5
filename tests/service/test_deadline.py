"""Nothing keeps a cashier waiting."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from customers.errors import EngineError, EngineUnavailable, KeysVersionMismatch, NoLiveGeneration
from index.tantivy_engine import TantivyIndex
from service.request_log import RECEIVED_AT
from service.settings import ServiceSettings
from service.workers import AllBusyError, Workers
from tests.service.desk import app_of, bent

SETTINGS = ServiceSettings(deadline=timedelta(milliseconds=100), threads=2)
URLS = ["/customers/lookup?search_term=lars", "/customers/C-10023"]


@pytest.fixture
def hang() -> Iterator[Callable[[], object]]:
    """Waits until the test is over."""
    over = threading.Event()
    yield lambda: over.wait(60)
    over.set()


@pytest.mark.parametrize("url", URLS)
def test_an_engine_that_hangs_is_given_up_at_the_deadline(
    index: TantivyIndex, hang: Callable[[], object], url: str
) -> None:
    client = app_of(bent(index, hang), SETTINGS).test_client()
    started = time.monotonic()
    answer = client.get(url)
    assert time.monotonic() - started < 30
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize("url", URLS)
def test_the_deadline_counts_from_when_the_request_came_in(index: TantivyIndex, url: str) -> None:
    settings = ServiceSettings(deadline=timedelta(seconds=60))
    client = app_of(bent(index, lambda: time.sleep(0.1)), settings).test_client()
    for waited_s, status in ((1, 200), (100, 503)):
        came_in = {RECEIVED_AT: time.monotonic() - waited_s}
        assert client.get(url, environ_overrides=came_in).status_code == status


def test_once_every_worker_hangs_nobody_waits(index: TantivyIndex, hang: Callable[[], object]) -> None:
    settings = replace(SETTINGS, deadline=timedelta(seconds=60))
    client = app_of(bent(index, hang), settings).test_client()
    for _ in range(SETTINGS.threads):
        came_in = {RECEIVED_AT: time.monotonic() - 59.9}
        assert client.get(URLS[0], environ_overrides=came_in).status_code == 503
    started = time.monotonic()
    assert client.get(URLS[0]).status_code == 503
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    "error",
    [
        EngineUnavailable("down at http://10.0.0.5:7700"),
        NoLiveGeneration("run reindex"),
        KeysVersionMismatch("old"),
        EngineError("broken"),
    ],
)
@pytest.mark.parametrize("url", URLS)
def test_an_engine_that_fails_is_a_503_without_its_secrets(
    index: TantivyIndex, error: EngineError, url: str
) -> None:
    def fail() -> None:
        raise error

    answer = app_of(bent(index, fail)).test_client().get(url)
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert b"10.0.0.5" not in answer.data


def test_workers_free_themselves(hang: Callable[[], object]) -> None:
    workers = Workers(1, "test")
    assert workers.run(lambda: 7, timeout=60) == 7
    with pytest.raises(TimeoutError):
        workers.run(hang, timeout=0.01)
    with pytest.raises(AllBusyError):
        workers.run(lambda: 7, timeout=60)


def test_workers_end_with_their_owner() -> None:
    workers = Workers(2, "short-lived")
    assert workers.run(lambda: threading.current_thread().name, timeout=60) == "short-lived"
    del workers
    give_up_at = time.monotonic() + 60
    while "short-lived" in [thread.name for thread in threading.enumerate()]:
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


def test_what_hangs_does_not_keep_the_process_from_ending() -> None:
    hanging = "Workers(1, 'x').run(lambda: time.sleep(600), 0.01)"
    script = f"import time; from service.workers import Workers\ntry: {hanging}\nexcept TimeoutError: pass"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
