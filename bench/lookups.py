"""How long a till waits: over HTTP, one client, its connection kept."""

import http.client
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode


@dataclass(frozen=True)
class Latency:
    """Milliseconds."""

    p50: float
    p95: float
    p99: float


def latency(milliseconds: Sequence[float]) -> Latency:
    """The percentiles of at least one measurement."""
    ordered = sorted(milliseconds)

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    return Latency(at(0.50), at(0.95), at(0.99))


class Waited(NamedTuple):
    """Milliseconds of a lookup, from sending to having read the answer; and those in the engine, as the
    service says in Server-Timing: asking the index and ranking what it found."""

    all: float
    engine: float


def in_engine(timing: str) -> float | None:
    """Milliseconds of a Server-Timing that were the engine's; None where it does not say."""
    engine = re.search(r"engine;dur=([\d.]+)", timing)
    return float(engine[1]) if engine else None


def ask(port: int, terms: Sequence[str]) -> list[Waited]:
    """How long each lookup took. Raises RuntimeError where one is not answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    spent = []
    for term in terms:
        query = urlencode({"search_term": term, "currency_code": "DKK"})
        began = time.perf_counter()
        connection.request("GET", f"/customers/lookup?{query}")
        answer = connection.getresponse()
        answer.read()
        waited = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} for a term of {len(term)} characters")
        spent.append(Waited(waited, in_engine(answer.headers["Server-Timing"]) or 0.0))
    connection.close()
    return spent
