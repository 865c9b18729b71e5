"""A call is bounded as a whole: a server that always says a little more is not waited for."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from customers.errors import EngineUnavailable
from customers.settings import SearchSettings
from index import meilisearch_engine
from index.meilisearch_engine import MeilisearchIndex
from index.meilisearch_http import NDJSON, Client, Compressed
from tests.index.dripping import BODY, HEADERS, dripping

# Seconds: a drop comes well before any wait for one is over.
DEADLINE = 0.5
DROP = 0.1
# Well before the server has said all: the hundredth header is one too many.
LATE = DEADLINE + 5


@pytest.fixture(params=[HEADERS, BODY], ids=["headers", "body"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    first, drop = request.param
    with dripping(first, drop, every=DROP) as url:
        yield url


def ends_in_time(call: Callable[[], object]) -> None:
    """In a thread of its own: what never ends is not to hold up the tests."""
    ended: list[float] = []

    def timed() -> None:
        started = time.monotonic()
        with pytest.raises(EngineUnavailable, match=r"did not answer within 0\.5 s"):
            call()
        ended.append(time.monotonic() - started)

    thread = threading.Thread(target=timed, daemon=True)
    thread.start()
    thread.join(60)
    [took] = ended or [float("inf")]
    assert took < LATE


def test_a_lookup(url: str) -> None:
    with closing(MeilisearchIndex(url, "k", None, "shop", SearchSettings(), deadline=DEADLINE)) as index:
        ends_in_time(lambda: index.get("10023"))


def test_a_look_at_the_generations(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meilisearch_engine, "LOOK_TIMEOUT", DEADLINE)
    with closing(MeilisearchIndex(url, "k", "a", "shop", SearchSettings())) as index:
        ends_in_time(index.generations)


def test_a_write(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A patient client tries again what certainly did not happen, which is not known here."""
    monkeypatch.setattr(meilisearch_engine, "WRITE_TIMEOUT", DEADLINE)
    with closing(MeilisearchIndex(url, "k", "a", "shop", SearchSettings())) as index:
        ends_in_time(lambda: index.create("first"))


def test_a_body_that_is_taken_in_sip_by_sip() -> None:
    """Sending is bounded too."""
    over = threading.Event()

    def sip() -> None:
        connection, _ = listener.accept()
        with connection:
            while not over.wait(DROP):
                connection.recv(65536)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        drinker = threading.Thread(target=sip, daemon=True)
        drinker.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        client = Client(url, "a", key_name="[index] admin_key", timeout=DEADLINE, patient=True)
        content = Compressed(16 * 1024 * 1024)
        ends_in_time(lambda: client.http.post("indexes/shop/documents", content, NDJSON))
        client.close()
        over.set()
        drinker.join()
