"""Under another server than our own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.customer_lookup.conftest import make_shop

GUNICORN = str(Path(sys.executable).with_name("gunicorn"))
ASKED = (
    b"POST /customers/lookup HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
)
BODY = b'{"search_term": "lars"}'


class Gunicorn:
    """A gunicorn that answers on `address`, and what it wrote."""

    def __init__(self, address: tuple[str, int], log: Path) -> None:
        self.address = address
        self.log = log

    def says_to(self, sent: bytes) -> bytes:
        """All that it answers to `sent`, until it closes."""
        with socket.create_connection(self.address, timeout=60) as connection:
            connection.sendall(sent)
            return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture(scope="module")
def gunicorn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gunicorn]:
    """A process that was started as the documents say."""
    folder = make_shop(tmp_path_factory.mktemp("gunicorn"))
    lookup_toml, log = folder / "lookup.toml", folder / "log.txt"
    with socket.create_server(("127.0.0.1", 0)) as listening, log.open("w") as writing:
        process = subprocess.Popen(
            [GUNICORN, "--bind", f"fd://{listening.fileno()}", "customer_lookup.wsgi:create()"],
            env={**os.environ, "CUSTOMER_LOOKUP_CONFIG": str(lookup_toml)},
            pass_fds=[listening.fileno()],
            stderr=writing,
        )
        try:
            yield Gunicorn(listening.getsockname(), log)
        finally:
            process.terminate()
            process.wait(60)


def test_it_logs_as_it_always_does(gunicorn: Gunicorn) -> None:
    """Each of its lines was a traceback of logging's, which quotes what was sent."""
    assert gunicorn.says_to(b"GET /a b c HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    log = gunicorn.log.read_text()
    assert "Invalid request from" in log
    assert "Logging error" not in log


@pytest.mark.parametrize(
    ("chunk", "status"), [(b"17", b"503"), (b"17;a=\0", b"400"), (b"g", b"400"), (b"18", b"400")]
)
def test_a_body_that_it_cannot_read_is_malformed(gunicorn: Gunicorn, chunk: bytes, status: bytes) -> None:
    """It was a mistake of ours, with a traceback in the log. (Without one, nothing is indexed yet.)"""
    answer = gunicorn.says_to(ASKED + chunk + b"\r\n" + BODY + b"\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"application/problem+json" in answer
