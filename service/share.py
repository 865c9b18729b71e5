"""Share: what each of several serving processes has in common with the others."""

import atexit
import json
import mmap
import os
import shutil
import socket
import threading
import time
from array import array
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from prometheus_client import values
from prometheus_client.values import MultiProcessValue

# Where prometheus_client keeps counts that several processes add up.
COUNTS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# What a parent writes for each process that is to stop.
STOP = b"."
# Seconds for which a new connection is left to a process that has fewer, and between two looks at that.
LEAVE_S = 0.02
LOOK_S = 0.0005
# Seconds after which a process that is to stop, or has no parent, ends, whatever it waits for.
ORPHAN_S = 12.0
_ABSENT = -1
_MOST_BEATS = 2**31


class Connections:
    """How many connections each process has, and how often it said so, in a file that all of them see."""

    def __init__(self, folder: Path, processes: int) -> None:
        file = folder / "connections"
        if not file.exists():
            file.write_bytes(array("i", [_ABSENT] * processes + [0] * processes).tobytes())
        with file.open("r+b") as opened:
            numbers = memoryview(mmap.mmap(opened.fileno(), 0)).cast("i")
        self._counts, self._beats = numbers[:processes], numbers[processes:]

    def note(self, place: int, count: int) -> None:
        """The process at `place` has so many."""
        self._counts[place] = count
        self._beats[place] = (self._beats[place] + 1) % _MOST_BEATS

    def beats(self, place: int) -> int:
        """A number that changes with every `note` of the process at `place`: it does not hang."""
        return self._beats[place]

    def leave(self, place: int) -> None:
        """There is no process at `place` now."""
        self._counts[place] = _ABSENT

    def is_there(self, place: int) -> bool:
        """Whether the process at `place` answers."""
        return self._counts[place] != _ABSENT

    def has_fewest(self, place: int) -> bool:
        """Whether no other process that is there has fewer."""
        mine = self._counts[place]
        return not any(_ABSENT < other < mine for other in self._counts)


class Turns:
    """Whose turn it is to take a connection: of the processes that wait for one socket, the same is woken
    first nearly always, and a till stays with the process that took it."""

    def __init__(self, connections: Connections, place: int) -> None:
        self._connections = connections
        self._place = place

    def note(self, count: int) -> None:
        """This process has so many connections now."""
        self._connections.note(self._place, count)

    def wait(self) -> None:
        """Leave a new connection to a process that has fewer; after LEAVE_S to whoever comes first, since
        that process may be busy."""
        give_up_at = time.monotonic() + LEAVE_S
        while not self._connections.has_fewest(self._place) and time.monotonic() < give_up_at:
            time.sleep(LOOK_S)


@dataclass(frozen=True, slots=True)
class Share:
    """What a parent hands to the process at `place` of `processes`: the file numbers of the listening
    `sockets` and of a pipe from the `parent`, and a `folder` for what they count together."""

    place: int
    processes: int
    sockets: tuple[int, ...]
    parent: int
    folder: str

    def to_text(self) -> str:
        """For a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "Share":
        """What `to_text` wrote."""
        content = json.loads(text)
        return cls(**{**content, "sockets": tuple(content["sockets"])})

    def count_together(self) -> None:
        """From now on, what is counted is added up over all processes. Counts are kept by place: a process
        goes on where the one it replaces left off."""
        os.environ[COUNTS_FOLDER] = self.folder
        by_place = MultiProcessValue(process_identifier=lambda: self.place)  # type: ignore[no-untyped-call]
        values.ValueClass = by_place

    def open_sockets(self) -> list[socket.socket]:
        """The listening sockets."""
        return [socket.socket(fileno=number) for number in self.sockets]

    def open_connections(self) -> Connections:
        """The counts of connections."""
        return Connections(Path(self.folder), self.processes)

    def when_told(self, stop: Callable[[], None]) -> None:
        """Call `stop` when the parent says so, or has ended, however it did."""
        threading.Thread(target=self._wait_for_parent, args=(stop,), name="parent", daemon=True).start()

    def _wait_for_parent(self, stop: Callable[[], None]) -> None:
        if os.read(self.parent, len(STOP)) != STOP:
            atexit.register(self._clean_up)
        stop()
        time.sleep(ORPHAN_S)
        os._exit(1)

    def _clean_up(self) -> None:
        """What the parent cannot do any more: the last one removes the folder."""
        connections = self.open_connections()
        connections.leave(self.place)
        if not any(connections.is_there(place) for place in range(self.processes)):
            shutil.rmtree(self.folder, ignore_errors=True)
