"""Shows how far a long job is: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections.abc import Callable
from typing import Never, TextIO

from tqdm import tqdm

from sync.progress import Progress

# Between two plain lines.
PAUSE_SECONDS = 5.0


def watcher(stream: TextIO = sys.stderr) -> Progress:
    """The Progress that fits `stream`."""
    return Bar(stream) if stream.isatty() else Lines(stream)


class Bar:
    """A bar with rows per second and the time left."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: tqdm[Never] | None = None

    def start(self, label: str, total: int | None) -> None:
        """See Progress.start."""
        self.finish()
        self._bar = tqdm(desc=label, total=total, unit=" rows", unit_scale=True, file=self._stream)

    def advance(self, count: int) -> None:
        """See Progress.advance."""
        if self._bar is not None:
            self._bar.update(count)

    def finish(self) -> None:
        """See Progress.finish."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class Lines:
    """A line at the start, every few seconds, and at the end."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._label = ""
        self._total: int | None = None
        self._done = 0
        self._began = self._said = clock()

    def start(self, label: str, total: int | None) -> None:
        """See Progress.start."""
        self._label, self._total, self._done = label, total, 0
        self._began = self._said = self._clock()
        of = "" if total is None else f" of {total:,} rows"
        self._say(f"{label}{of}: started")

    def advance(self, count: int) -> None:
        """See Progress.advance."""
        self._done += count
        if self._clock() - self._said >= PAUSE_SECONDS:
            self._said = self._clock()
            self._say(f"{self._label}: {self._done:,} rows, {self._rate():,.0f} rows/s{self._left()}")

    def finish(self) -> None:
        """See Progress.finish."""
        self._say(f"{self._label}: {self._done:,} rows done, {self._rate():,.0f} rows/s")

    def _rate(self) -> float:
        return self._done / max(self._clock() - self._began, 0.001)

    def _left(self) -> str:
        if self._total is None or not self._done:
            return ""
        return f", {max(self._total - self._done, 0) / self._rate():,.0f} s left"

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)
