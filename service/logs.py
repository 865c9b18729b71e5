"""How log records are written: JSON lines, or plain text where a person watches.

An error's message may quote the value that it choked on, which may be a customer's. So of an exception only
its type and the places in the code are written, never its message, and never a source line or a local
variable.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import IO

_encode = json.JSONEncoder(default=str).encode
_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def configure(level: int = logging.INFO, stream: IO[str] | None = None) -> None:
    """Send every log record of the process to `stream` (stderr), as text if that is a terminal, else as
    JSON."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(TextFormatter() if stream.isatty() else JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)


def look_up_less() -> None:
    """Have logging not look up, for every record, what neither of our forms writes. Others' may: only for a
    process where there is none."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def error_places(error: BaseException) -> list[str]:
    """An exception as the types of its chain and the places it went through, outermost first."""
    places: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(places) < 100:
        places.append(type(seen).__qualname__)
        frames = traceback.extract_tb(seen.__traceback__)
        places += [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-20:]]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return places


class _Formatter(logging.Formatter):
    """What both forms share: nothing but `error_places` is ever written of an exception."""

    def formatException(self, ei: _ErrorInfo) -> str:  # noqa: N802 - the name is logging's
        return "\n".join(error_places(ei[1])) if ei[1] is not None else ""


class JsonFormatter(_Formatter):
    """One JSON object a line; the `fields` of a record are members of it."""

    def format(self, record: logging.LogRecord) -> str:
        content: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            content["error"] = error_places(record.exc_info[1])
        return _encode(content)


class TextFormatter(_Formatter):
    """A line to read: time, level, message, then the `fields` as name=value."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname:7} {message}", datefmt="%H:%M:%S", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        fields = getattr(record, "fields", {})
        return " ".join(
            [super().formatMessage(record), *(f"{name}={value}" for name, value in fields.items())]
        )
