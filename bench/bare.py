"""Meilisearch with nothing of ours around it: what our own way is compared with."""

import gzip
import http.client
import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from index.meilisearch_batch import MOST_BYTES
from index.meilisearch_documents import ID
from index.meilisearch_settings import SETTINGS
from tests.index.meilisearch_server import Server

INDEX = "bare"
_PAGE = 10_000
_NDJSON = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}


class Bare:
    """A kept-alive connection to the server with the master key, for one thread."""

    def __init__(self, server: Server, key: str) -> None:
        self._connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=600)
        self._headers = {"Authorization": f"Bearer {key}"}

    def call(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Any:
        """One call, its JSON read."""
        sent = {**self._headers, "Content-Type": "application/json", **(headers or {})}
        self._connection.request(method, f"/{path}", body, sent)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{answer.status} for {method} {path}: {content[:200]!r}")
        return json.loads(content)

    def search(self, index: str, term: str) -> None:
        """What a program would ask that knows nothing but the term."""
        self.call("POST", f"indexes/{index}/search", json.dumps({"q": term, "limit": 20}).encode())

    def finish(self, task: Any) -> None:
        """Wait for a task. Raises RuntimeError where it fails."""
        while (done := self.call("GET", f"tasks/{task['taskUid']}"))["status"] in {"enqueued", "processing"}:
            time.sleep(0.2)
        if done["status"] != "succeeded":
            raise RuntimeError(f"the bare load failed: {done['error']['code']}")

    def close(self) -> None:
        self._connection.close()


def save(bare: Bare, index: str, folder: Path) -> list[Path]:
    """All documents of an index as compressed batches, as they were sent: what a bare loader is given."""
    files: list[Path] = []
    lines: list[bytes] = []
    size = 0
    for line in _lines(bare, index):
        lines.append(line)
        size += len(line)
        if size >= MOST_BYTES:
            files.append(_written(folder / f"{len(files)}.gz", lines))
            lines, size = [], 0
    return [*files, _written(folder / f"{len(files)}.gz", lines)]


def _lines(bare: Bare, index: str) -> Iterator[bytes]:
    offset = 0
    while page := bare.call("GET", f"indexes/{index}/documents?limit={_PAGE}&offset={offset}")["results"]:
        for document in page:
            yield json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        offset += _PAGE


def _written(file: Path, lines: list[bytes]) -> Path:
    file.write_bytes(gzip.compress(b"".join(lines), 1))
    return file


def load(bare: Bare, files: Sequence[Path]) -> float:
    """Seconds to send every batch without waiting, and then for the server to have indexed them all."""
    bare.call("POST", "indexes", json.dumps({"uid": INDEX, "primaryKey": ID}).encode())
    bare.call("PATCH", f"indexes/{INDEX}/settings", json.dumps(SETTINGS).encode())
    began = time.monotonic()
    for file in files:
        task = bare.call("POST", f"indexes/{INDEX}/documents", file.read_bytes(), _NDJSON)
    bare.finish(task)
    return time.monotonic() - began


def searched(bare: Bare, index: str, terms: Sequence[str]) -> list[float]:
    """Milliseconds of each bare search."""
    spent = []
    for term in terms:
        began = time.perf_counter()
        bare.search(index, term)
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def throughput(clients: int, terms: Sequence[str], ask: Any) -> float:
    """Answers per second with so many clients at once; `ask(terms)` asks on a connection of its own."""
    shares = [terms[start::clients] for start in range(clients)]
    began = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(ask, shares))
    return len(terms) / (time.monotonic() - began)
