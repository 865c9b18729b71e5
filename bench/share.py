"""What Flask, validation and serialisation take of a lookup: called in this process, without a network."""

import time
from collections.abc import Sequence

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from bench.lookups import Latency, in_engine, latency


def share(app: Flask, terms: Sequence[str]) -> Latency:
    """Milliseconds of a lookup that are not the engine's, as Server-Timing says them. Raises RuntimeError
    where one is not answered."""
    spent = []
    for term in terms:
        asked = {"search_term": term, "currency_code": "DKK"}
        environ = create_environ("/customers/lookup", query_string=asked)
        environ["REMOTE_ADDR"] = "127.0.0.1"
        began = time.perf_counter()
        _, status, headers = run_wsgi_app(app, environ)
        took = (time.perf_counter() - began) * 1000
        engine = in_engine(headers.get("Server-Timing", ""))
        if not status.startswith("200") or engine is None:
            raise RuntimeError(f"{status} for a term of {len(term)} characters")
        spent.append(took - engine)
    return latency(spent)
