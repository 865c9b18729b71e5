"""How long a till waits: over HTTP, one client, its connection kept."""

import http.client
import time
from collections.abc import Sequence
from dataclasses import dataclass
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


def ask(port: int, terms: Sequence[str]) -> list[float]:
    """Milliseconds of each lookup, from sending to having read the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    spent = []
    for term in terms:
        query = urlencode({"search_term": term, "currency_code": "DKK"})
        began = time.perf_counter()
        connection.request("GET", f"/customers/lookup?{query}")
        answer = connection.getresponse()
        answer.read()
        spent.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} for a term of {len(term)} characters")
    connection.close()
    return spent
