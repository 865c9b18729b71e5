"""What the server turns away before the application sees it is answered, logged and counted like the rest."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.service.running import Running, running

POS = "https://pos.example"
ORIGIN = b"Origin: " + POS.encode() + b"\r\n"
LOOK_UP = b"POST /customers/lookup HTTP/1.1\r\n" + ORIGIN
LONG = b"x" * 20_000

UNREADABLE = [
    (b"\x16\x03\x01 not http\r\n" + ORIGIN + b"\r\n", 400, "bad_request"),
    (b"GET / HTTP/1.1\r\n" + ORIGIN + b"No colon\r\n\r\n", 400, "bad_request"),
    (b"GET http://[SECRET-4711]/ HTTP/1.1\r\n" + ORIGIN + b"\r\n", 400, "bad_request"),
    (b"GET http://[::1/ HTTP/1.1\r\n" + ORIGIN + b"\r\n", 400, "bad_request"),
    (LOOK_UP + b"Content-Length: many\r\n\r\n", 400, "bad_request"),
    (LOOK_UP + b"X: " + LONG + b"\r\n\r\n", 431, "request_header_fields_too_large"),
    (
        b"GET /?a=SECRET-4711" + LONG + b" HTTP/1.1\r\n" + ORIGIN + b"\r\n",
        431,
        "request_header_fields_too_large",
    ),
    (LOOK_UP + b"Content-Length: 9999999\r\n\r\n", 413, "request_entity_too_large"),
    (
        LOOK_UP + b"Transfer-Encoding: chunked\r\n\r\n5000\r\n" + b"x" * 0x5000,
        413,
        "request_entity_too_large",
    ),
    (LOOK_UP + b"Transfer-Encoding: chunked\r\n\r\nSECRET-4711\r\n", 400, "bad_request"),
    (LOOK_UP + b"Transfer-Encoding: gzip\r\n\r\n", 501, "not_implemented"),
]


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Running]:
    """A server whose answers a web POS may read."""
    with running(folder, cors_origins=[POS]) as answering:
        yield answering


def head_and_body(answer: bytes) -> tuple[int, dict[str, str], Any]:
    """Status, headers and JSON of an answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), json.loads(body)


def logged(server: Running, request_id: str) -> dict[str, Any]:
    """The one line about a request."""
    lines = map(json.loads, (server.folder / "log.txt").read_text().splitlines())
    (line,) = [line for line in lines if line.get("request_id") == request_id]
    return dict(line)


def counted(server: Running, name: str) -> float:
    """The value of a metric, with its labels."""
    page = requests.get(f"{server.url}/metrics", timeout=10).text
    return sum(float(line.split()[-1]) for line in page.splitlines() if line.startswith(name + " "))


@pytest.mark.parametrize(("sent", "status", "outcome"), UNREADABLE)
def test_what_is_not_a_request_is_answered_as_any_other(
    server: Running, sent: bytes, status: int, outcome: str
) -> None:
    count = f'customer_lookup_refused_total{{reason="{outcome}"}}'
    before = counted(server, count)
    answered, headers, body = head_and_body(server.says_to(sent))
    assert (answered, headers["Content-Type"]) == (status, "application/problem+json")
    assert (body["status"], body["request_id"]) == (status, headers["X-Request-Id"])
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert (headers["Access-Control-Allow-Origin"], headers["Vary"]) == (POS, "Origin")
    assert headers["Connection"] == "close"
    line = logged(server, headers["X-Request-Id"])
    assert (line["status"], line["outcome"]) == (status, outcome)
    assert line["ms"] >= 0
    assert counted(server, count) == before + 1


def test_it_names_the_request_as_its_caller_does(server: Running) -> None:
    sent = b"POST /customers/lookup HTTP/1.1\r\nX-Request-Id: till-7.42\r\nContent-Length: 9999999\r\n\r\n"
    _, headers, _ = head_and_body(server.says_to(sent))
    assert headers["X-Request-Id"] == "till-7.42"
    line = logged(server, "till-7.42")
    assert (line["method"], line["rule"]) == ("POST", "/customers/lookup")


def test_what_could_not_be_read_is_no_request_of_any_kind(server: Running) -> None:
    sent = b"GET / HTTP/1.1\r\nX-Request-Id: odd-1\r\nNo colon\r\n\r\n"
    _, headers, _ = head_and_body(server.says_to(sent))
    assert logged(server, headers["X-Request-Id"])["rule"] == "-"


def test_a_preflight_of_what_is_too_long_lets_the_browser_ask_and_be_told(server: Running) -> None:
    asked = ORIGIN + b"Access-Control-Request-Method: GET\r\n\r\n"
    answer = server.says_to(b"OPTIONS /customers/lookup?search_term=" + LONG + b" HTTP/1.1\r\n" + asked)
    assert answer.split()[1] == b"200"
    assert f"Access-Control-Allow-Origin: {POS}".encode() in answer


def test_nobody_who_is_refused_is_in_the_log(server: Running, folder: Path) -> None:
    for sent, _, _ in UNREADABLE:
        server.says_to(sent)
    assert "SECRET" not in (folder / "log.txt").read_text()


def test_over_capacity_a_web_pos_is_told_when_to_come_back(folder: Path) -> None:
    with running(folder, threads=2, queue=4, cors_origins=[POS]) as server:

        def ask(number: int) -> requests.Response:
            return server.look_up("wait", headers={"Origin": POS, "X-Request-Id": f"wait-{number}"})

        with ThreadPoolExecutor(40) as tills:
            answers = list(tills.map(ask, range(40)))
        refused = [answer for answer in answers if answer.status_code == 503]
        assert refused
        for answer in refused:
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.headers["Access-Control-Allow-Origin"] == POS
            assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
            assert int(answer.headers["Retry-After"]) > 0
            line = logged(server, answer.headers["X-Request-Id"])
            assert (line["rule"], line["outcome"]) == ("/customers/lookup", "busy")
        assert {answer.headers["X-Request-Id"] for answer in answers} == {f"wait-{n}" for n in range(40)}
        lookups = 'customer_lookup_lookups_total{kind="none",outcome="busy"}'
        assert counted(server, lookups) == len(refused)
        assert counted(server, 'customer_lookup_refused_total{reason="busy"}') == len(refused)
