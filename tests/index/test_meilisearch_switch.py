"""A switch to another generation while something else is under way: a late swap, or a lookup."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest
import requests

from customers.document import to_document
from customers.errors import EngineUnavailable
from customers.settings import SearchSettings
from index.meilisearch_engine import MeilisearchIndex
from tests.index.meilisearch_server import SERVER, index_name, open_index
from tests.index.proxy import Forward, Proxy, Rule
from tests.index.test_meilisearch_generations import city, is_whole
from tests.people import LARS

pytestmark = pytest.mark.meilisearch(replay=False)

SETTINGS = SearchSettings()


@pytest.fixture
def index() -> Iterator[MeilisearchIndex]:
    """`first`, with one Lars in Aarhus, is live; `second`, with another one in Odense, is ready."""
    with closing(open_index(index_name(), SETTINGS)) as index:
        for generation, place in (("first", "Aarhus"), ("second", "Odense")):
            index.create(generation)
            with index.writer(generation) as writer:
                customer = replace(LARS, identifier=generation, city=place)
                writer.write([to_document(customer, SETTINGS)])
                writer.flush()
        index.promote("first")
        yield index


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy(SERVER.url) as proxy:
        yield proxy


@pytest.fixture
def behind(index: MeilisearchIndex, proxy: Proxy) -> Iterator[MeilisearchIndex]:
    """The same index through the proxy."""
    keys = (SERVER.search_key, SERVER.admin_key)
    made = MeilisearchIndex(proxy.url, *keys, index_name(), SETTINGS, deadline=30.0, sleep=SERVER.sleep)
    with closing(made) as behind:
        yield behind


def test_a_swap_that_arrives_while_it_is_taken_aside_again_is_not_undone(
    index: MeilisearchIndex, behind: MeilisearchIndex, proxy: Proxy
) -> None:
    """What is taken aside is then the generation that was live before."""
    late: list[Forward] = []

    def after_the_late_one(forward: Forward) -> requests.Response:
        late[0]()
        return forward()

    proxy.rules += [
        Rule("POST", "swap-indexes", lambda forward: forward()),
        Rule("POST", "swap-indexes", late.append),
        Rule("POST", "swap-indexes", after_the_late_one),
    ]
    behind.promote("second")
    assert is_whole(index, live="second")


def test_what_is_live_is_not_moved_to_be_made_live(
    index: MeilisearchIndex, behind: MeilisearchIndex, proxy: Proxy
) -> None:
    """For a moment nothing would be live."""
    behind.promote("first")
    assert [path for _, path, _ in proxy.seen if "swap" in path] == []
    assert is_whole(index, live="first")


@pytest.fixture
def switching(index: MeilisearchIndex, proxy: Proxy) -> Callable[[int], None]:
    """Has another generation made live before the second request of a lookup, and before as many in all as it
    is told. A lookup of one name has two."""
    names = itertools.cycle(["second", "first"])

    def switch(forward: Forward) -> requests.Response:
        index.promote(next(names))
        return forward()

    def begin(times: int) -> None:
        proxy.rules.append(Rule("POST", "multi-search", lambda forward: forward()))
        proxy.rules.append(Rule("POST", "multi-search", switch, times=times))

    return begin


def test_a_lookup_that_saw_two_generations_is_done_again(
    behind: MeilisearchIndex, proxy: Proxy, switching: Callable[[int], None]
) -> None:
    switching(1)
    assert city(behind, "hansen") == "Odense"
    assert [path for _, path, _ in proxy.seen].count("/multi-search") == 4


def test_a_lookup_that_sees_two_generations_each_time_is_an_error(
    behind: MeilisearchIndex, switching: Callable[[int], None]
) -> None:
    switching(100)
    with pytest.raises(EngineUnavailable, match=r"the live generation of .* keeps changing: try again"):
        city(behind, "hansen")
