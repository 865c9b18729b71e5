"""The client's connections: kept alive, one for each thread, every call bounded."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import requests

from customers.document import to_document
from customers.errors import EngineError, EngineUnavailable
from customers.settings import SearchSettings
from customers.term import understand
from index.meilisearch_engine import MeilisearchIndex
from index.meilisearch_http import NDJSON, Client
from tests.index.meilisearch_server import SERVER, index_name
from tests.index.proxy import Forward, Proxy, Rule, answering, lose_answer
from tests.people import EVERYONE, LARS, SOREN

pytestmark = pytest.mark.meilisearch(replay=False)

SETTINGS = SearchSettings()
LARS_HANSEN = understand("lars hansen", SETTINGS)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy(SERVER.url) as proxy:
        yield proxy


@pytest.fixture
def index(proxy: Proxy) -> Iterator[MeilisearchIndex]:
    """Everyone, live, behind the proxy."""
    index = MeilisearchIndex(
        proxy.url, SERVER.search_key, SERVER.admin_key, index_name(), SETTINGS, sleep=SERVER.sleep
    )
    index.create("first")
    with index.writer("first") as writer:
        writer.write([to_document(customer, SETTINGS) for customer in EVERYONE])
        writer.flush()
    index.promote("first")
    proxy.connections = 0
    proxy.seen.clear()
    yield index
    index.close()


def test_a_hundred_lookups_take_one_connection(index: MeilisearchIndex, proxy: Proxy) -> None:
    for _ in range(50):
        assert index.search(LARS_HANSEN, 5)[0].customer == LARS
        assert index.get(SOREN.identifier) == SOREN
    assert proxy.connections == 1


def test_a_thread_has_its_own_connection_and_no_more(index: MeilisearchIndex, proxy: Proxy) -> None:
    together = threading.Barrier(4)

    def look(_: int) -> None:
        together.wait()
        for _ in range(20):
            index.search(LARS_HANSEN, 5)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(4)))
    assert proxy.connections == 4


def test_a_lookup_by_a_number_is_one_request(index: MeilisearchIndex, proxy: Proxy) -> None:
    assert index.search(understand(LARS.identifier, SETTINGS), 5)[0].customer == LARS
    assert [(method, path) for method, path, _ in proxy.seen] == [("POST", "/multi-search")]


def test_so_is_one_by_names_that_somebody_has(index: MeilisearchIndex, proxy: Proxy) -> None:
    assert index.search(LARS_HANSEN, 5)[0].customer == LARS
    assert [(method, path) for method, path, _ in proxy.seen] == [("POST", "/multi-search")]


def test_one_name_that_few_have_is_two_requests(index: MeilisearchIndex, proxy: Proxy) -> None:
    index.search(understand("hansen", SETTINGS), 5)
    assert [(method, path) for method, path, _ in proxy.seen] == [("POST", "/multi-search")] * 2


def test_headers_are_not_shared_between_threads(proxy: Proxy) -> None:
    """The official client changes one dict for all: a GET could be sent with another thread's content
    type."""
    client = Client(proxy.url, SERVER.admin_key, key_name="[index] admin_key", timeout=10, patient=False)
    calls: list[Callable[[], object]] = [
        client.get_version,
        lambda: client.http.post("indexes/none/search", {"q": ""}),
        lambda: client.http.post("indexes/none/documents", b'{"id": 1}\n', NDJSON),
    ]

    def call(number: int) -> None:
        with suppress(EngineError):
            calls[number % 3]()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(call, range(90)))
    client.close()
    kinds = {(method, path, headers.get("Content-Type")) for method, path, headers in proxy.seen}
    assert kinds == {
        ("GET", "/version", None),
        ("POST", "/indexes/none/search", "application/json"),
        ("POST", "/indexes/none/documents", NDJSON),
    }


def test_documents_are_sent_compressed(index: MeilisearchIndex, proxy: Proxy) -> None:
    with index.writer("first") as writer:
        writer.write([to_document(LARS, SETTINGS)])
        writer.flush()
    [headers] = [
        headers for method, path, headers in proxy.seen if (method, path[-9:]) == ("POST", "documents")
    ]
    assert (headers["Content-Type"], headers["Content-Encoding"]) == (NDJSON, "gzip")


def test_a_connection_that_went_stale_is_no_failed_lookup(index: MeilisearchIndex, proxy: Proxy) -> None:
    index.search(LARS_HANSEN, 5)
    proxy.rules.append(Rule("POST", "multi-search", lose_answer))
    assert index.search(LARS_HANSEN, 5)[0].customer == LARS


def test_the_deadline_is_for_the_whole_lookup(proxy: Proxy, index: MeilisearchIndex) -> None:
    """Not for each of its requests, of which a lookup with a typo needs two."""

    def slow(forward: Forward) -> requests.Response:
        time.sleep(0.3)
        return forward()

    proxy.rules.append(Rule("POST", "multi-search", slow, times=10))
    hurried = MeilisearchIndex(proxy.url, SERVER.search_key, None, index_name(), SETTINGS, deadline=0.5)
    started = time.monotonic()
    with pytest.raises(EngineUnavailable, match=r"did not answer within 0.5 s"):
        hurried.search(understand("lras hansne", SETTINGS), 5)
    assert time.monotonic() - started < 1
    hurried.close()


def test_a_busy_server_is_asked_again_by_a_sync(index: MeilisearchIndex, proxy: Proxy) -> None:
    proxy.rules.append(Rule("POST", "indexes", answering(503, "too_many_search_requests")))
    index.create("second")
