"""A real Meilisearch server for the tests: on a free port, with a master key and a folder of its own.

Where there is none, what it once answered is replayed (see tests/meilisearch_plugin.py).
"""

import hashlib
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import requests

from customers.settings import SearchSettings
from index.interface import CustomerIndex
from index.meilisearch_engine import MeilisearchIndex
from index.meilisearch_keys import wanted_keys

MASTER_KEY = "a-master-key-for-tests-only"
# Nothing listens there: where answers are replayed, nothing is ever sent.
REPLAYED_URL = "http://127.0.0.1:7700"


def binary() -> str | None:
    """The server's program: MEILISEARCH_BIN, or `meilisearch` on PATH."""
    return os.environ.get("MEILISEARCH_BIN") or shutil.which("meilisearch")


@dataclass(slots=True)
class Server:
    """A server for one run of the tests, or the stand-in whose answers are replayed."""

    url: str = REPLAYED_URL
    search_key: str = "a-search-key"
    admin_key: str = "an-admin-key"
    folder: Path | None = None
    command: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    is_recording: bool = False

    @property
    def is_real(self) -> bool:
        """Whether anything answers at `url`."""
        return self.process is not None

    def sleep(self, seconds: float) -> None:
        """A pause between polls: short, since tests do small things, but not so short that a recording is
        full of them; none where answers are replayed."""
        if self.is_real:
            time.sleep(0.2 if self.is_recording else min(seconds, 0.02))

    def call(self, method: str, path: str, body: object = None) -> requests.Response:
        """A call with the master key, around the code that is tested."""
        # The same in every environment, as a recording holds it.
        headers = {"Authorization": f"Bearer {MASTER_KEY}", "Accept-Encoding": "identity"}
        return requests.request(method, f"{self.url}/{path}", json=body, headers=headers, timeout=10)

    def wait(self) -> None:
        """Return once every task has ended."""
        while self.call("get", "tasks?statuses=enqueued,processing&limit=1").json()["results"]:
            self.sleep(0.02)

    def clear(self) -> None:
        """Delete every index."""
        for index in self.call("get", "indexes?limit=1000").json()["results"]:
            self.call("delete", f"indexes/{index['uid']}")

    def kill(self) -> None:
        """End the server as a power cut would. What it kept stays."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def run(self) -> None:
        """Start the server, for the first time or again, and wait until it answers."""
        assert self.folder is not None
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=subprocess.STDOUT, cwd=self.folder
            )
        _wait(self)

    def stop(self) -> None:
        """End the server and delete all it kept."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


# The one of this run. tests/meilisearch_plugin.py starts it before the first test that needs it.
SERVER = Server()


def start(
    program: str,
    server: Server,
    *,
    options: tuple[str, ...] = ("--master-key", MASTER_KEY),
    memory: str = "64MiB",
) -> None:
    """Start a server and wait until it answers. `memory` is what it may use while indexing: by default it
    lays hold of two thirds of what there is for each task, which takes nearly a second."""
    shared = Path("/dev/shm")  # many small writes, none of which need to outlive the tests
    server.folder = Path(tempfile.mkdtemp(prefix="meilisearch-", dir=shared if shared.is_dir() else None))
    address = f"127.0.0.1:{free_port()}"
    command = [program, "--http-addr", address, "--no-analytics", "--env", "development", *options]
    command += ["--max-indexing-memory", memory]
    for option, name in (("--db-path", "data"), ("--dump-dir", "dumps"), ("--snapshot-dir", "snapshots")):
        command += [option, str(server.folder / name)]
    server.url, server.command = f"http://{address}", tuple(command)
    server.run()


def make_keys(server: Server, search_in: str = "*") -> None:
    """The two keys of a merchant, though the search key is for every index by default: each test has one of
    its own."""
    search, admin = (
        server.call(
            "post",
            "keys",
            {"name": wanted.title, "actions": wanted.actions, "indexes": [indexes], "expiresAt": None},
        ).json()["key"]
        for wanted, indexes in zip(wanted_keys("tests"), (search_in, "*"), strict=True)
    )
    server.search_key, server.admin_key = search, admin


def made_key(
    actions: list[str], indexes: list[str], title: str = "powerful", expires_at: datetime | None = None
) -> str:
    """A key that the server has made. Some actions are not for some indexes only: their key is then for
    all."""
    expiry = expires_at and expires_at.isoformat()
    wanted = {"name": title, "actions": actions, "indexes": indexes, "expiresAt": expiry}
    answer = SERVER.call("post", "keys", wanted)
    if answer.status_code == 400:
        answer = SERVER.call("post", "keys", {**wanted, "indexes": ["*"]})
    return str(answer.json()["key"])


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait(server: Server) -> None:
    for _ in range(200):
        try:
            if requests.get(f"{server.url}/health", timeout=1).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise RuntimeError(f"Meilisearch did not start: see {server.folder}/log")


def index_name() -> str:
    """A name that only this test has, and has in every run."""
    test = os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]
    return "t" + hashlib.blake2b(test.encode(), digest_size=5).hexdigest()


def open_index(name: str, settings: SearchSettings, *, deadline: float = 10.0) -> MeilisearchIndex:
    """The index `name` on the server of this run. A slow machine is no failure, so the deadline is long."""
    numbers = itertools.count(1)
    return MeilisearchIndex(
        SERVER.url,
        SERVER.search_key,
        SERVER.admin_key,
        name,
        settings,
        deadline=deadline,
        sleep=SERVER.sleep,
        token=lambda: f"{next(numbers):04}",
    )


def meilisearch(folder: Path, settings: SearchSettings) -> CustomerIndex:
    """The index of this test. `folder` is not needed: the server has its own."""
    return open_index(index_name(), settings)
