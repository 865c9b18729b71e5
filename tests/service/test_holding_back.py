"""Who guesses waits for each answer, and keeps nobody else waiting."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from index.tantivy_engine import TantivyIndex
from service.auth import WRONG_KEYS_BURST
from tests.service.desk import KEY
from tests.service.running import answering, running

Address = tuple[str, int]
RIGHT = {"X-API-Key": KEY}
GUESS = b"GET /customers/lookup?search_term=lars HTTP/1.1\r\nHost: localhost\r\nX-API-Key: guess\r\n\r\n"
ASKED = GUESS.replace(b"guess", KEY.encode())


def ask(address: Address, sent: bytes) -> tuple[bytes, float]:
    """All that is answered, and the seconds until it began."""
    began = time.monotonic()
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(sent)
        first = connection.recv(65536)
        waited = time.monotonic() - began
        return b"".join([first, *iter(lambda: connection.recv(65536), b"")]), waited


def spend_the_burst(address: Address) -> None:
    """So many wrong keys as are answered at once."""
    with socket.create_connection(address, timeout=30) as connection:
        for _ in range(WRONG_KEYS_BURST):
            connection.sendall(GUESS)
            assert b" 401 " in connection.recv(65536)


@pytest.fixture
def connect() -> Iterator[Callable[[Address], socket.socket]]:
    """A connection for the length of a test."""
    with ExitStack() as connections:
        yield lambda address: connections.enter_context(socket.create_connection(address, timeout=5))


def guesses(connect: Callable[[Address], socket.socket], address: Address, count: int) -> list[socket.socket]:
    """So many guesses, one shortly after the other, or there were no room for them."""
    made = []
    for _ in range(count):
        made.append(connect(address))
        made[-1].sendall(GUESS)
        time.sleep(0.05)
    return made


def test_a_guess_too_many_is_answered_late(index: TantivyIndex) -> None:
    """And costs us no work meanwhile."""
    with answering(index, api_keys=[KEY]) as address:
        _, quick = ask(address, GUESS.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert quick < 1, "a mistake is told at once"
        spend_the_burst(address)
        spent = time.process_time()
        answer, slow = ask(address, GUESS)
        assert time.process_time() - spent < 0.5
        assert b" 401 " in answer
        assert 2 <= slow < 5


@pytest.mark.parametrize(
    "guess",
    [
        3 * GUESS,
        GUESS.replace(b"GET /customers/lookup?search_term=lars", b"GET /status.json"),
        GUESS.replace(b"HTTP/1.1", b"HTTP/1.0").replace(b"\r\n\r\n", b"\r\nConnection: keep-alive\r\n\r\n"),
        GUESS.replace(b"GET", b"POST").replace(b"\r\n\r\n", b"\r\nContent-Length: 22\r\n\r\n")
        + b'{"search_term": "lars"}',
    ],
    ids=["pipelined", "status", "1.0", "post"],
)
def test_a_guess_too_many_costs_the_connection(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, guess: bytes
) -> None:
    """However it is sent, and however many: those behind the first are not looked at."""
    monkeypatch.setattr("service.connections.HELD_S", 0.3)
    with answering(index, api_keys=[KEY]) as address:
        spend_the_burst(address)
        answer, slow = ask(address, guess)
        assert (answer.count(b" 401 "), answer.count(b"HTTP/1.")) == (1, 1)
        assert (answer.count(b"Connection:"), answer.count(b"Connection: close")) == (1, 1)
        assert slow >= 0.3


def test_those_who_guess_keep_no_till_waiting(folder: Path) -> None:
    with running(folder, api_keys=[KEY], threads=2) as server, ExitStack() as connections:
        spend_the_burst(("127.0.0.1", server.port))
        guessing = [connections.enter_context(server.connect()) for _ in range(12)]
        for each in guessing:
            each.sendall(GUESS)
        began = time.monotonic()
        answers = [server.look_up(headers=RIGHT).status_code for _ in range(5)]
        assert (answers, time.monotonic() - began < 1) == ([200] * 5, True)
        assert all(b" 401 " in each.recv(65536) for each in guessing)
        assert time.monotonic() - began < 5, "side by side: none of them has a thread"


@pytest.fixture
def patient(index: TantivyIndex, monkeypatch: pytest.MonkeyPatch) -> Iterator[Address]:
    """A server that holds answers back for a minute, and to which we have guessed too often."""
    monkeypatch.setattr("service.connections.HELD_S", 60)
    with answering(index, api_keys=[KEY]) as address:
        spend_the_burst(address)
        yield address


def test_only_so_many_are_held_back_at_once(
    patient: Address, monkeypatch: pytest.MonkeyPatch, connect: Callable[[Address], socket.socket]
) -> None:
    """A proxy has so many connections for everybody: those who guess took all of them."""
    monkeypatch.setattr("service.connections.MOST_HELD", 2)
    first, second, third, fourth = guesses(connect, patient, 4)
    assert b" 401 " in first.recv(65536)
    assert b" 401 " in second.recv(65536)
    for held in (third, fourth):
        held.setblocking(False)
        with pytest.raises(BlockingIOError):
            held.recv(65536)


def test_who_is_held_back_goes_before_a_till_that_is_silent_and_is_answered(
    patient: Address, monkeypatch: pytest.MonkeyPatch, connect: Callable[[Address], socket.socket]
) -> None:
    """Closed without an answer, it made a proxy take the service for dead, and refuse every till."""
    monkeypatch.setattr("service.connections.MOST_CONNECTIONS", 3)
    till = connect(patient)
    till.sendall(ASKED)
    assert b" 200 " in till.recv(65536)
    guessing = guesses(connect, patient, 6)
    till.sendall(ASKED)
    assert b" 200 " in till.recv(65536)
    for gone in guessing[:4]:
        assert b" 401 " in gone.recv(65536)
        assert gone.recv(1) == b""


def test_a_stop_answers_those_who_are_held_back_at_once(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, connect: Callable[[Address], socket.socket]
) -> None:
    monkeypatch.setattr("service.connections.HELD_S", 60)
    with answering(index, api_keys=[KEY]) as address:
        spend_the_burst(address)
        [stranger] = guesses(connect, address, 1)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    assert b" 401 " in stranger.recv(65536)


def test_who_goes_on_sending_reads_the_answer_all_the_same(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, connect: Callable[[Address], socket.socket]
) -> None:
    monkeypatch.setattr("service.connections.HELD_S", 0.5)
    with answering(index, api_keys=[KEY]) as address:
        spend_the_burst(address)
        [stranger] = guesses(connect, address, 1)
        for _ in range(20):
            stranger.sendall(b"x" * 100)
            time.sleep(0.1)
        assert b" 401 " in stranger.recv(65536)
