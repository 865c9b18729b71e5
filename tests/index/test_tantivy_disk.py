"""A disk that takes no more of the embedded index: an error that says so, whatever Tantivy says."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest
import tantivy

from customers.document import to_document
from customers.errors import EngineError, EngineUnavailable
from customers.settings import SearchSettings
from customers.term import understand
from index.tantivy_engine import TantivyIndex
from tests.people import LARS

SETTINGS = SearchSettings()
# What Tantivy says of a disk that is really full.
TEXTS = (
    "An IO error occurred: 'No space left on device (os error 28) at path \"/var/index/.tmpX1c3W2\"'",
    "An IO error occurred: 'No space left on device (os error 28)'",
    f"An IO error occurred: 'Disk quota exceeded (os error {errno.EDQUOT})'",
    'Failed to acquire Lockfile: IoError(Os { code: 28, kind: StorageFull, message: "…" }). None',
)
ENDED = (
    "An error occurred in a thread: 'An index writer was killed.. A worker thread encountered an error"
    " (io::Error most likely) or panicked.'"
)


def failing(error: Exception) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    return fail


@pytest.fixture
def index(tmp_path: Path) -> Iterator[TantivyIndex]:
    """One that Lars is in."""
    index = TantivyIndex(tmp_path / "index", SETTINGS)
    index.create("first")
    with index.writer("first") as writer:
        writer.write([to_document(LARS, SETTINGS)])
        writer.flush()
    index.promote("first")
    yield index
    index.close()


@pytest.mark.parametrize("text", TEXTS)
def test_a_full_disk_while_a_generation_is_made(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(tantivy, "Index", failing(ValueError(text)))
    with pytest.raises(EngineUnavailable, match=r"the disk of the index in .* is full .*: free or add space"):
        index.create("second")


@pytest.mark.parametrize("call", ["create", "promote"])
def test_a_full_disk_while_a_file_of_ours_is_written(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    monkeypatch.setattr(os, "fsync", failing(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(EngineUnavailable, match=r"is full \(No space left on device\): free or add space"):
        getattr(index, call)("second" if call == "create" else "first")


@pytest.mark.parametrize("text", [TEXTS[0], ENDED], ids=["named", "ended"])
@pytest.mark.parametrize("call", ["write", "delete", "flush", "roll back", "close"])
def test_a_full_disk_while_documents_are_written(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, call: str, text: str
) -> None:
    class Full:
        add_document = delete_documents_by_term = commit = failing(ValueError(text))
        rollback = wait_merging_threads = failing(ValueError(text))

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100_000_000, 99_999_000, 1_000))
    writer = index.writer("first")
    if call in ("flush", "roll back"):
        writer.write([to_document(LARS, SETTINGS)])
    monkeypatch.setattr(writer, "_writer", Full())
    calls: dict[str, Callable[[], object]] = {
        "write": lambda: writer.write([to_document(LARS, SETTINGS)]),
        "delete": lambda: writer.delete([LARS.identifier]),
        "flush": writer.flush,
        "roll back": lambda: writer.__exit__(None, None, None),
        "close": lambda: writer.__exit__(None, None, None),
    }
    with pytest.raises(EngineUnavailable, match=r"the disk of the index in .* is full .*: free or add space"):
        calls[call]()


class Usage(NamedTuple):
    """What shutil.disk_usage gives."""

    total: int
    used: int
    free: int


def test_a_full_disk_while_a_generation_is_opened_for_writing(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        writer = failing(ValueError(TEXTS[-1]))

    monkeypatch.setattr(index, "_open", lambda _: Full())
    with pytest.raises(EngineUnavailable, match=r"the disk of the index in .* is full"):
        index.writer("first")


READ_ONLY = (
    "Failed to acquire Lockfile: IoError(Os { code: 30, kind: ReadOnlyFilesystem, message:"
    ' "Read-only file system" }). None'
)


@pytest.mark.parametrize("call", ["search", "get", "check", "generations", "digests", "writer"])
def test_a_folder_that_may_not_be_written_is_not_damaged(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Tantivy makes a file for its lock even to read."""
    monkeypatch.setattr(tantivy, "Index", failing(ValueError(READ_ONLY)))
    calls: dict[str, Callable[[], object]] = {
        "search": lambda: index.search(understand("lars", SETTINGS), 5),
        "get": lambda: index.get(LARS.identifier),
        "check": index.check,
        "generations": index.generations,
        "digests": lambda: list(index.digests("first")),
        "writer": lambda: index.writer("first"),
    }
    with pytest.raises(EngineError, match=r"may not be read and written .*\(Read-only file system\)"):
        calls[call]()


@pytest.mark.parametrize("call", ["create", "promote", "remove"])
def test_a_change_where_nothing_may_be_written(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    index.create("old")
    denied = failing(PermissionError(errno.EACCES, "Permission denied"))
    monkeypatch.setattr(os, "fsync", denied)
    monkeypatch.setattr(shutil, "rmtree", denied)
    with pytest.raises(EngineError, match=r"may not be read and written .*\(Permission denied\)"):
        getattr(index, call)({"create": "second", "promote": "first", "remove": "old"}[call])


@pytest.mark.parametrize("call", ["live", "names", "about"])
def test_a_folder_that_may_not_be_read(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    denied = failing(PermissionError(errno.EACCES, "Permission denied"))
    monkeypatch.setattr(Path, "iterdir" if call == "names" else "read_text", denied)
    looks: dict[str, Callable[[], object]] = {
        "live": index.check,
        "names": index.generations,
        "about": lambda: index.writer("first"),
    }
    with pytest.raises(EngineError, match="Permission denied"):
        looks[call]()


# Writes more than a file may hold, as the system says it, not we.
LIMITED = """
import resource, sys
from pathlib import Path
from customers.document import to_document
from index.tantivy_engine import TantivyIndex
from tests.index.test_tantivy_disk import LARS, SETTINGS

index = TantivyIndex(Path(sys.argv[1]), SETTINGS)
if sys.argv[2] == "write":
    index.create("first")
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
try:
    if sys.argv[2] == "create":
        index.create("first")
    with index.writer("first") as writer:
        writer.write([to_document(LARS, SETTINGS)])
        writer.flush()
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there a process has no such limit")
@pytest.mark.parametrize("call", ["create", "write"])
def test_what_else_the_system_refuses_is_named(tmp_path: Path, call: str) -> None:
    place = tmp_path / "index"
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED, place, call], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.startswith(f"EngineUnavailable the system refused the index in {place}: ")
    assert "files there may become large" in ran.stdout or "File too large" in ran.stdout
