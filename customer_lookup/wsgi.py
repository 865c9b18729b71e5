"""The API for any WSGI server: `gunicorn 'customer_lookup.wsgi:create()'`."""

import os
from contextlib import ExitStack
from pathlib import Path

from flask import Flask

from customer_lookup.configuration import load
from customer_lookup.wiring import make_app, opened_index, opened_source, opened_state
from service import logs


def create() -> Flask:
    """The application of the file that CUSTOMER_LOOKUP_CONFIG names (lookup.toml). What it opens stays open
    as long as the process. Raises ConfigurationError."""
    logs.configure()
    configuration = load(Path(os.environ.get("CUSTOMER_LOOKUP_CONFIG", "lookup.toml")))
    with ExitStack() as opened:
        source = opened.enter_context(opened_source(configuration))
        state = opened.enter_context(opened_state(configuration, is_needed=False))
        index = opened.enter_context(opened_index(configuration))
        app = make_app(configuration, index, state, source)
        app.extensions["customer_lookup.opened"] = opened.pop_all()
    return app
