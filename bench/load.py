"""Many tills at once: lookups over plain sockets, from one thread that does little else."""

import selectors
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.lookups import Latency, latency

_END = b"\r\n\r\n"
_ENGINE = b"engine;dur="


@dataclass(frozen=True)
class Load:
    """What so many tills got: lookups that were answered, and those a second, milliseconds of them, the part
    of it that was not spent in the engine, and answers that were not 200."""

    answered: int
    rate: float
    waits: Latency
    outside: Latency
    refused: int


def load(port: int, terms: Sequence[Sequence[str]], clients: int, seconds: float, keep: bool) -> Load:
    """Let `clients` ask as fast as they are answered, each on one connection (`keep`) or on one a lookup.
    Each has every so-many-th of `terms` to type, once: raises RuntimeError where that is not enough."""
    tills = [_Till(port, _requests(terms[first::clients], keep), keep) for first in range(clients)]
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for till in tills:
            till.ask(selector)
        while time.perf_counter() - began < seconds:
            for key, _ in selector.select(1.0):
                key.data.read(selector)
    spent = time.perf_counter() - began
    for till in tills:
        till.hang_up()
    answers = [answer for till in tills for answer in till.answers]
    served = [answer for answer in answers if answer.status == 200]
    waits = latency([answer.wait for answer in served])
    outside = latency([answer.wait - answer.engine for answer in served])
    return Load(len(served), len(served) / spent, waits, outside, len(answers) - len(served))


@dataclass(frozen=True, slots=True)
class _Answer:
    """`wait` and `engine` in milliseconds, as the till and as the service saw it."""

    status: int
    wait: float
    engine: float


def _requests(typings: Iterable[Iterable[str]], keep: bool) -> Iterator[bytes]:
    connection = "keep-alive" if keep else "close"
    for term in (term for typed in typings for term in typed):
        query = urlencode({"search_term": term, "currency_code": "DKK"})
        line = (
            f"GET /customers/lookup?{query} HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n\r\n"
        )
        yield line.encode()


@dataclass(slots=True)
class _Till:
    port: int
    requests: Iterator[bytes]
    keep: bool
    answers: list[_Answer] = field(default_factory=list)
    connection: socket.socket | None = None
    asked_at: float = 0.0
    read_so_far: bytes = b""

    def ask(self, selector: selectors.BaseSelector) -> None:
        request = next(self.requests, None)
        if request is None:
            raise RuntimeError("there were too few terms to type for so many seconds: give it more")
        self.asked_at = time.perf_counter()
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            selector.register(self.connection, selectors.EVENT_READ, self)
        self.connection.sendall(request)

    def read(self, selector: selectors.BaseSelector) -> None:
        assert self.connection is not None
        came = self.connection.recv(262_144)
        if not came:
            raise RuntimeError("the service closed a connection without an answer")
        self.read_so_far += came
        head, end, body = self.read_so_far.partition(_END)
        if not end or len(body) < int(_after(head.lower(), b"content-length: ", b"0")):
            return
        self.read_so_far = b""
        wait = (time.perf_counter() - self.asked_at) * 1000
        engine = float(_after(head, _ENGINE, b"0"))
        self.answers.append(_Answer(int(head[9:12]), wait, engine))
        if not self.keep or b"\r\nconnection: close" in head.lower():
            selector.unregister(self.connection)
            self.hang_up()
        self.ask(selector)

    def hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _after(head: bytes, name: bytes, otherwise: bytes) -> bytes:
    """The number that follows `name`."""
    begin = head.find(name)
    if begin < 0:
        return otherwise
    begin += len(name)
    end = begin
    while head[end : end + 1] in b"0123456789." and end < len(head):
        end += 1
    return head[begin:end]
