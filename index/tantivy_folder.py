"""Where the embedded engine's generations live on disk.

<path>/live                          the name of the live generation; replaced whole, so never half-read
<path>/generations/<name>/about.json the keys version and the time of making
<path>/generations/<name>/…          Tantivy's own files
"""

import errno
import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from customers.errors import ConfigurationError, EngineError
from index.fence import ask

# What making a folder fails with where another place has to be named; a full disk is not among them.
_NOT_HERE = {errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.EROFS}
_NAME = re.compile("[a-z0-9-]{1,64}")
_MOST_REMOVALS = 5


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a generation besides its documents."""

    keys: str
    created_at: datetime


class Folder:
    """The folder of one index, made when something is first written. Every change is atomic and on disk when
    its call returns. Raises ConfigurationError where `path` can be no folder, OSError where the disk refuses
    a change."""

    def __init__(self, path: Path) -> None:
        _refuse_file(path)
        self._path = path
        self._live = path / "live"
        self._generations = path / "generations"

    def live(self) -> str | None:
        """The name of the live generation, if any."""
        try:
            return self._live.read_text(encoding="ascii").strip() or None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise EngineError(f"[index] path: cannot read {self._live}: {error.strerror}") from error

    def promote(self, generation: str) -> None:
        """Make the generation the live one, at once for every process."""
        new = self._live.with_name(f"live.{os.getpid()}.new")
        _write(new, generation + "\n")
        ask()
        new.replace(self._live)
        _sync_folder(self._path)

    def generation(self, name: str) -> Path:
        """The folder of a generation, which may not be there. Raises EngineError for what cannot be a
        name."""
        if not _NAME.fullmatch(name):
            raise EngineError(f"{name!r} cannot be a generation's name: use a-z, 0-9 and -, at most 64")
        return self._generations / name

    def names(self) -> list[str]:
        """Every generation that is there."""
        try:
            return [child.name for child in self._generations.iterdir() if (child / "about.json").exists()]
        except FileNotFoundError:
            return []

    def about(self, name: str) -> About:
        """What was written when the generation was made. Raises EngineError where it is not there."""
        try:
            content = json.loads((self.generation(name) / "about.json").read_text(encoding="utf-8"))
            return About(content["keys"], datetime.fromisoformat(content["created_at"]))
        except FileNotFoundError:
            raise EngineError(f"there is no generation {name!r} in {self._path}") from None
        except (KeyError, ValueError) as error:
            raise EngineError(
                f"{self.generation(name)} is not a generation of ours: remove it, reindex"
            ) from error

    def stamp(self, name: str) -> int:
        """The number of the generation's last commit, each greater than the one before. Merging segments
        keeps it. Raises EngineError where it cannot be read."""
        meta = self.generation(name) / "meta.json"
        try:
            return int(json.loads(meta.read_text(encoding="utf-8"))["opstamp"])
        except (OSError, KeyError, ValueError) as error:
            raise EngineError(f"{meta} cannot be read: reindex") from error

    def make(self, name: str) -> Path:
        """Make an empty generation's folder. `describe` completes it. Raises EngineError where it is there,
        ConfigurationError where no folder can be."""
        folder = self.generation(name)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            raise EngineError(f"there is already a generation {name!r} in {self._path}") from None
        except OSError as error:
            if error.errno in _NOT_HERE:
                raise ConfigurationError(
                    f"[index] path: {folder} cannot be made ({error.strerror}); name a folder where this user"
                    " may write"
                ) from error
            raise
        return folder

    def describe(self, name: str, keys: str) -> None:
        """Write what the generation is. From now on it is one."""
        about = {"keys": keys, "created_at": datetime.now(UTC).isoformat()}
        new = self.generation(name) / "about.new"
        _write(new, json.dumps(about))
        new.replace(self.generation(name) / "about.json")
        _sync_folder(self.generation(name))

    def remove(self, name: str) -> None:
        """Delete a generation and free its disk. It stops being one before its first file goes."""
        folder = self.generation(name)
        ask()
        (folder / "about.json").unlink(missing_ok=True)
        if folder.exists():
            _remove(folder)


def _refuse_file(path: Path) -> None:
    try:
        there = next(place for place in (path, *path.absolute().parents) if place.exists())
        is_folder = there.is_dir()
    except OSError as error:
        raise ConfigurationError(
            f"[index] path: {path} cannot be looked at ({error.strerror}); name a folder where this user may"
            " write"
        ) from error
    if not is_folder:
        raise ConfigurationError(
            f"[index] path: {there} is not a folder; name one, which is made if it is not there"
        )


def _remove(folder: Path) -> None:
    """Whoever opens the index meanwhile may leave a file of Tantivy's in a folder that was empty just now."""
    for left in range(_MOST_REMOVALS, 0, -1):
        try:
            shutil.rmtree(folder)
        except OSError as error:
            if error.errno != errno.ENOTEMPTY or left == 1:
                raise
        else:
            return


def _write(path: Path, text: str) -> None:
    """Have the text on disk: a file that is renamed before that is empty after a power cut."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    """Have the folder's own entries on disk: a renamed file is else lost in a power cut. Not on Windows,
    which cannot open folders and does this itself."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
