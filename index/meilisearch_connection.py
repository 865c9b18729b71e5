"""What our connections to Meilisearch do that urllib3's do not: end in time, and ask before they send."""

import io
import time
from http.client import HTTPResponse
from typing import Any

import urllib3

from index.fence import ask

# Bytes sent at once.
_PIECE = 256 * 1024
# Seconds: as a socket's timeout, none at all would mean not to wait.
_LEAST = 0.001


def guarded(connection: Any) -> Any:
    """A class of urllib3's connections that hold to their timeout as a whole, where urllib3 waits that long
    for each piece anew, and that ask whether this process may still write, before each piece that they send.
    A body goes in pieces, so that a process which is paused within does not end it: what is not whole is
    nothing to the server."""

    class Guarded(connection):  # type: ignore[misc]
        @property
        def timeout(self) -> float | None:
            """Seconds that are left of the timeout that urllib3 set."""
            return None if self._until is None else max(self._until - time.monotonic(), _LEAST)

        @timeout.setter
        def timeout(self, seconds: float | None) -> None:
            self._until = None if seconds is None else time.monotonic() + seconds

        def _new_conn(self) -> Any:
            sock = super()._new_conn()
            sock.settimeout(self.timeout)  # for the handshake of TLS
            return sock

        def send(self, data: bytes) -> None:
            if self.sock is None:
                self.connect()  # which may take a while, so not between asking and sending
            for first in range(0, len(data), _PIECE):
                ask()
                self.sock.settimeout(self.timeout)
                try:
                    super().send(data[first : first + _PIECE])
                except TimeoutError as error:  # else urllib3 calls it a lost connection
                    raise urllib3.exceptions.TimeoutError from error

        def response_class(self, sock: Any, **options: Any) -> HTTPResponse:
            bounded: Any = sock if self._until is None else _Bounded(sock, self._until)
            return HTTPResponse(bounded, **options)

    return Guarded


class _Bounded:
    """A socket as an HTTPResponse wants it, read until a time (time.monotonic) and no longer."""

    def __init__(self, sock: Any, until: float) -> None:
        self._sock = sock
        self._until = until

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock, self._until))


class _Reader(io.RawIOBase):
    def __init__(self, sock: Any, until: float) -> None:
        self._sock = sock
        self._until = until
        self._file = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        count: int | None = self._file.readinto(buffer)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()
