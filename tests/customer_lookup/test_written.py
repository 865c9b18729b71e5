"""Nobody is in what the real processes write: their output, and every file they leave behind."""

import os
import pty
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests

from tests.customer_lookup.conftest import LOOKUP, SHOP
from tests.customer_lookup.loud_command import STUMBLE
from tests.customer_lookup.process import COMMAND
from tests.databases import free_port
from tests.index.meilisearch_server import Server, binary, make_keys, start
from tests.people import SOREN
from tests.service.desk import KEY
from tests.service.marked import MARK, SECRETS, ask_everything

ROOT = Path(__file__).parents[2]
QUIET = [COMMAND]
LOUD = [sys.executable, "-m", "tests.customer_lookup.loud_command"]
PASSWORD = "zyxmark-password"
# Where customers belong. What is left of the state database is the ledger's identifiers.
KEPT = ("shop.db", "index/", "lookup.toml")
PATIENCE_SECONDS = 60

PEOPLE = f"""
ALTER TABLE customers ADD COLUMN street TEXT;
ALTER TABLE customers ADD COLUMN email TEXT;
ALTER TABLE customers ADD COLUMN balance TEXT DEFAULT '-12.50';
DELETE FROM customers;
INSERT INTO customers (customer_no, name, phone, street, email, balance) VALUES
    ('C-10023', '{SOREN.name}', '{SOREN.phone}', '{SOREN.street}', '{SOREN.email}', '-500.10'),
    ('{MARK}-1', 'Zyxmark Hansen', '87654321', 'Zyxmark Alle 1', 'zyxmark@example.dk', '10'),
    ('Q-1', 'Zyxmark Quarantined', '87654321', '', '', 'zyxmark'),
    ('{"Q" * 600}', 'Zyxmark Too Long', '87654321', '', '', '1');
"""


class Shop:
    """A folder with a shop of marked people, where everything that is written is kept."""

    def __init__(self, folder: Path, command: list[str], *, terminal: bool) -> None:
        self.folder = folder
        self._command = command
        self._terminal = terminal
        self._outputs = 0
        (folder / "tmp").mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.configure(LOOKUP)
        self.change(SHOP + PEOPLE)

    def configure(self, lookup: str) -> None:
        """This lookup.toml, with the mapping, the port and the key of this test."""
        lookup = lookup.replace('phone = "phone"', 'phone = "phone"\nstreet = "street"\nemail = "email"')
        lookup = lookup.replace('balance = "-12.50"', 'balance = "balance"')
        lookup = lookup.replace("port = 0", f"port = {self.port}")
        lookup += f'api_keys = ["odense:{KEY}"]\nlive_balances = true\nallow_query_key = true\n'
        (self.folder / "lookup.toml").write_text(lookup, encoding="utf-8")

    def change(self, statements: str) -> None:
        """Do this in the shop's database."""
        with closing(sqlite3.connect(self.folder / "shop.db")) as shop, shop:
            shop.executescript(statements)

    def do(self, *arguments: str) -> int:
        """Run a command to its end; its exit code."""
        with self.begun(*arguments) as process:
            return process.wait(PATIENCE_SECONDS)

    @contextmanager
    def begun(self, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A command that runs, its output going to a file."""
        self._outputs += 1
        name = self.folder / f"output-{self._outputs}-{arguments[0]}.txt"
        with name.open("wb", buffering=0) as output:
            reader, end = self._end(output.fileno())
            process = subprocess.Popen(
                [*self._command, *arguments, "--config", str(self.folder / "lookup.toml")],
                cwd=self.folder,
                env={**os.environ, "TMPDIR": str(self.folder / "tmp"), "PYTHONPATH": str(ROOT)},
                stdout=end,
                stderr=end,
            )
            os.close(end)
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()
                if reader is not None:
                    reader.join()

    def _end(self, output: int) -> tuple[threading.Thread | None, int]:
        if not self._terminal:
            return None, os.dup(output)
        ours, theirs = pty.openpty()
        reader = threading.Thread(target=copy, args=(ours, output))
        reader.start()
        return reader, theirs

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[None]:
        """A service that answers, and is told to stop."""
        with self.begun(*arguments) as process:
            eventually(lambda: process.poll() is not None or is_up(self.url))
            assert process.poll() is None, self.written()
            yield
            process.terminate()
            assert process.wait(PATIENCE_SECONDS) == 0

    def written(self) -> str:
        """All output so far."""
        return "".join(file.read_text(errors="replace") for file in sorted(self.folder.glob("output-*")))

    def found(self) -> list[str]:
        """Which secrets are where they should not be."""
        wrong = []
        for file in sorted(self.folder.rglob("*")):
            name = str(file.relative_to(self.folder))
            if file.is_dir() or name.startswith(KEPT):
                continue
            text = file.read_bytes().decode(errors="replace").lower()
            if name.startswith("state.db"):
                text = text.replace(f"{MARK}-1", "").replace(SOREN.identifier.lower(), "")
            wrong += [f"{secret} in {name}" for secret in (*SECRETS, PASSWORD) if secret.lower() in text]
        return wrong


def copy(terminal: int, output: int) -> None:
    """What is written to a terminal, until its last process is gone."""
    with open(terminal, "rb", buffering=0) as screen:
        try:
            while chunk := screen.read(65536):
                os.write(output, chunk)
        except OSError:  # how Linux says that nobody writes any more
            pass


def eventually(look: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not look():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def is_up(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/live", timeout=30).ok
    except requests.ConnectionError:
        return False


def look_up(url: str, term: str) -> int:
    asked = {"search_term": term, "currency_code": "DKK"}
    return requests.get(
        f"{url}/customers/lookup", params=asked, headers={"X-API-Key": KEY}, timeout=30
    ).status_code


@pytest.fixture(
    params=[
        pytest.param((QUIET, False), id="as it comes", marks=pytest.mark.soak),
        pytest.param((LOUD, False), id="debug"),
        pytest.param((LOUD, True), id="debug on a terminal", marks=pytest.mark.soak),
    ]
)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    command, terminal = request.param
    return Shop(tmp_path, command, terminal=terminal)


def test_nobody_is_in_what_the_processes_write(shop: Shop, request: pytest.FixtureRequest) -> None:
    loud = "debug" in request.node.name
    assert shop.do("reindex") == 3, shop.written()
    with shop.serving("run"):
        ask_everything(shop.url)
        assert look_up(shop.url, f"{STUMBLE} {MARK}") == (500 if loud else 200)
        shop.change(
            f"UPDATE customers SET name = '{STUMBLE} {MARK}', modified_at = datetime('now', '+1 second')"
            f" WHERE customer_no = '{MARK}-1'"
        )
        eventually(lambda: not loud or "sync failed: KeyError" in shop.written())
        shop.change("ALTER TABLE customers RENAME TO gone")
        eventually(lambda: "sync failed: source " in shop.written())
        ask_everything(shop.url)
    shop.change("ALTER TABLE gone RENAME TO customers")
    nobody = f"search {STUMBLE}{MARK}xqxqxqxq"
    for command in ("sync", "verify --repair", "reindex", nobody, "quarantine", "status", "doctor"):
        shop.do(*command.split())
    for command in ("rollback", f"forget {MARK}-1"):
        shop.do(*command.split())
    away = LOOKUP.replace("sqlite:///shop.db", f"postgresql+psycopg://reader:{PASSWORD}@127.0.0.1:1/erp")
    shop.configure(away)
    with shop.serving("serve"):
        ask_everything(shop.url)
    for command in ("sync", "doctor"):
        assert shop.do(command) == 1
    assert shop.written().count("/customers/lookup") > 50
    assert "live balances failed" in shop.written()
    assert loud == ("ValueError" in shop.written())
    assert shop.found() == []


@pytest.mark.meilisearch(replay=False)
def test_nobody_is_in_what_is_written_when_meilisearch_stops(tmp_path: Path) -> None:
    shop = Shop(tmp_path, LOUD, terminal=False)
    server, program = Server(), binary()
    assert program is not None
    start(program, server)
    try:
        make_keys(server, search_in="written")
        engine = f'engine = "meilisearch"\nurl = "{server.url}"\nname = "written"\n'
        engine += f'search_key = "{server.search_key}"\nadmin_key = "{server.admin_key}"\n'
        shop.configure(LOOKUP.replace('engine = "embedded"\npath = "index"\n', engine))
        assert shop.do("reindex") == 3, shop.written()
        with shop.serving("run"):
            ask_everything(shop.url)
            assert look_up(shop.url, MARK) == 200
            server.stop()
            ask_everything(shop.url)
            assert look_up(shop.url, MARK) == 503
            shop.change(f"UPDATE customers SET name = '{MARK}', modified_at = datetime('now', '+1 second')")
            eventually(lambda: "sync failed: " in shop.written())
    finally:
        server.stop()
    for command in ("sync", "verify", f"search {MARK}", "doctor"):
        assert shop.do(*command.split()) == 1
    assert "the index did not answer" in shop.written()
    assert shop.found() == []
    assert [key for key in (server.search_key, server.admin_key) if key in shop.written()] == []
