"""A refusal reaches a client that is still sending: closing at once would have its system throw it away."""

import socket
import time

import pytest
import requests

from index.tantivy_engine import TantivyIndex
from tests.service.running import TOO_LARGE, Running, answering

LARGE = b"x" * 3_000_000


def drip(connection: socket.socket, seconds: float) -> None:
    """Send on, byte by byte."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        connection.sendall(b"x")
        time.sleep(0.01)


def test_who_sends_far_too_much_is_told_so(server: Running) -> None:
    for _ in range(5):
        answer = requests.post(f"{server.url}/customers/lookup", data=LARGE, timeout=10)
        assert answer.status_code == 413
        assert answer.json()["title"] == "Request Entity Too Large"


def test_what_follows_a_refusal_is_not_answered(server: Running) -> None:
    answer = server.says_to(TOO_LARGE + LARGE + b"GET /health/live HTTP/1.1\r\n\r\n" * 3)
    assert answer.count(b"HTTP/1.") == 1
    assert answer.split()[1] == b"413"


def test_the_answer_ends_at_once(server: Running) -> None:
    """Whoever has sent everything does not wait until the rest might have come."""
    started = time.monotonic()
    assert server.says_to(TOO_LARGE).split()[1] == b"413"
    assert time.monotonic() - started < 1


def test_who_goes_on_sending_is_cut_off(index: TantivyIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.connections.LINGER_S", 0.1)
    with answering(index) as address, socket.create_connection(address, timeout=10) as connection:
        connection.sendall(TOO_LARGE)
        assert connection.recv(65536).split()[1] == b"413"
        with pytest.raises(ConnectionError):
            drip(connection, 10)


def test_a_stop_does_not_wait_for_the_rest(index: TantivyIndex) -> None:
    with answering(index) as address:
        connection = socket.create_connection(address, timeout=10)
        connection.sendall(TOO_LARGE)
        assert connection.recv(65536).split()[1] == b"413"
        started = time.monotonic()
    assert time.monotonic() - started < 3
    connection.close()
