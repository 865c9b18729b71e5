"""SIGHUP, at any time, and with any content of the file that it has read."""

import os
import signal
import time
from pathlib import Path

import pytest
import requests

from tests.customer_lookup.conftest import LOOKUP
from tests.customer_lookup.process import Running, running
from tests.customer_lookup.test_running import eventually
from tests.service.test_processes import answers, children

EVERYWHERE = LOOKUP.replace('host = "127.0.0.1"', 'host = "0.0.0.0"')


def write(lookup_toml: Path, content: str, keys: str, processes: int = 1) -> None:
    lookup_toml.write_text(f"{content}processes = {processes}\napi_keys = {keys}\n", encoding="utf-8")


def statuses(service: Running, key: str) -> set[int]:
    """Of a customer who is in no index yet, as often as both of two processes are met."""
    url, headers = f"{service.url}/customers/C-1", {"X-API-Key": key}
    return {requests.get(url, headers=headers, timeout=30).status_code for _ in range(6)}


def answering(service: Running) -> list[int]:
    """The processes that do."""
    parent = service.process.pid
    return [child for child in children(parent) if answers(child)] if children(parent) else [parent]


def said(service: Running, words: str) -> int:
    return sum(words in line for line in list(service.log))


def test_one_that_comes_during_the_start_is_answered_after_it(lookup_toml: Path) -> None:
    """It ended the process: what a supervisor that reloads right after a start would see as a crash."""
    pipe = lookup_toml.with_name("key")
    os.mkfifo(pipe)
    write(lookup_toml, LOOKUP, '["till:${file:key}"]')
    with running("serve", "--config", lookup_toml, listens=False) as starting:
        with pipe.open("w") as first:  # opens when the configuration is being read
            starting.reload()
            time.sleep(0.2)
            assert starting.process.poll() is None
            first.write("first-key")
        eventually(lambda: bool(starting.port))
        pipe.write_text("second-key")
        eventually(lambda: statuses(starting, "second-key") == {503})
        assert statuses(starting, "first-key") == {401}
        assert starting.stop() == 0


def test_one_that_reaches_a_process_before_it_is_up_does_not_end_it(lookup_toml: Path) -> None:
    write(lookup_toml, LOOKUP, '["till:first-key"]', processes=2)
    with running("serve", "--config", lookup_toml, listens=False) as starting:
        eventually(lambda: bool(children(starting.process.pid)))
        (first,) = children(starting.process.pid)
        os.kill(first, signal.SIGHUP)
        eventually(lambda: bool(starting.port))
        eventually(lambda: len(answering(starting)) == 2)
        assert first in answering(starting)
        assert said(starting, "the keys were reloaded") == 1
        assert statuses(starting, "first-key") == {503}
        assert starting.stop() == 0
        assert not said(starting, "is replaced")


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("content", [EVERYWHERE, LOOKUP])
def test_one_that_would_leave_no_key_is_refused(lookup_toml: Path, content: str, processes: int) -> None:
    """It opened the service to everyone, or to everyone behind a proxy on this machine."""
    write(lookup_toml, content, '["till:first-key"]', processes)
    with running("serve", "--config", lookup_toml) as service:
        eventually(lambda: len(answering(service)) == processes)
        assert statuses(service, "first-key") == {503}
        write(lookup_toml, LOOKUP, "[]", processes)
        service.reload()
        eventually(lambda: said(service, "the keys were not reloaded") == processes)
        assert said(service, "[service] api_keys is empty now") == processes
        assert statuses(service, "first-key") == {503}
        assert statuses(service, "no-key") == {401}


def test_keys_that_can_be_guessed_are_warned_about_once(lookup_toml: Path) -> None:
    """At the start by one of several processes, at a reload by each that read them."""
    words = "[service] api_keys: 1 shorter than 16 characters"
    write(lookup_toml, LOOKUP, '["till:4711", "long-enough-a-key"]', processes=2)
    with running("serve", "--config", lookup_toml) as service:
        eventually(lambda: len(answering(service)) == 2)
        assert said(service, words) == 1
        service.reload()
        eventually(lambda: said(service, words) == 3)
        assert said(service, "4711") == 0
        assert service.stop() == 0


def test_a_worker_that_is_asked_to_reload_goes_on(lookup_toml: Path) -> None:
    """It ended, without a word."""
    write(lookup_toml, LOOKUP, '["till:first-key"]')
    with running("worker", "--config", lookup_toml, listens=False) as worker:
        eventually(lambda: bool(said(worker, "sync")))
        worker.reload()
        eventually(lambda: said(worker, "a worker has no keys to reload") == 1)
        assert worker.stop() == 0
