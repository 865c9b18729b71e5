"""The service documents itself: OpenAPI 3.1 at /openapi.json."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Flask, Response
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from service.errors import PROBLEM, http_error
from service.schemas import ProblemSchema
from service.settings import ServiceSettings

CUSTOMER_EXAMPLE = {
    "identifier": "C-10023",
    "name": "Søren Kjær Hansen",
    "phone": "+45 12 34 56 78",
    "street": "Nygade 12",
    "city": "Aarhus",
    "postal_code": "8000",
    "country_code": "dk",
    "email": "soren.kjaer@example.dk",
    "block_sales": False,
    "balance": -500.1,
    "balance_overdue": -300,
    "credit_limit": 1000,
}

REQUEST_ID = {"X-Request-Id": {"description": "As sent, or made up.", "schema": {"type": "string"}}}
_TIMING = {
    "Server-Timing": {
        "description": "Milliseconds by stage: wait (for a thread), parse, engine, balances, serialise (and "
        "learning how old the index is), up to the one in which it ended.",
        "schema": {"type": "string"},
    }
}
LOOKUP_HEADERS = {
    "X-Index-Synced-At": {
        "description": "When the index last caught up with the source (RFC 3339); absent if never.",
        "schema": {"type": "string", "format": "date-time"},
    },
    "X-Balances": {
        "description": "Where the amounts come from.",
        "schema": {"type": "string", "enum": ["live", "indexed"]},
    },
    "X-Balances-Age": {"description": "The amounts' age in seconds.", "schema": {"type": "integer"}},
    **_TIMING,
    **REQUEST_ID,
}
_RETRY_AFTER = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
_CHALLENGE = {"WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string"}}}

_PROBLEMS: dict[int, tuple[str, dict[str, Any]]] = {
    400: ("Malformed: no HTTP, or a body that is not well-formed JSON.", {}),
    401: (
        "No valid key, or too many wrong ones from this address: then with Retry-After.",
        _CHALLENGE | _RETRY_AFTER,
    ),
    404: ("No customer has this identifier.", {}),
    413: ("The body is larger than 16 KiB.", {}),
    415: ("The body is not declared as JSON.", {}),
    422: ("A field is wrong: `errors` names it.", {}),
    429: ("This key asks too often.", _RETRY_AFTER),
    431: ("The address and the headers are larger than 16 KiB together.", {}),
    500: ("A mistake in customer-lookup: its log says where.", {}),
    501: ("Another Transfer-Encoding than chunked.", {}),
    503: ("The index cannot answer now, or not in time, or too many requests are waiting.", _RETRY_AFTER),
}
# What the server itself answers, wherever it is asked.
_ANYWHERE = (400, 413, 431, 500, 501, 503)


def problems(*statuses: int) -> dict[str, Any]:
    """The responses of an endpoint that may answer these problems, beside those that any may, for
    `blueprint.doc`: one wrapper around a view, where `alt_response` would be one for each status, on every
    lookup."""
    return {str(status): _problem(status) for status in sorted({*statuses, *_ANYWHERE})}


def problems_of_lookup(*statuses: int) -> dict[str, Any]:
    """Like `problems`, of an endpoint that says how long it took."""
    found = problems(*statuses)
    for response in found.values():
        response["headers"] |= _TIMING
    return found


def _problem(status: int) -> dict[str, Any]:
    description, headers = _PROBLEMS[status]
    example = {"type": "about:blank", "title": "…", "status": status, "detail": description}
    return {
        "description": description,
        "content": {PROBLEM: {"schema": ProblemSchema, "example": example}},
        "headers": {**headers, **REQUEST_ID},
    }


class DocumentedApi(Api):
    """flask-smorest with our errors: its own would have another shape."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def handle_http_exception(self, error: HTTPException) -> Response:
        """See service.errors."""
        return http_error(error)

    def _register_responses(self) -> None:
        """None of flask-smorest's own."""

    def _register_pagination_header(self) -> None:
        """We have no pages of customers."""


def configure(app: Flask, settings: ServiceSettings) -> None:
    """Say in `app`'s configuration what flask-smorest should write."""
    schemes: dict[str, Any] = {
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        "bearer": {"type": "http", "scheme": "bearer"},
        "basic": {"type": "http", "scheme": "basic", "description": "The key as password; any user name."},
    }
    if settings.allow_query_key:
        schemes["query"] = {"type": "apiKey", "in": "query", "name": "apikey"}
    prefix = settings.path_prefix.rstrip("/")
    app.config.update(
        API_TITLE="customer-lookup",
        API_VERSION=_version(),
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        API_SPEC_OPTIONS={
            "info": {"description": "Finds the merchant's customers for the till."},
            "security": [{name: []} for name in schemes],
            "components": {"securitySchemes": schemes},
            **({"servers": [{"url": prefix}]} if prefix else {}),
        },
    )


def _version() -> str:
    try:
        return version("customer-lookup")
    except PackageNotFoundError:
        return "unreleased"
