"""A server in a process of its own, and tills that ask it."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from index.tantivy_engine import TantivyIndex
from service.server import HttpServer
from service.settings import ServiceSettings
from tests.service.desk import app_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ROOT = Path(__file__).parents[2]
# The head of a request that is refused before its body has come.
TOO_LARGE = b"POST /customers/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n"


class Running:
    """A server process that answers."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        assert process.stdout is not None
        self.process = process
        self.folder = folder
        self.port = int(process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def look_up(self, term: str = "lars", **options: Any) -> requests.Response:
        """Ask as a till, on a connection of its own."""
        url = f"{self.url}/customers/lookup"
        return requests.get(url, params={"search_term": term}, timeout=30, **options)

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def says_to(self, sent: bytes) -> bytes:
        """All that it answers to `sent`, until it closes."""
        with self.connect() as connection:
            connection.sendall(sent)
            return b"".join(iter(lambda: connection.recv(65536), b""))


@contextmanager
def running(folder: Path, **settings: Any) -> Iterator[Running]:
    command = [sys.executable, "-m", "tests.service.server_process", str(folder)]
    with (
        (folder / "log.txt").open("w") as log,
        subprocess.Popen(
            [*command, json.dumps({"port": 0, **settings})],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=ROOT,
        ) as process,
    ):
        try:
            yield Running(process, folder)
        finally:
            process.terminate()
            process.wait(60)


@contextmanager
def answering(
    index: TantivyIndex,
    around: Callable[["WSGIApplication"], "WSGIApplication"] = lambda app: app,
    **options: Any,
) -> Iterator[tuple[str, int]]:
    """The address of a server in this process, whose limits and application a test can change."""
    settings = ServiceSettings(port=0, **options)
    app = app_of(index, settings)
    app.wsgi_app = around(app.wsgi_app)  # type: ignore[method-assign, assignment]
    server = HttpServer(app, settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield "127.0.0.1", server.port
    finally:
        server.stop()
        thread.join()


class Tills:
    """So many tills, each on a connection that it keeps, until nobody listens any more."""

    def __init__(self, url: str, count: int) -> None:
        self.answered = 0
        self.failures: list[Exception] = []
        self._url = f"{url}/customers/lookup?search_term=lars"
        self._threads = [threading.Thread(target=self._ask) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until all of them have given up."""
        for thread in self._threads:
            thread.join(60)

    def _ask(self) -> None:
        session = requests.Session()
        while True:
            try:
                answer = session.get(self._url, timeout=60)
            except requests.ConnectionError as error:
                if "Connection refused" not in str(error):
                    self.failures.append(error)
                return
            if answer.status_code != 200:
                self.failures.append(AssertionError(answer.status_code))
            self.answered += 1


def stopped_while_asked(server: Running, tills: int, stop: Callable[[], object]) -> None:
    """Stop a server while so many tills ask it: it ends well, and answers all of them."""
    asking = Tills(server.url, tills)
    give_up_at = time.monotonic() + 60
    while asking.answered <= 50:
        assert time.monotonic() < give_up_at
        time.sleep(0.02)
    stop()
    asking.join()
    assert server.process.wait(60) == 0
    assert not asking.failures
