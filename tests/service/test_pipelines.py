"""Clients that ask again before they are answered, and do not read: they held every thread."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pytest

from index.tantivy_engine import TantivyIndex
from service.connections import MOST_PIPELINED, REQUEST_S
from tests.people import EVERYONE
from tests.service.desk import indexed
from tests.service.running import Running, answering, running

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ASKS = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
LAST = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with few threads to hold."""
    folder: Path = tmp_path_factory.mktemp("server")
    indexed(folder, EVERYONE).close()
    with running(folder, threads=2) as answering:
        answering.look_up()
        yield answering


def read_quickly(connection: socket.socket) -> bytes:
    """What has come."""
    return connection.recv(1 << 20)


def read_slowly(connection: socket.socket) -> bytes:
    """A little of what has come."""
    time.sleep(0.002)
    return connection.recv(1024)


def until(seconds: float) -> Iterator[None]:
    """Now and then, for so long."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        yield
        time.sleep(0.05)


def send_blanks(connection: socket.socket) -> None:
    """Ask for nothing more, for eight seconds."""
    for _ in until(8):
        connection.sendall(b"\r\n")


def connect_with_little_room(server: Running) -> socket.socket:
    """A connection that takes little of an answer before it is read."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.settimeout(10)
    connection.connect(("127.0.0.1", server.port))
    return connection


def test_tills_are_answered_while_nobody_reads_what_they_asked_for(server: Running) -> None:
    with ExitStack() as connections:
        for _ in range(4):
            connections.enter_context(server.connect()).sendall(ASKS * 1_200)
        took = [server.look_up().elapsed.total_seconds() for _ in until(3)]
    assert median(took) < 1.5
    assert max(took) < REQUEST_S / 2
    assert "mistake" not in (server.folder / "log.txt").read_text()


def test_no_thread_waits_for_a_client_that_does_not_read(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.connections.MOST_PIPELINED", 1_200)
    with answering(index) as address, socket.create_connection(address, timeout=10) as deaf:
        started = time.monotonic()
        deaf.sendall(ASKS * 1_200)
        with pytest.raises(ConnectionError):
            send_blanks(deaf)
        assert time.monotonic() - started < 5


def is_closed(connection: socket.socket) -> bool:
    """Whether it is, before anything is answered."""
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


@pytest.mark.parametrize("asked", [MOST_PIPELINED, MOST_PIPELINED + 1])
def test_who_asks_more_at_once_than_anybody_needs_is_cut_off(index: TantivyIndex, asked: int) -> None:
    let_go = threading.Event()

    def holding(app: "WSGIApplication") -> "WSGIApplication":
        return lambda *request: app(*request) if let_go.wait(90) else []

    patience = 60 if asked > MOST_PIPELINED else 1
    with answering(index, holding) as address, socket.create_connection(address, patience) as asking:
        asking.sendall(ASKS * asked)
        closed = is_closed(asking)
        let_go.set()
    assert closed == (asked > MOST_PIPELINED)


@pytest.mark.parametrize("read", [read_quickly, read_slowly])
def test_who_asks_a_few_at_once_and_reads_is_answered(
    server: Running, read: Callable[[socket.socket], bytes]
) -> None:
    with server.connect() as till:
        till.sendall(ASKS * 7 + LAST)
        answers = b"".join(iter(lambda: read(till), b""))
    assert answers.count(b"HTTP/1.1 200 OK") == 8


def test_who_reads_a_large_answer_slowly_gets_all_of_it(server: Running) -> None:
    with connect_with_little_room(server) as till:
        till.sendall(LAST)
        answer = b"".join(iter(lambda: read_slowly(till), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
