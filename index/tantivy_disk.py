"""The disk of the embedded index, where it takes no more: an error of ours, whoever meets it."""

import errno
import os
import re
import shutil
from pathlib import Path
from types import TracebackType

from customers.errors import EngineError, EngineUnavailable

# How Tantivy writes the number of the operating system's error into its own.
_NUMBER = re.compile(r"os error (\d+)|\bcode: (\d+)")
# What it says once its writing thread has met an error, whose number only that thread knew.
_ENDED = "index writer was killed"
_FULL = {errno.ENOSPC, errno.EDQUOT}
# A disk with fewer bytes left has no room for the next segment, which may be as large as the heap.
_SEGMENT = 24_000_000


class Writing:
    """A block that writes to the index in `path`. Raises EngineError for what the disk refuses. To be used
    again, by any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, OSError | ValueError) and (refused := refusal(self._path, error)) is not None:
            raise refused from error


def refusal(path: Path, error: OSError | ValueError) -> EngineError | None:
    """What the disk of the index in `path` refuses; None: the error is about something else."""
    if _ENDED in str(error):
        return _ended(path)
    number = _number(error)
    if number is None:
        return None
    if number in _FULL:
        return _full(path, os.strerror(number))
    return EngineError(f"the index in {path} cannot be written: {os.strerror(number)}")


def _number(error: OSError | ValueError) -> int | None:
    if isinstance(error, OSError):
        return error.errno
    found = _NUMBER.search(str(error))
    return int(found[1] or found[2]) if found else None


def _ended(path: Path) -> EngineError:
    free = shutil.disk_usage(path).free
    if free < _SEGMENT:
        return _full(path, f"{free // 1000:,} kB are free")
    return EngineError(
        f"the index in {path} cannot be written: the disk failed, a limit for the size of files, or Tantivy;"
        " see the system's log, and run it again"
    )


def _full(path: Path, why: str) -> EngineError:
    return EngineUnavailable(
        f"the disk of the index in {path} is full ({why}): free or add space, and run it again; a worker does"
        " so by itself"
    )
