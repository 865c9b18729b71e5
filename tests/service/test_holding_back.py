"""Who guesses waits for each answer, and keeps nobody else waiting."""

import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from index.tantivy_engine import TantivyIndex
from service.auth import WRONG_KEYS_BURST
from service.connections import HELD_S
from tests.service.desk import KEY
from tests.service.running import answering, running

RIGHT = {"X-API-Key": KEY}
GUESS = b"GET /customers/lookup?search_term=lars HTTP/1.1\r\nHost: localhost\r\nX-API-Key: guess\r\n\r\n"


def ask(address: tuple[str, int], sent: bytes) -> tuple[bytes, float]:
    """All that is answered, and the seconds until it began."""
    began = time.monotonic()
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(sent)
        first = connection.recv(65536)
        waited = time.monotonic() - began
        return b"".join([first, *iter(lambda: connection.recv(65536), b"")]), waited


def spend_the_burst(address: tuple[str, int]) -> None:
    """So many wrong keys as are answered at once."""
    with socket.create_connection(address, timeout=30) as connection:
        for _ in range(WRONG_KEYS_BURST):
            connection.sendall(GUESS)
            assert b" 401 " in connection.recv(65536)


def test_a_guess_too_many_is_answered_late_and_costs_the_connection(index: TantivyIndex) -> None:
    """However many are sent on it: those behind the first are not looked at. Nor does it cost us any work
    meanwhile."""
    with answering(index, api_keys=[KEY]) as address:
        _, quick = ask(address, GUESS.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert quick < HELD_S / 2, "a mistake is told at once"
        spend_the_burst(address)
        spent = time.process_time()
        answer, slow = ask(address, 3 * GUESS)
        assert time.process_time() - spent < HELD_S / 4
        assert (answer.count(b"HTTP/1.1 401"), answer.count(b"HTTP/1.1")) == (1, 1)
        assert b"Connection: close" in answer
        assert HELD_S <= slow < HELD_S + 3


def test_those_who_guess_keep_no_till_waiting(folder: Path) -> None:
    with running(folder, api_keys=[KEY], threads=2) as server, ExitStack() as connections:
        spend_the_burst(("127.0.0.1", server.port))
        guessing = [connections.enter_context(server.connect()) for _ in range(40)]
        for each in guessing:
            each.sendall(GUESS)
            time.sleep(0.01)  # one after the other, or there were no room for all
        began = time.monotonic()
        answers = [server.look_up(headers=RIGHT).status_code for _ in range(5)]
        assert (answers, time.monotonic() - began < HELD_S / 2) == ([200] * 5, True)
        assert all(b" 401 " in each.recv(65536) for each in guessing), "each gets its answer in the end"


def test_who_is_held_back_goes_before_a_till_that_is_silent(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.connections.MOST_CONNECTIONS", 3)
    monkeypatch.setattr("service.connections.HELD_S", 60)
    right = GUESS.replace(b"guess", KEY.encode())
    with answering(index, api_keys=[KEY]) as address, ExitStack() as connections:
        spend_the_burst(address)
        till = connections.enter_context(socket.create_connection(address, timeout=5))
        till.sendall(right)
        assert b" 200 " in till.recv(65536)
        for _ in range(6):
            stranger = connections.enter_context(socket.create_connection(address, timeout=5))
            stranger.sendall(GUESS)
            time.sleep(0.05)  # until it is held
        till.sendall(right)
        assert b" 200 " in till.recv(65536)


def test_a_stop_answers_those_who_are_held_back_at_once(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.connections.HELD_S", 60)
    with ExitStack() as connections:
        with answering(index, api_keys=[KEY]) as address:
            spend_the_burst(address)
            stranger = connections.enter_context(socket.create_connection(address, timeout=5))
            stranger.sendall(GUESS)
            time.sleep(0.2)
            began = time.monotonic()
        assert time.monotonic() - began < 2
        assert b" 401 " in stranger.recv(65536)
