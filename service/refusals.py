"""Refusals: what the server turns away itself is answered by the application all the same.

So it is logged, counted and shaped as any other answer, by the code that does this for them.
"""

from flask import Flask, request

from service.errors import refused
from service.room import room

# Where the server leaves the status with which it turns a request away.
REFUSED = "customer_lookup.refused"


def register(app: Flask) -> None:
    """Answer with a problem whatever the server has turned away. A browser's preflight is answered before: it
    asks for nothing, and without its answer a web POS would not see the problem."""
    app.before_request(_refuse)


def _refuse() -> None:
    status: int | None = request.environ.get(REFUSED)
    if status is not None:
        problem = refused(status)
        room().metrics.refused(problem.outcome)
        raise problem
