"""Processes: a parent that answers nobody, and watches over those that do."""

import logging
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from customers.errors import ConfigurationError
from service.listening import listening_sockets
from service.settings import ServiceSettings
from service.share import COUNTS_FOLDER, STOP, Connections, Share
from service.signals import handled, reload_kept

# Seconds between two looks at the processes.
LOOK_S = 0.1
# Seconds after which a process that is told to stop is killed: more than it takes on a busy machine, and less
# than the ten after which others kill us.
STOP_S = 8.0
# Of these, seconds for which one that is still starting may take to end: it answers nobody.
END_S = 3.0
# Seconds after which a process that shows no sign of life is killed. Its loop goes round once a second.
SILENT_S = 10.0
# A process that lived this long (seconds) did not fail at once; one that did is started again after a pause
# that doubles, up to the longest.
STEADY_S = 60.0
LONGEST_PAUSE_S = 30.0
# Descriptors cannot be handed to a new process on Windows.
CAN_SHARE = os.name == "posix"

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Place:
    """One of the processes, and those that were there before it."""

    number: int
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    start_at: float = 0.0
    failures: int = 0
    reload: bool = False
    beats: int = 0
    silent_s: float = 0.0


class Processes:
    """As many processes as the settings say, on one socket. `command` makes the command line of one from its
    Share as text; it ends by `service.server.serve`. Raises ConfigurationError where the address cannot be
    bound, without a folder for temporary files, and on Windows."""

    def __init__(self, settings: ServiceSettings, command: Callable[[str], Sequence[str]]) -> None:
        if not CAN_SHARE:
            raise ConfigurationError(
                f"[service] processes: {settings.processes} cannot share a port on Windows: leave it at 1"
            )
        _check_temporary_folder()
        self._command = command
        self._sockets = listening_sockets(settings)
        self._folder = tempfile.TemporaryDirectory(prefix="customer-lookup-")
        self._connections = Connections(Path(self._folder.name), settings.processes)
        self._parent, self._parents_end = os.pipe()
        self._places = [_Place(number) for number in range(settings.processes)]
        self._stopping = False

    def run(self, on_listening: Callable[[int], None]) -> None:
        """Answer until told to stop; then let each process answer what has come in. The first process goes
        ahead, so that what is wrong with the configuration is said once: raises SystemExit with its code."""
        handlers = {signal.SIGTERM: self._stop, signal.SIGINT: self._stop, signal.SIGHUP: self._reload}
        with handled(handlers):
            try:
                self._wait_for(self._start(self._places[0]))
                if not self._stopping:
                    on_listening(int(self._sockets[0].getsockname()[1]))
                while not self._stopping:
                    self._look()
                    time.sleep(LOOK_S)
            finally:
                self._end()

    def _stop(self) -> None:
        self._stopping = True

    def _reload(self) -> None:
        for place in self._places:
            place.reload = True

    def _wait_for(self, first: "subprocess.Popen[bytes]") -> None:
        while not self._stopping and not self._connections.is_there(0):
            code = first.poll()
            if code is not None:
                if code <= 0:  # otherwise it has said why
                    logger.error(
                        "a serving process ended before it answered", extra={"fields": {"code": code}}
                    )
                raise SystemExit(code if code > 0 else 1)
            time.sleep(LOOK_S / 10)

    def _look(self) -> None:
        """Replace whoever has ended, and pass on what the parent was told."""
        for place in self._places:
            if place.process is not None and self._hangs(place):
                about = {"process": place.number, "silent_s": SILENT_S}
                logger.error("a serving process hangs and is killed", extra={"fields": about})
                place.process.kill()
                place.silent_s = 0.0
            if place.process is not None and place.process.poll() is not None:
                self._lost(place, place.process.returncode)
            if place.process is None and time.monotonic() >= place.start_at:
                self._start(place)
            if place.reload and place.process is not None and self._connections.is_there(place.number):
                place.reload = False
                place.process.send_signal(signal.SIGHUP)

    def _hangs(self, place: _Place) -> bool:
        """Whether a process that has answered shows no sign of life. Counted in our own looks: while the
        machine was asleep, or we were, none of them was silent."""
        beats = self._connections.beats(place.number)
        is_silent = self._connections.is_there(place.number) and beats == place.beats
        place.silent_s = place.silent_s + LOOK_S if is_silent else 0.0
        place.beats = beats
        return place.silent_s > SILENT_S

    def _start(self, place: _Place) -> "subprocess.Popen[bytes]":
        share = Share(
            place=place.number,
            processes=len(self._places),
            sockets=tuple(each.fileno() for each in self._sockets),
            parent=self._parent,
            folder=self._folder.name,
        )
        with reload_kept():
            place.process = subprocess.Popen(  # noqa: S603 - our own command
                self._command(share.to_text()),
                pass_fds=(*share.sockets, share.parent),
                env={**os.environ, COUNTS_FOLDER: share.folder},
                stdin=subprocess.DEVNULL,
            )
        place.started_at = time.monotonic()
        return place.process

    def _lost(self, place: _Place, code: int) -> None:
        """A process ended that nobody told to."""
        lived = time.monotonic() - place.started_at
        place.failures = 0 if lived > STEADY_S else place.failures + 1
        pause = pause_after(place.failures)
        about = {"process": place.number, "code": code, "lived_s": round(lived, 1), "pause_s": pause}
        logger.error("a serving process ended and is replaced", extra={"fields": about})
        self._connections.leave(place.number)
        place.process = None
        place.start_at = time.monotonic() + pause

    def _end(self) -> None:
        """Stop every process; one that does not end in time is killed. They take connections until our copies
        of the sockets are closed: what came in between would be reset."""
        give_up_at = time.monotonic() + STOP_S
        self._end_those_that_start()
        for each in self._sockets:
            each.close()
        os.write(self._parents_end, STOP * len(self._places))
        alive = [place.process for place in self._places if place.process is not None]
        for process in alive:
            try:
                process.wait(max(0.0, give_up_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                logger.error("a serving process did not stop in time and is killed")  # noqa: TRY400
                process.kill()
                process.wait()
        os.close(self._parent)
        os.close(self._parents_end)
        self._folder.cleanup()

    def _end_those_that_start(self) -> None:
        """They have copies of the sockets too, and take no connections: while the others go on answering."""
        for place in self._places:
            if place.process is not None and self._is_starting(place):
                place.process.terminate()
        give_up_at = time.monotonic() + END_S
        while any(map(self._is_starting, self._places)) and time.monotonic() < give_up_at:
            time.sleep(LOOK_S / 10)
        for place in self._places:
            if place.process is not None and self._is_starting(place):
                place.process.kill()
                place.process.wait()

    def _is_starting(self, place: _Place) -> bool:
        """Whether its process is there, and does not answer yet. One that begins to is told by the pipe."""
        is_alive = place.process is not None and place.process.poll() is None
        return is_alive and not self._connections.is_there(place.number)


def _check_temporary_folder() -> None:
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        raise ConfigurationError(
            "[service] processes: they need a folder for temporary files, and none can be written; "
            "mount one at /tmp, name one by TMPDIR, or leave it at 1"
        ) from None


def pause_after(failures: int) -> float:
    """Seconds to wait before a process is started that failed so often in a row."""
    return min(LONGEST_PAUSE_S, 2.0 ** max(0, failures - 1) - 1)
