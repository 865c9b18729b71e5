"""When Meilisearch is down, slow, full or wrong: one clear line, within the deadline, and nothing
personal."""

import time
from collections.abc import Iterator

import pytest
import requests

from customers.document import to_document
from customers.errors import ConfigurationError, EngineError, EngineUnavailable, NoLiveGeneration
from customers.settings import SearchSettings
from customers.term import understand
from index.meilisearch_engine import MeilisearchIndex
from index.meilisearch_errors import required_action
from tests.index.meilisearch_server import SERVER, free_port, index_name, open_index
from tests.index.proxy import Forward, Proxy, Rule, answering, saying
from tests.people import EVERYONE, LARS

SETTINGS = SearchSettings()
LARS_HANSEN = understand("lars hansen", SETTINGS)
# Seconds in which a real server answers, however busy the machine; and what a test waits for one that hangs.
DEADLINE = 5.0
HANGS = 0.3


def behind(
    proxy: Proxy, *, search_key: str | None = None, admin_key: str | None = None, deadline: float = DEADLINE
) -> MeilisearchIndex:
    """The index of this test, behind the proxy, with the keys of this run where none are given."""
    return MeilisearchIndex(
        proxy.url,
        search_key or SERVER.search_key,
        admin_key or SERVER.admin_key,
        index_name(),
        SETTINGS,
        deadline=deadline,
        sleep=SERVER.sleep,
    )


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy(SERVER.url) as proxy:
        yield proxy


@pytest.fixture
def index(proxy: Proxy) -> Iterator[MeilisearchIndex]:
    """Behind a proxy that answers in the server's place; there need not be one."""
    index = behind(proxy)
    yield index
    index.close()


def search_fails(
    index: MeilisearchIndex, error: type[EngineError], message: str, deadline: float = DEADLINE
) -> None:
    """A lookup, a look at one customer and the health check all fail so, in time, and name nobody."""
    for call in (lambda: index.search(LARS_HANSEN, 5), lambda: index.get(LARS.identifier), index.check):
        started = time.monotonic()
        with pytest.raises(error, match=message) as caught:
            call()
        assert time.monotonic() - started < deadline + 0.5
        assert "Lars" not in str(caught.value)
        assert "\n" not in str(caught.value)


def test_refused_connection() -> None:
    index = MeilisearchIndex(f"http://127.0.0.1:{free_port()}", "key", None, "customers", SETTINGS)
    search_fails(index, EngineUnavailable, "nothing listens at http://127.0.0.1:.*is Meilisearch running")
    index.close()


def test_a_server_that_hangs(proxy: Proxy) -> None:
    def hang(forward: Forward) -> None:
        time.sleep(HANGS + 1)

    proxy.rules.append(Rule("POST", "multi-search", hang, times=10))
    index = behind(proxy, deadline=HANGS)
    search_fails(index, EngineUnavailable, r"did not answer within 0.3 s", HANGS)
    index.close()


def test_a_connection_that_is_cut_twice(index: MeilisearchIndex, proxy: Proxy) -> None:
    proxy.rules.append(Rule("POST", "multi-search", lambda forward: None, times=10))
    search_fails(index, EngineUnavailable, "the connection to Meilisearch at .* failed")


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (500, "internal", r"an error of its own \(HTTP 500, internal\): see its log and its disk: .*full"),
        (429, "too_many_requests", r"too busy to answer \(HTTP 429\)"),
        (503, "too_many_search_requests", r"too busy to answer \(HTTP 503\)"),
        (422, "no_space_left_on_device", "the disk of Meilisearch .* is full"),
    ],
)
def test_an_error_answer(index: MeilisearchIndex, proxy: Proxy, status: int, code: str, message: str) -> None:
    proxy.rules.append(Rule("POST", "multi-search", answering(status, code), times=10))
    search_fails(index, EngineUnavailable, message)


OTHER_SHAPES = (
    b"<html>Welcome</html>",
    b"null",
    b"[]",
    b"{}",
    b"7",
    b'{"hits": null}',
    b'{"results": null}',
    b'{"results": [null, null, null]}',
    b'{"results": [{"hits": null}]}',
    b'{"results": [{"hits": {}}]}',
    b'{"results": [{"hits": {"a": 1}}]}',
    b'{"results": [{"hits": [1, "a", null]}]}',
    b'{"results": [{"hits": [[], 7]}]}',
    b'{"results": [{"hits": [{"body": 7}]}]}',
    b"[" * 200_000,
    b'{"a":' * 200_000,
)


@pytest.mark.parametrize("content", OTHER_SHAPES, ids=[shape[:40].decode() for shape in OTHER_SHAPES])
def test_an_answer_that_is_not_meilisearchs(index: MeilisearchIndex, proxy: Proxy, content: bytes) -> None:
    proxy.rules.append(Rule("POST", "multi-search", saying(content), times=10))
    search_fails(index, EngineError, "what answers at .* is not Meilisearch")


@pytest.mark.parametrize("content", OTHER_SHAPES, ids=[shape[:40].decode() for shape in OTHER_SHAPES])
def test_generations_that_are_not_meilisearchs(index: MeilisearchIndex, proxy: Proxy, content: bytes) -> None:
    proxy.rules.append(Rule("GET", "", saying(content), times=10))
    proxy.rules.append(Rule("POST", "", saying(content), times=10))
    with pytest.raises(EngineError, match=r"what answers at .* is not Meilisearch"):
        index.generations()


def test_a_refusal_that_is_not_meilisearchs(index: MeilisearchIndex, proxy: Proxy) -> None:
    def refusal(forward: Forward) -> requests.Response:
        answer = answering(400, "")(forward)
        assert answer is not None
        answer._content = b"[" * 200_000
        return answer

    proxy.rules.append(Rule("POST", "multi-search", refusal, times=10))
    search_fails(index, EngineError, "refused post multi-search: unknown")


@pytest.mark.parametrize("url", ["127.0.0.1:7700", "ftp://meilisearch", "http://", "http://[::"])
def test_a_url_that_is_none(url: str) -> None:
    index = MeilisearchIndex(url, "key", None, "customers", SETTINGS)
    search_fails(index, EngineError, r"\[index\] url")
    index.close()


@pytest.mark.parametrize(
    "name", ["", "a/b", "customers?x", "kunder æ", "x" * 301, "shop__north", "shop_", "shop-_"]
)
def test_a_name_that_no_index_can_have(name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"\[index\] name: .* cannot name an index"):
        MeilisearchIndex("http://127.0.0.1:7700", None, None, name, SETTINGS)


def test_the_disk_fills_while_writing(index: MeilisearchIndex, proxy: Proxy) -> None:
    proxy.rules.append(Rule("GET", "version", answering(422, "no_space_left_on_device")))
    with pytest.raises(EngineUnavailable, match=r"disk of Meilisearch .* is full"):
        index.create("first")


@pytest.mark.meilisearch(replay=False)
def test_a_wrong_key() -> None:
    with Proxy(SERVER.url) as proxy:
        index = behind(proxy, search_key="wrong", admin_key="wrong as well")
        search_fails(
            index, EngineError, r"does not accept \[index\] search_key: .* lacks the permission 'search'"
        )
        with pytest.raises(EngineError, match=r"\[index\] admin_key: .* lacks the permission 'version'"):
            index.create("first")
        index.close()


@pytest.mark.meilisearch(replay=False)
def test_no_key_where_one_is_wanted() -> None:
    index = MeilisearchIndex(SERVER.url, None, None, index_name(), SETTINGS)
    search_fails(index, EngineError, r"wants a key: set \[index\] search_key")
    with pytest.raises(EngineError, match=r"wants a key: set \[index\] admin_key"):
        index.create("first")
    index.close()


@pytest.mark.meilisearch(replay=False)
def test_the_missing_permission_is_named_and_the_other_key() -> None:
    with Proxy(SERVER.url) as proxy:
        index = behind(proxy, search_key=SERVER.admin_key, admin_key=SERVER.search_key)
        lacks = r"\[index\] admin_key: .* lacks the permission 'indexes.get', as the search key does"
        with pytest.raises(EngineError, match=lacks):
            index.generations()
        search_fails(index, EngineError, r"search_key: .* the permission 'search', as the admin key does;")
        index.close()


def test_the_permission_does_not_depend_on_what_the_index_is_called() -> None:
    assert required_action("post", "indexes/research/documents") == "documents.add"
    assert required_action("get", "indexes/documents__20261124/stats") == "stats.get"
    assert required_action("get", "indexes?limit=1000") == "indexes.get"


@pytest.mark.meilisearch
def test_a_missing_index() -> None:
    index = open_index(index_name(), SETTINGS, deadline=DEADLINE)
    search_fails(index, NoLiveGeneration, "there is no index .* run customer-lookup reindex")
    index.close()


@pytest.mark.parametrize("version", ["1.40.9", "1.9.0", "0.30.5"])
def test_a_server_that_is_too_old(index: MeilisearchIndex, proxy: Proxy, version: str) -> None:
    old = saying(f'{{"pkgVersion": "{version}"}}'.encode())
    proxy.rules.append(Rule("GET", "version", old))
    with pytest.raises(EngineError, match=rf"is version {version}: update it to 1.41 or newer"):
        index.create("first")


@pytest.mark.meilisearch(replay=False)
def test_anothers_index_by_that_name_is_never_touched() -> None:
    name = index_name()
    SERVER.call("post", f"indexes/{name}/documents", [{"id": 1, "title": "Lars Hansen"}])
    index = open_index(name, SETTINGS, deadline=DEADLINE)
    SERVER.wait()
    for call in (index.generations, lambda: index.create("first"), lambda: index.promote("first")):
        with pytest.raises(
            EngineError, match=r"was not made by customer-lookup: give another \[index\] name"
        ):
            call()
    search_fails(index, EngineError, r"was not made by customer-lookup: give another \[index\] name")
    assert SERVER.call("get", f"indexes/{name}/stats").json()["numberOfDocuments"] == 1
    index.close()


@pytest.mark.meilisearch(replay=False)
def test_anothers_index_beside_ours_is_no_generation() -> None:
    name = index_name()
    SERVER.call("post", f"indexes/{name}__archive/documents", [{"id": 1, "title": "Lars Hansen"}])
    SERVER.wait()
    index = open_index(name, SETTINGS)
    assert index.generations() == []
    index.remove("archive")
    assert SERVER.call("get", f"indexes/{name}__archive/stats").json()["numberOfDocuments"] == 1
    with pytest.raises(EngineError, match="index_already_exists"):
        index.create("archive")
    index.close()


@pytest.mark.meilisearch(replay=False)
def test_it_goes_on_by_itself_once_the_server_is_well() -> None:
    with Proxy(SERVER.url) as proxy:
        index = behind(proxy)
        index.create("first")
        with index.writer("first") as writer:
            writer.write([to_document(customer, SETTINGS) for customer in EVERYONE])
            writer.flush()
        index.promote("first")
        proxy.rules.append(Rule("POST", "multi-search", answering(500, "internal"), times=3))
        search_fails(index, EngineUnavailable, "error of its own")
        assert index.search(LARS_HANSEN, 5)[0].customer == LARS
        index.close()
