"""What the service writes about a request: one line, about how it went and never about whom."""

import logging
import re
import time
import uuid
from dataclasses import dataclass, field

from flask import Flask, Response, g, request

logger = logging.getLogger("customer_lookup.requests")

_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


@dataclass(slots=True)
class Timing:
    """Milliseconds by stage (parse, engine, balances, serialise) of one lookup, in the order in which they
    ran."""

    started: float = field(default_factory=time.perf_counter)
    last: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.last = self.started

    def mark(self, stage: str) -> None:
        """All the time since the last mark was `stage`."""
        now = time.perf_counter()
        self.stages[stage] = (now - self.last) * 1000
        self.last = now

    def header(self) -> str:
        """As Server-Timing (W3C): `parse;dur=0.1, engine;dur=2.3`."""
        return ", ".join(f"{stage};dur={spent:.2f}" for stage, spent in self.stages.items())


def request_id() -> str:
    """The id of this request: the caller's X-Request-Id where that is sane, otherwise one of our own."""
    found: str | None = g.get("request_id")
    if found is None:
        sent = request.headers.get("X-Request-Id", "")
        found = g.request_id = sent if _SANE_REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
    return found


def timing() -> Timing:
    """How long this request has taken so far."""
    found: Timing | None = g.get("timing")
    if found is None:
        found = g.timing = Timing()
    return found


def register(app: Flask) -> None:
    """Write a line for each request of `app`, and return its id."""
    app.before_request(_start)
    app.after_request(_log)


def _start() -> None:
    timing()


def _log(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    # The rule, not the path: a path may hold a customer's identifier.
    rule = request.url_rule.rule if request.url_rule else "-"
    about = {
        "request_id": request_id(),
        "method": request.method if request.method in _METHODS else "other",
        "rule": rule,
        "status": response.status_code,
        "outcome": g.get("outcome", "ok"),
        "ms": round((time.perf_counter() - timing().started) * 1000, 2),
        "key": g.get("key_name"),
        "term_kind": g.get("term_kind"),
        "term_length": g.get("term_length"),
        "hits": g.get("hits"),
    }
    known = {name: value for name, value in about.items() if value is not None}
    logger.info("request", extra={"fields": known})
    return response
