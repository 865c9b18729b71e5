"""What is written, and that nobody is in it."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from customers.errors import EngineUnavailable
from index.tantivy_engine import TantivyIndex
from service import logs
from service.server import HttpServer
from service.settings import ServiceSettings
from tests.log_restored import log_restored
from tests.people import SOREN
from tests.service.desk import KEY, Source, app_of, bent
from tests.service.marked import MARK, SECRETS, ask_everything

SETTINGS = ServiceSettings(
    port=0, api_keys=(f"odense:{KEY}",), default_currency="DKK", allow_query_key=True, live_balances=True
)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that any logger of the process writes, at debug level."""
    stream = io.StringIO()
    with log_restored():
        logs.configure(logging.DEBUG, stream)
        yield stream


@pytest.fixture
def terminal() -> Iterator[io.StringIO]:
    """What a person at a terminal reads."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with log_restored():
        logs.configure(stream=stream)
        yield stream


@contextmanager
def serving(index: object, **more: object) -> Iterator[str]:
    server = HttpServer(app_of(index, SETTINGS, **more), SETTINGS)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()
    thread.join()


def fail() -> None:
    """A mistake that quotes what it was given, as many do."""
    raise ValueError(f"cannot read {MARK} of {SOREN.name}")


def unavailable() -> None:
    """An engine's own error, chained to one that quotes what it was given."""
    try:
        fail()
    except ValueError as error:
        raise EngineUnavailable("the engine is down: start it") from error


def test_nobody_is_in_the_log(written: io.StringIO, index: TantivyIndex) -> None:
    ways = (
        serving(index),
        serving(bent(index, fail)),
        serving(bent(index, unavailable)),
        serving(index, live_balances=Source({}, unavailable)),
    )
    # What the test's own client writes is no concern of the service.
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    for way in ways:
        with way as url:
            ask_everything(url)
    text = written.getvalue()
    assert text.count('"message": "request"') > 100
    assert [secret for secret in SECRETS if secret.lower() in text.lower()] == []


def test_one_line_says_how_it_went(written: io.StringIO, index: TantivyIndex) -> None:
    client = app_of(index, SETTINGS).test_client()
    headers = {"X-API-Key": KEY, "X-Request-Id": "till-7.42"}
    answer = client.get("/customers/lookup?search_term=hansen", headers=headers)
    assert answer.headers["X-Request-Id"] == "till-7.42"
    (line,) = [json.loads(line) for line in written.getvalue().splitlines() if '"request"' in line]
    assert line.pop("ms") > 0
    assert line.pop("at")
    assert line == {
        "level": "info",
        "logger": "customer_lookup.requests",
        "message": "request",
        "request_id": "till-7.42",
        "method": "GET",
        "rule": "/customers/lookup",
        "status": 200,
        "outcome": "ok",
        "key": "odense",
        "term_kind": "name",
        "term_length": 6,
        "hits": 2,
    }


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, "<script>", "å"])
def test_an_odd_request_id_is_replaced(index: TantivyIndex, sent: str) -> None:
    client = app_of(index, SETTINGS).test_client()
    answer = client.get("/health/live", headers={"X-Request-Id": sent.encode().decode("latin-1")})
    assert len(answer.headers["X-Request-Id"]) == 32


def test_an_error_is_logged_as_places_in_the_code(written: io.StringIO, index: TantivyIndex) -> None:
    client = app_of(bent(index, fail), SETTINGS).test_client()
    answer = client.get("/customers/lookup?search_term=a", headers={"X-API-Key": KEY})
    assert answer.status_code == 500
    assert MARK not in answer.text
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (line,) = [line for line in lines if line["logger"] == "service.errors"]
    assert line["error"][0] == "ValueError"
    assert any("test_logs.py" in place and place.endswith("fail") for place in line["error"])


def test_a_person_reads_text(terminal: io.StringIO) -> None:
    logging.getLogger("x").info("listening", extra={"fields": {"port": 8080}})
    assert terminal.getvalue().rstrip().endswith("listening port=8080")


def test_nor_is_an_errors_message_in_the_text(terminal: io.StringIO) -> None:
    try:
        unavailable()
    except EngineUnavailable:
        logging.getLogger("x").exception("it failed")
    text = terminal.getvalue()
    assert "it failed\nEngineUnavailable\n" in text
    assert "\nValueError\n" in text
    assert [secret for secret in (*SECRETS, "the engine is down") if secret in text] == []
