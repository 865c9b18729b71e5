"""The log's writer: a thread of its own, so that no lookup waits for whoever reads the log.

A pipe whose reader stands still (a stalled collector, a stopped pager) takes 64 KiB and then holds whoever
writes into it, with no end.
"""

import io
import logging
import os
import queue
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

# Lines that wait to be read, of some 300 bytes each. Further ones are lost, and counted.
MOST_LINES = 10_000
# How long an ending process waits for what is still to be written (seconds).
FLUSH_S = 1.0
# Seconds for which lines are gathered, and bytes that a pipe takes without another process's between them.
TOGETHER_S = 0.02
UNBROKEN = 4_096


@contextmanager
def log_writer() -> Iterator[None]:
    """Have what the process logs inside the block written by a thread of its own."""
    root = logging.getLogger()
    before = root.handlers[:]
    root.handlers[:] = [_apart(handler) for handler in before]
    try:
        yield
    finally:
        apart, root.handlers[:] = root.handlers[:], before
        for handler in apart:
            if isinstance(handler, _WriterHandler):
                handler.close()


def _apart(handler: logging.Handler) -> logging.Handler:
    """The handler, or one that writes to the same file in a thread. What is no file holds nobody up."""
    if type(handler) is logging.StreamHandler:
        with suppress(io.UnsupportedOperation):
            return _WriterHandler(handler, handler.stream.fileno(), handler.stream.encoding)
    return handler


class _WriterHandler(logging.Handler):
    """Writes what `handler` would have written to `file`, a descriptor: Python's own buffer of it has a lock,
    for which an ending process would wait."""

    def __init__(self, handler: logging.Handler, file: int, encoding: str) -> None:
        super().__init__(handler.level)
        self.setFormatter(handler.formatter)
        self._file, self._encoding = file, encoding
        self._lines: queue.SimpleQueue[bytes | threading.Event | None] = queue.SimpleQueue()
        self._lost = 0
        threading.Thread(target=self._write_all, name="log-writer", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Leave the line to the writer; where too many wait, count it, to say so before the next one."""
        if self._lines.qsize() >= MOST_LINES:
            self._lost += 1
            return
        if self._lost:
            lost = logging.makeLogRecord(
                {
                    "name": __name__,
                    "levelno": logging.WARNING,
                    "levelname": "WARNING",
                    "msg": "lines of the log are lost: nobody read it",
                    "fields": {"lines": self._lost},
                }
            )
            self._put(lost)
            self._lost = 0
        self._put(record)

    def _put(self, record: logging.LogRecord) -> None:
        self._lines.put(f"{self.format(record)}\n".encode(self._encoding, "backslashreplace"))

    def flush(self) -> None:
        """Wait until what was logged is written, but not for ever."""
        written = threading.Event()
        self._lines.put(written)
        written.wait(FLUSH_S)

    def close(self) -> None:
        """Write the rest, and end the thread."""
        self.flush()
        self._lines.put(None)
        super().close()

    def _write_all(self) -> None:
        """What comes in a moment is written together: to be woken for each line costs the lookups more."""
        ended = False
        while not ended:
            waiting = [self._lines.get()]
            time.sleep(TOGETHER_S)
            while not self._lines.empty():
                waiting.append(self._lines.get())
            for data in _unbroken([line for line in waiting if isinstance(line, bytes)]):
                self._write(data)
            for flushed in waiting:
                if isinstance(flushed, threading.Event):
                    flushed.set()
            ended = None in waiting

    def _write(self, left: bytes) -> None:
        # Whoever read the log has gone: there is nobody left to tell.
        with suppress(OSError):
            while left:
                left = left[os.write(self._file, left) :]


def _unbroken(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in pieces of at most UNBROKEN bytes, but for a longer line."""
    together = b""
    for line in lines:
        if len(together) + len(line) > UNBROKEN:
            yield together
            together = b""
        together += line
    yield together
