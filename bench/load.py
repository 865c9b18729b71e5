"""Many tills at once: lookups over plain sockets, from a process that does little else."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlencode

from bench.lookups import Latency, latency


@dataclass(frozen=True)
class Load:
    """What so many tills got: lookups a second, milliseconds, and answers that were not 200."""

    rate: float
    waits: Latency
    refused: int


def load(port: int, terms: Sequence[str], clients: int, seconds: float, keep: bool) -> Load:
    """Let `clients` ask as fast as they are answered, each on one connection (`keep`) or on one a lookup."""
    return asyncio.run(_load(port, terms, clients, seconds, keep))


async def _load(port: int, terms: Sequence[str], clients: int, seconds: float, keep: bool) -> Load:
    requests = [_request(term, keep) for term in terms]
    until = time.perf_counter() + seconds
    tills = [_till(port, requests[first::clients], until, keep) for first in range(clients)]
    answered = [wait for waits in await asyncio.gather(*tills) for wait in waits]
    served = [wait for status, wait in answered if status == 200]
    return Load(len(served) / seconds, latency(served), len(answered) - len(served))


def _request(term: str, keep: bool) -> bytes:
    query = urlencode({"search_term": term, "currency_code": "DKK"})
    connection = "keep-alive" if keep else "close"
    head = f"GET /customers/lookup?{query} HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n\r\n"
    return head.encode()


async def _till(port: int, requests: Sequence[bytes], until: float, keep: bool) -> list[tuple[int, float]]:
    waits = []
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    for request in cycle(requests):
        began = time.perf_counter()
        if began > until:
            break
        if connection is None:
            connection = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = connection
        writer.write(request)
        status, closes = await _answer(reader)
        waits.append((status, (time.perf_counter() - began) * 1000))
        if closes or not keep:
            writer.close()
            connection = None
    if connection is not None:
        connection[1].close()
    return waits


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """The status, and whether the server closes the connection after it."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head.split()[1]), b"connection: close" in head
