"""The real server, in a process of its own, treated badly."""

import logging
import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest
import requests

from customers.errors import ConfigurationError
from index.tantivy_engine import TantivyIndex
from service.connections import MOST_CONNECTIONS, REQUEST_S
from service.logs import JsonFormatter
from service.refusals import REFUSED
from service.server import HttpServer
from service.settings import ServiceSettings
from tests.service.desk import KEY, app_of
from tests.service.running import Running, answering, running, stopped_while_asked
from tests.service.test_lanes import Held

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def test_it_answers(server: Running) -> None:
    answer = server.look_up()
    assert (answer.status_code, answer.json()[0]["name"]) == (200, "Lars Hansen")
    assert "Server" not in answer.headers, "which server it is, is nobody's business"


@pytest.mark.parametrize(
    "drop",
    [
        b"GET /customers/lookup?search_term=a HTTP/1.1\r\nX: ",
        b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n{",
    ],
)
def test_clients_that_send_drop_by_drop_do_not_hold_the_service(server: Running, drop: bytes) -> None:
    slow = []
    # More than are ever accepted at once: without room being made, the next till would wait for one to end.
    for _ in range(2 * MOST_CONNECTIONS + 50):
        connection = server.connect()
        connection.sendall(drop)
        slow.append(connection)
    started = time.monotonic()
    assert all(server.look_up().status_code == 200 for _ in range(5))
    assert time.monotonic() - started < REQUEST_S / 2
    for connection in slow:
        connection.close()


def dribble(connection: socket.socket) -> None:
    """A header that does not end, for eight seconds."""
    for _ in range(160):
        connection.sendall(b"X")
        time.sleep(0.05)


def test_a_request_that_takes_too_long_to_come_in_is_cut_off(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.connections.REQUEST_S", 0.3)
    with (
        answering(index) as address,
        socket.create_connection(address, timeout=10) as slow,
        pytest.raises(OSError, match=r"Broken pipe|reset by peer"),
    ):
        dribble(slow)


def test_a_byte_that_claims_to_be_urgent_ends_the_connection(server: Running) -> None:
    """TCP hands it over apart from the rest. The loop was told of it over and over, at all of a core, and
    wrote a line into the log each time."""
    with server.connect() as connection:
        connection.send(b"!", socket.MSG_OOB)
        connection.settimeout(10)
        with suppress(ConnectionError):  # it may be a reset, as the byte is unread
            assert connection.recv(1) == b""
    assert "unhandled" not in (server.folder / "log.txt").read_text()


def ask_without_listening(connection: socket.socket) -> None:
    """For eight seconds, for more than fits in between."""
    for _ in range(160):
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 4)
        time.sleep(0.05)


def test_a_client_that_does_not_read_its_answers_is_cut_off(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.connections.REQUEST_S", 0.3)
    with (
        answering(index) as address,
        socket.create_connection(address, timeout=10) as deaf,
        pytest.raises(OSError, match=r"Broken pipe|reset by peer"),
    ):
        ask_without_listening(deaf)


def test_a_mistake_on_a_connection_is_logged_without_its_words(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def mistake(*_: object) -> None:
        raise KeyError("SECRET-4711")

    monkeypatch.setattr("service.connections.Parser.parse_header", mistake)
    with answering(index) as address, socket.create_connection(address, timeout=10) as till:
        till.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert till.recv(1) == b""
    assert caplog.records
    assert not [said for said in map(JsonFormatter().format, caplog.records) if "SECRET" in said]


class Mistaken:
    """An application that fails, where Flask does not see it: always, or only at what is no refusal."""

    def __init__(self, app: "WSGIApplication", always: bool) -> None:
        self._app = app
        self._always = always

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if self._always or REFUSED not in environ:
            raise KeyError("SECRET-4711")
        return self._app(environ, start_response)


def asked(address: tuple[str, int]) -> bytes:
    """All that comes back for a customer's identifier."""
    with socket.create_connection(address, timeout=10) as till:
        till.sendall(b"GET /customers/SECRET-4711 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return b"".join(iter(lambda: till.recv(65536), b""))


@pytest.mark.parametrize(("always", "answer"), [(False, b"HTTP/1.1 500"), (True, b"")])
def test_a_mistake_outside_of_flask_holds_no_till_and_names_nobody(
    index: TantivyIndex, caplog: pytest.LogCaptureFixture, always: bool, answer: bytes
) -> None:
    caplog.set_level(logging.DEBUG)
    with answering(index, lambda app: Mistaken(app, always)) as address:
        assert asked(address)[:12] == answer
    written = [JsonFormatter().format(record) for record in caplog.records]
    assert any("KeyError" in line for line in written)
    assert not [line for line in written if "SECRET" in line]


def test_over_capacity_the_answer_is_no_at_once(folder: Path) -> None:
    with running(folder, threads=2, queue=4) as server, ThreadPoolExecutor(40) as tills:
        answers = list(tills.map(lambda _: server.look_up("wait"), range(40)))
    refused = [answer for answer in answers if answer.status_code == 503]
    assert {answer.status_code for answer in answers} == {200, 503}
    assert all(answer.headers["Retry-After"] for answer in refused)
    assert median(answer.elapsed.total_seconds() for answer in refused) < 1


def test_over_capacity_it_is_alive_and_ready(folder: Path) -> None:
    """Health waited in the line of the lookups, or was turned away: an orchestrator would end the process."""

    with running(folder, threads=2, queue=4) as server, ThreadPoolExecutor(20) as tills:
        asked = [tills.submit(server.look_up, "wait") for _ in range(100)]
        asks = ("/health/live", "/health/ready") * 5
        answers = [requests.get(server.url + path, timeout=30) for path in asks]
        assert 503 in {each.result().status_code for each in asked}
    assert [answer.status_code for answer in answers] == [200] * 10
    assert median(answer.elapsed.total_seconds() for answer in answers) < 1


@pytest.mark.parametrize("prefix", ["", "/customers-api"])
def test_a_customer_who_is_called_as_health_is_does_not_keep_it_waiting(
    index: TantivyIndex, prefix: str
) -> None:
    held, threads = Held(), 2
    with (
        answering(index, held.around, path_prefix=prefix, threads=threads) as (host, port),
        ThreadPoolExecutor(12) as strangers,
        ExitStack() as over,
    ):
        over.callback(held.let_go.set)
        url = f"http://{host}:{port}"
        asked = f"{url}{prefix}/customers/x/health/live"
        for _ in range(12):
            strangers.submit(requests.get, asked, headers={"X-Held": "yes"}, timeout=60)
        assert all(held.holding.acquire(timeout=60) for _ in range(threads))
        for path in {"/health/live", prefix + "/health/live"}:
            assert requests.get(url + path, timeout=30).status_code == 200


def test_a_stop_answers_what_is_in_flight(folder: Path) -> None:
    with running(folder) as server:
        stopped_while_asked(server, 8, server.process.terminate)


def test_a_stop_answers_whom_nobody_has_taken_yet(index: TantivyIndex) -> None:
    """Their connection is made, by the machine alone."""
    settings = ServiceSettings(port=0)
    server = HttpServer(app_of(index, settings), settings)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        server.stop()
        server.run()
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")


def test_keys_are_reloaded_on_a_signal(folder: Path) -> None:
    (folder / "keys.txt").write_text("new:the-new-key")
    with running(folder, api_keys=[KEY]) as server:
        assert server.look_up(headers={"X-API-Key": KEY}).status_code == 200
        os.kill(server.process.pid, signal.SIGHUP)
        deadline = time.monotonic() + 60
        while server.look_up(headers={"X-API-Key": KEY}).status_code == 200 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert server.look_up(headers={"X-API-Key": KEY}).status_code == 401
        assert server.look_up(headers={"X-API-Key": "the-new-key"}).status_code == 200


def test_a_port_in_use_is_one_clear_line(server: Running, index: TantivyIndex) -> None:
    settings = ServiceSettings(port=server.port)
    with pytest.raises(ConfigurationError, match=f"cannot listen on .*:{server.port}"):
        HttpServer(app_of(index, settings), settings)


def test_a_host_that_does_not_exist_is_one_clear_line(index: TantivyIndex) -> None:
    settings = ServiceSettings(host="nowhere.invalid", api_keys=(KEY,))
    with pytest.raises(ConfigurationError, match=r"cannot listen on nowhere\.invalid"):
        HttpServer(app_of(index, settings), settings)


def test_the_log_names_no_identifier(server: Running, folder: Path) -> None:
    requests.get(f"{server.url}/customers/SECRET-4711", timeout=10)
    server.says_to(b"GET http://[SECRET-4711]/ HTTP/1.1\r\n\r\n")
    assert "SECRET-4711" not in (folder / "log.txt").read_text()
