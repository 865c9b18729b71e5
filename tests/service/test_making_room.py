"""Where too many are connected, who asks nothing is the first to go."""

import socket
import time
from contextlib import ExitStack

import pytest

from index.tantivy_engine import TantivyIndex
from tests.service.running import TOO_LARGE, answering

OK = b"HTTP/1.1 200"


def ask(till: socket.socket) -> bytes:
    """How the answer begins."""
    till.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = till.recv(65536)
    time.sleep(0.02)  # until it counts as silent, since then
    return answer[: len(OK)]


def test_the_connection_that_has_been_silent_for_longest_makes_room(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.connections.MOST_CONNECTIONS", 3)
    with answering(index) as address, ExitStack() as tills:

        def connect() -> socket.socket:
            till = tills.enter_context(socket.create_connection(address, timeout=5))
            assert ask(till) == OK
            return till

        first, second, third = connect(), connect(), connect()
        assert ask(first) == OK
        connect()
        assert second.recv(1) == b"", "closed"
        assert [ask(first), ask(third)] == [OK, OK]


def test_who_was_refused_goes_before_a_till_that_is_silent(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused connection is kept for a moment, for the client's sake: a flood of them closed the tills'."""
    monkeypatch.setattr("service.connections.MOST_CONNECTIONS", 3)
    monkeypatch.setattr("service.connections.LINGER_S", 60)
    with answering(index) as address, ExitStack() as connections:

        def connect() -> socket.socket:
            return connections.enter_context(socket.create_connection(address, timeout=5))

        till = connect()
        assert ask(till) == OK
        for _ in range(6):
            stranger = connect()
            stranger.sendall(TOO_LARGE)
            assert stranger.recv(65536).split()[1] == b"413"
            assert stranger.recv(1) == b"", "from now on it is kept for the client's sake alone"
        assert ask(till) == OK
