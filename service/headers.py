"""Headers that a browser and a proxy want on every answer, and CORS for a POS that is a web page."""

from collections.abc import Sequence

from flask import Flask, Response, request

# Our pages load their own script and style and ask their own service; nothing else, and nobody may frame
# them.
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
_ON_EVERY = [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")]
_ON_PAGES = [("Content-Security-Policy", _PAGE_POLICY), *_ON_EVERY]
_ON_DATA = [("Content-Security-Policy", _DATA_POLICY), *_ON_EVERY]
# What a web POS may send and read beyond the CORS defaults.
_SENT = "Authorization, Content-Type, X-API-Key, X-Request-Id"
_READ = "Retry-After, Server-Timing, X-Balances, X-Balances-Age, X-Index-Synced-At, X-Request-Id"
_PREFLIGHT_GOOD_FOR_S = "600"


def register(app: Flask, cors_origins: Sequence[str]) -> None:
    """Put them on every response of `app`; `cors_origins` (none: CORS is off) may read answers."""
    origins = frozenset(cors_origins)

    def preflight() -> Response | None:
        """A browser asks whether it may ask: before any key is looked for, since it sends none with this."""
        asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        if not asks or request.headers.get("Origin") not in origins:
            return None
        # Not 204: waitress closes the connection after what has no Content-Length, as that may not.
        return Response(headers={"Access-Control-Max-Age": _PREFLIGHT_GOOD_FOR_S})

    def finish(response: Response) -> Response:
        _secure(response)
        if origins:
            response.headers.add("Vary", "Origin")
            _allow(response, origins)
        return response

    app.before_request(preflight)
    app.after_request(finish)


def _secure(response: Response) -> None:
    # Nobody else sets these, so that they need not be looked for; Flask says how long a file may be kept.
    response.headers.extend(_ON_PAGES if response.mimetype == "text/html" else _ON_DATA)
    response.headers["Cache-Control"] = "no-store"


def _allow(response: Response, origins: frozenset[str]) -> None:
    origin = request.headers.get("Origin")
    if origin not in origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = _READ
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = _SENT
