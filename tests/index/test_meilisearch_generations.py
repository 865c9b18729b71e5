"""Generations on Meilisearch: a switch happens once, whatever becomes of the network and of the process."""

import itertools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
import requests

from customers.document import to_document
from customers.errors import EngineError, EngineUnavailable
from customers.settings import SearchSettings
from customers.term import understand
from index import meilisearch_generations, meilisearch_listing
from index.meilisearch_engine import MeilisearchIndex
from tests.index.meilisearch_server import SERVER, index_name, open_index
from tests.index.proxy import Action, Forward, Proxy, Rule, answering, lose_answer, lose_request
from tests.people import LARS, SOREN

pytestmark = pytest.mark.meilisearch(replay=False)

SETTINGS = SearchSettings()


def fill(index: MeilisearchIndex, generation: str, city: str) -> None:
    index.create(generation)
    with index.writer(generation) as writer:
        writer.write([to_document(replace(LARS, city=city), SETTINGS)])
        writer.flush()


@pytest.fixture
def index() -> Iterator[MeilisearchIndex]:
    """`first`, in Aarhus, is live; `second`, in Odense, is ready."""
    index = open_index(index_name(), SETTINGS)
    fill(index, "first", "Aarhus")
    index.promote("first")
    fill(index, "second", "Odense")
    yield index
    index.close()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy(SERVER.url) as proxy:
        yield proxy


@pytest.fixture
def behind(index: MeilisearchIndex, proxy: Proxy) -> Iterator[MeilisearchIndex]:
    """The same index through the proxy."""
    behind = MeilisearchIndex(
        proxy.url, SERVER.search_key, SERVER.admin_key, index_name(), SETTINGS, sleep=SERVER.sleep
    )
    yield behind
    behind.close()


def city(index: MeilisearchIndex, typed: str = "lars hansen") -> str | None:
    """The city of the only one who is found."""
    [hit] = index.search(understand(typed, SETTINGS), 5)
    return hit.customer.city


def is_whole(index: MeilisearchIndex, live: str) -> bool:
    """Both generations are there with their customers, and `live` is the one that answers."""
    listed = [(one.name, one.documents, one.live) for one in index.generations()]
    answers = {"first": "Aarhus", "second": "Odense"}[live]
    whole = [("first", 1, live == "first"), ("second", 1, live == "second")]
    return listed == whole and city(index) == answers


@pytest.mark.parametrize("action", [lose_answer, lose_request], ids=["answer", "request"])
@pytest.mark.parametrize("nth", range(2), ids=["taking it aside", "the swap"])
def test_a_lost_exchange_does_not_swap_back(
    index: MeilisearchIndex, behind: MeilisearchIndex, proxy: Proxy, action: Action, nth: int
) -> None:
    passed = [Rule("POST", "swap-indexes", lambda forward: forward()) for _ in range(nth)]
    proxy.rules += [*passed, Rule("POST", "swap-indexes", action)]
    behind.promote("second")
    assert is_whole(index, live="second")


@pytest.mark.parametrize("part", ["/indexes", "tasks/", "__generation"])
def test_a_lost_look_is_looked_again(
    index: MeilisearchIndex, behind: MeilisearchIndex, proxy: Proxy, part: str
) -> None:
    proxy.rules.append(Rule("GET", part, lose_answer))
    behind.promote("second")
    assert is_whole(index, live="second")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_an_error_answer_after_the_swap_was_taken(
    index: MeilisearchIndex, behind: MeilisearchIndex, proxy: Proxy, status: int
) -> None:
    """What a gateway answers when it has lost patience with a server that goes on."""

    def taken(forward: Forward) -> requests.Response | None:
        forward()
        return answering(status, "bad_gateway")(forward)

    proxy.rules += [
        Rule("POST", "swap-indexes", lambda forward: forward()),
        Rule("POST", "swap-indexes", taken),
    ]
    behind.promote("second")
    assert is_whole(index, live="second")


def test_a_swap_that_arrives_late_changes_nothing(
    index: MeilisearchIndex, behind: MeilisearchIndex, proxy: Proxy
) -> None:
    """The first swap hangs in the network until the second one is done: it must not undo it."""
    late: list[Forward] = []
    proxy.rules += [
        Rule("POST", "swap-indexes", lambda forward: forward()),
        Rule("POST", "swap-indexes", late.append),
    ]
    behind.promote("second")
    assert is_whole(index, live="second")
    [swap] = late
    assert swap().status_code == 202
    SERVER.wait()
    assert is_whole(index, live="second")


def test_where_nothing_gets_through_it_is_an_error_and_nothing_changed(
    index: MeilisearchIndex, behind: MeilisearchIndex, proxy: Proxy
) -> None:
    proxy.rules.append(Rule("POST", "swap-indexes", lose_request, times=100))
    with pytest.raises(EngineUnavailable):
        behind.promote("second")
    assert is_whole(index, live="first")


def test_two_who_promote_at_once_end_with_one_live(index: MeilisearchIndex) -> None:
    """Which the lease of the sync prevents. Whoever comes second may be told that something changed."""
    other = open_index(index_name(), SETTINGS)

    def promote(by: MeilisearchIndex) -> None:
        with suppress(EngineError):
            by.promote("second")

    both = [threading.Thread(target=promote, args=(by,)) for by in (index, other)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    other.close()
    assert is_whole(index, live="second")


def test_settings_are_there_before_the_first_document(index: MeilisearchIndex) -> None:
    tasks = SERVER.call("get", f"tasks?indexUids={index_name()}__second").json()["results"]
    assert [task["type"] for task in reversed(tasks)] == [
        "indexCreation",
        "settingsUpdate",
        "documentAdditionOrUpdate",
        "documentAdditionOrUpdate",
    ]


def test_what_was_left_half_made_can_be_removed(proxy: Proxy) -> None:
    """A crash after the index was made, before it was told which generation it is."""
    index = MeilisearchIndex(
        proxy.url, SERVER.search_key, SERVER.admin_key, index_name(), SETTINGS, sleep=SERVER.sleep
    )
    proxy.rules.append(Rule("GET", "settings", lose_request))
    with pytest.raises(EngineUnavailable):
        index.create("first")
    assert [(one.name, one.keys, one.documents) for one in index.generations()] == [("first", "", 0)]
    index.remove("first")
    assert index.generations() == []
    index.close()


def killed(proxy: Proxy, step: str, method: str, part: str, *, nth: int, before: bool) -> None:
    """Do `step` in a process that is killed as it makes its nth such request: before or after that is
    taken."""
    keys = (SERVER.search_key, SERVER.admin_key)
    command = [sys.executable, "-m", "tests.index.dying", proxy.url, *keys, index_name(), step]
    started = threading.Event()

    def kill(forward: Forward) -> None:
        if not before:
            forward()
        started.wait()
        os.kill(process.pid, signal.SIGKILL)

    passed = [Rule(method, part, lambda forward: forward()) for _ in range(nth)]
    proxy.rules += [*passed, Rule(method, part, kill)]
    process = subprocess.Popen(command)
    started.set()
    assert process.wait(20) == -signal.SIGKILL


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("nth", range(2), ids=["taking it aside", "the swap"])
def test_killed_while_promoting(index: MeilisearchIndex, proxy: Proxy, nth: int, before: bool) -> None:
    killed(proxy, "promote", "POST", "swap-indexes", nth=nth, before=before)
    assert city(index) in {"Aarhus", "Odense"}
    index.promote("second")
    assert is_whole(index, live="second")
    index.promote("first")
    assert is_whole(index, live="first")


def test_killed_while_waiting_for_the_swap(index: MeilisearchIndex, proxy: Proxy) -> None:
    killed(proxy, "promote", "GET", "tasks/", nth=1, before=True)
    index.promote("second")
    assert is_whole(index, live="second")


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(
    ("method", "part"),
    [("POST", "/indexes"), ("PATCH", "settings"), ("POST", "documents")],
    ids=["making the index", "the settings", "the marker"],
)
def test_killed_while_creating(proxy: Proxy, method: str, part: str, before: bool) -> None:
    index = open_index(index_name(), SETTINGS)
    killed(proxy, "create", method, part, nth=0, before=before)
    SERVER.wait()
    assert all(not one.live for one in index.generations())
    index.remove("second")
    index.create("second")
    index.promote("second")
    assert [(one.name, one.documents, one.live) for one in index.generations()] == [("second", 0, True)]
    index.close()


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_killed_while_writing(index: MeilisearchIndex, proxy: Proxy, before: bool) -> None:
    killed(proxy, "write", "POST", "documents", nth=0, before=before)
    with index.writer("second") as writer:
        writer.write([to_document(SOREN, SETTINGS)])
        writer.flush()
    index.promote("second")
    assert index.get(SOREN.identifier) == SOREN
    assert city(index) == ("Odense" if before else LARS.city)


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_killed_while_removing(index: MeilisearchIndex, proxy: Proxy, before: bool) -> None:
    index.promote("second")
    killed(proxy, "remove", "DELETE", "indexes", nth=0, before=before)
    index.remove("first")
    assert [one.name for one in index.generations()] == ["second"]
    assert city(index) == "Odense"


def test_a_look_at_a_moment_of_promotion_is_taken_again(
    index: MeilisearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between listing the indexes and asking each which generation it is, they may be switched; here without
    an end, and so more often than any look is taken again elsewhere."""
    monkeypatch.setattr(meilisearch_generations, "_LOOKS", 1000)
    stop = threading.Event()

    def promote() -> None:
        generations = itertools.cycle(["second", "first"])
        while not stop.is_set():
            index.promote(next(generations))

    promoting = threading.Thread(target=promote)
    promoting.start()
    try:
        for _ in range(150):
            assert [one.name for one in index.generations()] == ["first", "second"]
    finally:
        stop.set()
        promoting.join()


def test_indexes_are_listed_to_the_last(index: MeilisearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may have thousands of others."""
    monkeypatch.setattr(meilisearch_listing, "PAGE", 1)
    assert [one.name for one in index.generations()] == ["first", "second"]
