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
class Course:
    """How one request goes. `request_id` is the caller's X-Request-Id where that is sane, otherwise one of
    our own. `stages` are milliseconds by stage (parse, engine, balances, serialise) of a lookup, in the order
    in which they ran."""

    request_id: str
    started: float = field(default_factory=time.perf_counter)
    last: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    outcome: str = "ok"
    key_name: str | None = None
    term_kind: str | None = None
    term_length: int | None = None
    hits: int | None = None

    def __post_init__(self) -> None:
        self.last = self.started

    def mark(self, stage: str) -> None:
        """All the time since the last mark was `stage`."""
        now = time.perf_counter()
        self.stages[stage] = (now - self.last) * 1000
        self.last = now

    def timing(self) -> str:
        """As Server-Timing (W3C): `parse;dur=0.1, engine;dur=2.3`."""
        return ", ".join(f"{stage};dur={spent:.2f}" for stage, spent in self.stages.items())


def course() -> Course:
    """How this request goes so far."""
    found: Course | None = g.get("course")
    if found is None:
        sent = request.headers.get("X-Request-Id", "")
        found = g.course = Course(sent if _SANE_REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex)
    return found


def register(app: Flask) -> None:
    """Write a line for each request of `app`, and return its id."""
    app.before_request(_start)
    app.after_request(_log)


def _start() -> None:
    course()


def _log(response: Response) -> Response:
    how = course()
    response.headers.add("X-Request-Id", how.request_id)
    if not logger.isEnabledFor(logging.INFO):
        return response
    about = {
        "request_id": how.request_id,
        "method": request.method if request.method in _METHODS else "other",
        # The rule, not the path: a path may hold a customer's identifier.
        "rule": request.url_rule.rule if request.url_rule else "-",
        "status": response.status_code,
        "outcome": how.outcome,
        "ms": round((time.perf_counter() - how.started) * 1000, 2),
        "key": how.key_name,
        "term_kind": how.term_kind,
        "term_length": how.term_length,
        "hits": how.hits,
    }
    known = {name: value for name, value in about.items() if value is not None}
    # As logger.info does, but without a search for our own line in the code, which takes as long as the rest.
    record = logger.makeRecord(logger.name, logging.INFO, "", 0, "request", (), None)
    vars(record)["fields"] = known
    logger.handle(record)
    return response
