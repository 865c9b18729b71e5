"""What the system refuses the embedded index, such as a full disk: an error of ours, whoever meets it."""

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
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
# What is not there is no refusal to whoever reads: it is damage, or a generation was removed meanwhile.
_ABSENT = {errno.ENOENT, errno.ENOTDIR}
# The bytes that a writer gathers for a segment, and so the most that one has: a disk with fewer left has
# no room for the next. They fill after some 20,000 documents and are used again, so memory does not grow
# with the table. With less, each commit of a load leaves a small segment beside a large one, and each
# lookup looks into all of them.
HEAP = 36_000_000


class Block:
    """A block that uses the index in `path`. What is raised in it is told as an EngineError where that says
    more. To be used again, by any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and (told := self._told(error)) is not None:
            raise told from error

    def _told(self, error: BaseException) -> EngineError | None:
        """The error as one of ours; None: it is raised as it is."""
        raise NotImplementedError


class Writing(Block):
    """A block that writes. Raises EngineError for what the system refuses."""

    def _told(self, error: BaseException) -> EngineError | None:
        return refusal(self._path, error)


def reading_refusal(path: Path, error: BaseException | None) -> EngineError | None:
    """What the system refuses whoever reads the index in `path`; None: the error is about something else."""
    return None if _number(error) in _ABSENT else refusal(path, error)


def refusal(path: Path, error: BaseException | None) -> EngineError | None:
    """What the system refuses whoever uses the index in `path`; None: the error is about something else."""
    if isinstance(error, ValueError) and _ENDED in str(error):
        return _ended(path)
    number = _number(error)
    if number is None:
        return None
    why = os.strerror(number)
    if number in _FULL:
        return _full(path, why)
    if number in _FORBIDDEN:
        return EngineUnavailable(
            f"the index in {path} may not be read and written by this user ({why}): even a lookup makes a"
            " file for its lock there; let this user read and write the folder and all in it"
        )
    return EngineUnavailable(f"the system refused the index in {path}: {why}")


def _number(error: BaseException | None) -> int | None:
    """The number of the system's error."""
    if isinstance(error, OSError):
        return error.errno
    found = _NUMBER.search(str(error)) if isinstance(error, ValueError) else None
    return int(found[1] or found[2]) if found else None


def _ended(path: Path) -> EngineError:
    free = shutil.disk_usage(path).free
    if free < HEAP:
        return _full(path, f"{free // 1000:,} kB are free")
    return EngineUnavailable(
        f"the system refused the index in {path}: what, Tantivy does not tell; see that its disk works and"
        " that files there may become large, and run it again"
    )


def _full(path: Path, why: str) -> EngineError:
    return EngineUnavailable(
        f"the disk of the index in {path} is full ({why}): free or add space, and run it again; a worker does"
        " so by itself"
    )
