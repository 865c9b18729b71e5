"""The real service, whose Meilisearch takes connections and never answers."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import pytest
import requests

from tests.customer_lookup.conftest import LOOKUP, make_shop
from tests.customer_lookup.process import Running, running

THREADS = 4
# For so long a busy machine may stop any one of the processes that a test looks at.
PAUSE_SECONDS = 5.0


@pytest.fixture(scope="module")
def hung(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A configuration whose engine is up and silent."""
    lookup_toml = make_shop(tmp_path_factory.mktemp("hung")) / "lookup.toml"
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as silent:
        engine = f'engine = "meilisearch"\nurl = "http://127.0.0.1:{silent.getsockname()[1]}"\n'
        engine += 'search_key = "for-searching"\nadmin_key = "for-the-rest"\n'
        content = LOOKUP.replace('engine = "embedded"\npath = "index"\n', engine)
        lookup_toml.write_text(content + f"threads = {THREADS}\n", encoding="utf-8")
        yield lookup_toml


@pytest.fixture(scope="module")
def service(hung: Path) -> Iterator[Running]:
    with running("serve", "--config", hung) as started:
        requests.get(f"{started.url}/health/live", timeout=30)
        yield started


def seconds_for(url: str) -> float:
    started = time.monotonic()
    requests.get(url, timeout=30)
    return time.monotonic() - started


def is_said(by: Running, logger: str, words: str) -> bool:
    """Whether it logs this within a minute."""
    give_up_at = time.monotonic() + 60
    while time.monotonic() < give_up_at:
        if any(logger in line and words in line for line in by.log):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("path", ["/health/ready", "/metrics", "/status.json"])
def test_how_the_service_is_is_said_within_a_second(service: Running, path: str) -> None:
    took = [seconds_for(service.url + path) for _ in range(4)]
    assert median(took) < 1.2
    assert max(took) < PAUSE_SECONDS
    ready = requests.get(f"{service.url}/health/ready", timeout=30)
    assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
    full = requests.get(f"{service.url}/status.json", timeout=30)
    assert any("did not answer within" in problem for problem in full.json()["problems"])


def test_who_listens_answers(hung: Path) -> None:
    """It asked the engine first, after it had said that it listens: for two seconds, always."""
    took: list[float] = []
    while not took or (took[-1] >= 1 and len(took) < 3):
        with running("serve", "--config", hung) as started:
            took.append(seconds_for(f"{started.url}/health/live"))
            assert is_said(started, "customer_lookup.commands.serve", "did not answer within")
    assert min(took) < 1


def test_those_who_ask_at_once_leave_threads_to_others(service: Running) -> None:
    """Each waited for the one before: as many probes as threads kept all else waiting for seconds."""
    seconds_for(f"{service.url}/health/ready")
    alive: list[float] = []
    ready: list[float] = []
    give_up_at = time.monotonic() + 5
    with ThreadPoolExecutor(6 * THREADS) as probes:
        while time.monotonic() < give_up_at:
            asked = [probes.submit(seconds_for, f"{service.url}/health/ready") for _ in range(5 * THREADS)]
            alive.append(seconds_for(f"{service.url}/health/live"))
            ready += [each.result() for each in asked]
    assert (median(alive) < 0.5, median(ready) < 1.5) == (True, True)
    assert max(alive + ready) < PAUSE_SECONDS
