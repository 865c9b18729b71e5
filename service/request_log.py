"""What the service writes about a request: one line, about how it went and never about whom."""

import logging
import re
import time
import uuid
from dataclasses import InitVar, dataclass, field

from flask import Flask, Response, g, request

logger = logging.getLogger("customer_lookup.requests")

_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Where the server leaves the time (time.monotonic) at which a request came in, before it waited for a thread.
RECEIVED_AT = "customer_lookup.received_at"
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


@dataclass(slots=True)
class Course:
    """How one request goes. `request_id` is the caller's X-Request-Id where that is sane, otherwise one of
    our own. `received_at` is when it came in, where the server says so. `stages` are milliseconds by stage
    (wait, parse, engine, balances, serialise) of a lookup, in the order in which they ran."""

    request_id: str
    received_at: InitVar[float | None] = None
    started: float = field(default_factory=time.perf_counter)
    last: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    outcome: str = "ok"
    key_name: str | None = None
    term_kind: str | None = None
    term_length: int | None = None
    hits: int | None = None

    def __post_init__(self, received_at: float | None) -> None:
        self.last = self.started
        if received_at is not None:
            waited = time.monotonic() - received_at
            self.started -= waited
            self.stages["wait"] = waited * 1000

    def mark(self, stage: str) -> None:
        """All the time since the last mark was `stage`."""
        now = time.perf_counter()
        self.stages[stage] = (now - self.last) * 1000
        self.last = now

    def spent_s(self) -> float:
        """Seconds since it came in."""
        return time.perf_counter() - self.started

    def timing(self) -> str:
        """As Server-Timing (W3C): `wait;dur=0.2, parse;dur=0.1`."""
        return ", ".join(f"{stage};dur={spent:.2f}" for stage, spent in self.stages.items())


def course() -> Course:
    """How this request goes so far."""
    found: Course | None = g.get("course")
    if found is None:
        sent = request.headers.get("X-Request-Id", "")
        request_id = sent if _SANE_REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
        found = g.course = Course(request_id, request.environ.get(RECEIVED_AT))
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
        "ms": round(how.spent_s() * 1000, 2),
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
