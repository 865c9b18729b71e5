"""Every error of the service in one shape: application/problem+json (RFC 9457).

`type` is always about:blank, so `title` is the phrase of the status. `detail` is a sentence for the person
who set up the POS; it never repeats what was sent, which may be about a customer.
"""

import http
import json
import logging
import math
from collections.abc import Mapping
from typing import NoReturn

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from customers.errors import EngineError, NoLiveGeneration
from service.request_log import course

PROBLEM = "application/problem+json"
# A till that is told to come back later should do so while the customer is still there.
RETRY_AFTER_S = 2

logger = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """A request that gets no answer. `errors` are the fields at fault, each with what is allowed."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        outcome: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or {}
        self.headers = headers or {}
        self.outcome = outcome or http.HTTPStatus(status).phrase.lower().replace(" ", "_")


def seconds_header(seconds: float) -> dict[str, str]:
    """Retry-After: whole seconds, at least one."""
    return {"Retry-After": str(max(1, math.ceil(seconds)))}


def try_later(status: int, detail: str, seconds: float, outcome: str) -> Problem:
    """A problem that passes by itself, with when to try again."""
    return Problem(status, detail, headers=seconds_header(seconds), outcome=outcome)


def register(app: Flask) -> None:
    """Answer every error of `app` as a problem, Flask's own and unforeseen ones too."""
    app.register_error_handler(Problem, problem_response)
    app.register_error_handler(EngineError, _engine_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, _unforeseen)


def problem_response(problem: Problem) -> Response:
    """`problem` as it is sent."""
    how = course()
    how.outcome = problem.outcome
    content: dict[str, object] = {
        "type": "about:blank",
        "title": http.HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        content["errors"] = [{"field": name, "detail": wrong} for name, wrong in problem.errors.items()]
    content["request_id"] = how.request_id
    return Response(json.dumps(content), problem.status, problem.headers, content_type=PROBLEM)


def _engine_error(error: EngineError) -> Response:
    """An index that cannot answer. The message is for the log: a stranger need not know how we are built."""
    logger.warning("the index did not answer: %s: %s", type(error).__name__, error)
    if isinstance(error, NoLiveGeneration):
        return problem_response(try_later(503, "nothing is indexed yet", RETRY_AFTER_S, "no_index"))
    return problem_response(try_later(503, "the index cannot answer just now", RETRY_AFTER_S, "engine_error"))


_DETAILS = {
    400: "the request is malformed",
    404: "there is nothing at this address: see /docs",
    405: "this address does not take this method: see the Allow header and /docs",
    413: "the body is larger than 16 KiB",
    415: "send the body as application/json",
    431: "the address and the headers are larger than 16 KiB together",
    500: "customer-lookup made a mistake: its log says where",
    501: "send the body with a Content-Length, or chunked: no other Transfer-Encoding is taken",
}


def refused(status: int) -> Problem:
    """What the server answers itself: to what it cannot read or has no room for."""
    if status == http.HTTPStatus.SERVICE_UNAVAILABLE:
        return try_later(status, "too many requests are waiting", RETRY_AFTER_S, "busy")
    return Problem(status, _detail(status))


def http_error(error: HTTPException) -> Response:
    """An error of Flask's own, with the headers that belong to it (Allow)."""
    status = error.code or 500
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in {"content-type", "content-length"}
    }
    return problem_response(Problem(status, _detail(status), headers=headers))


def _unforeseen(error: Exception) -> Response:
    """A mistake of ours. The traceback goes to the log, which writes it without its values."""
    logger.error("a request failed by a mistake in customer-lookup", exc_info=error)
    return problem_response(Problem(500, _detail(500)))


def _detail(status: int) -> str:
    return _DETAILS.get(status, http.HTTPStatus(status).phrase.lower())


def refuse_field(field: str, detail: str) -> NoReturn:
    """Raise the 422 about one field."""
    raise Problem(422, f"{field}: {detail}", errors={field: detail}, outcome="invalid")
