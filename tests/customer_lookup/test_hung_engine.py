"""The real service, whose Meilisearch takes connections and never answers."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.customer_lookup.conftest import LOOKUP
from tests.customer_lookup.process import Running, running

THREADS = 4


@pytest.fixture
def hung(lookup_toml: Path) -> Iterator[Path]:
    """A configuration whose engine is up and silent."""
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as silent:
        engine = f'engine = "meilisearch"\nurl = "http://127.0.0.1:{silent.getsockname()[1]}"\n'
        engine += 'search_key = "for-searching"\nadmin_key = "for-the-rest"\n'
        content = LOOKUP.replace('engine = "embedded"\npath = "index"\n', engine)
        lookup_toml.write_text(content + f"threads = {THREADS}\n", encoding="utf-8")
        yield lookup_toml


@pytest.fixture
def service(hung: Path) -> Iterator[Running]:
    with running("serve", "--config", hung) as started:
        requests.get(f"{started.url}/health/live", timeout=10)
        yield started


def seconds_for(url: str) -> float:
    started = time.monotonic()
    requests.get(url, timeout=10)
    return time.monotonic() - started


def is_said(by: Running, logger: str, words: str) -> bool:
    """Whether it logs this within ten seconds."""
    give_up_at = time.monotonic() + 10
    while time.monotonic() < give_up_at:
        if any(logger in line and words in line for line in by.log):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("path", ["/health/ready", "/metrics", "/status.json"])
def test_how_the_service_is_is_said_within_a_second(service: Running, path: str) -> None:
    took = [round(seconds_for(service.url + path), 2) for _ in range(6)]
    assert max(took) < 1.2
    ready = requests.get(f"{service.url}/health/ready", timeout=10)
    assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
    full = requests.get(f"{service.url}/status.json", timeout=10)
    assert any("did not answer within" in problem for problem in full.json()["problems"])


def test_who_listens_answers(hung: Path) -> None:
    """It asked the engine first, after it had said that it listens."""
    with running("serve", "--config", hung) as started:
        assert seconds_for(f"{started.url}/health/live") < 1
        assert is_said(started, "customer_lookup.commands.serve", "did not answer within")


def test_those_who_ask_at_once_leave_threads_to_others(service: Running) -> None:
    """Each waited for the one before: as many probes as threads kept all else waiting for seconds."""
    seconds_for(f"{service.url}/health/ready")
    give_up_at = time.monotonic() + 5
    with ThreadPoolExecutor(6 * THREADS) as probes:
        while time.monotonic() < give_up_at:
            asked = [probes.submit(seconds_for, f"{service.url}/health/ready") for _ in range(5 * THREADS)]
            assert seconds_for(f"{service.url}/health/live") < 0.5
            assert max(each.result() for each in asked) < 1.5
