"""The folder of the embedded index."""

import errno
import os
from pathlib import Path

import pytest

from index.tantivy_folder import Folder


def made(path: Path) -> Folder:
    folder = Folder(path)
    folder.make("first")
    folder.describe("first", "keys")
    return folder


def files_that_come(monkeypatch: pytest.MonkeyPatch, folder: Path, times: int) -> None:
    """So many times a file comes into `folder` just before it goes."""
    rmdir = os.rmdir
    left = iter(range(times))

    def comes_first(path: str | Path, **options: int) -> None:
        if Path(path).name == folder.name and next(left, None) is not None:
            (folder / ".tantivy-meta.lock").touch()
        rmdir(path, **options)

    monkeypatch.setattr(os, "rmdir", comes_first)


def test_a_generation_that_is_opened_meanwhile_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A status in the same moment had the removal of what a reindex left over fail."""
    folder = made(tmp_path)
    files_that_come(monkeypatch, folder.generation("first"), times=2)
    folder.remove("first")
    assert not folder.generation("first").exists()


def test_one_that_is_written_to_all_the_time_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path)
    files_that_come(monkeypatch, folder.generation("first"), times=1_000)
    with pytest.raises(OSError, match="not empty") as refused:
        folder.remove("first")
    assert refused.value.errno == errno.ENOTEMPTY
