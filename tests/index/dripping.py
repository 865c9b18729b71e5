"""A server that answers drop by drop: something always comes, and never all of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n"

# What is sent at once, and then again and again: within the headers, or within the body.
HEADERS = (_HEAD, b"X-More: a\r\n")
BODY = (_HEAD + b"\r\n", b" ")


@contextmanager
def dripping(first: bytes, drop: bytes, every: float) -> Iterator[str]:
    """The URL of a server that answers `first`, and then a `drop` every so many seconds."""
    over = threading.Event()

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(first)
            while not over.wait(every):
                connection.sendall(drop)

    def accept() -> None:
        with suppress(OSError):
            while not over.is_set():
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
