"""What browsers and proxies are told."""

import pytest
import requests
from flask.testing import FlaskClient

from index.tantivy_engine import TantivyIndex
from service.settings import ServiceSettings
from tests.service.desk import KEY, app_of
from tests.service.running import answering

URL = "/customers/lookup?search_term=lars"
POS = "https://pos.example"


@pytest.mark.parametrize(
    "path",
    [
        URL,
        "/customers/lookup",
        "/nothing",
        "/",
        "/status",
        "/docs",
        "/health/live",
        "/static/pages.css",
        "/static/lookup.js",
    ],
)
def test_every_answer_is_kept_by_nobody_and_is_what_it_says(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        (
            "/",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
        (URL, "default-src 'none'; frame-ancestors 'none'"),
    ],
)
def test_a_page_may_do_what_ours_do_and_an_answer_nothing(
    client: FlaskClient, path: str, policy: str
) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == policy
    assert headers["Referrer-Policy"] == "no-referrer", "an address may have a term in it"


def test_cors_is_off(client: FlaskClient) -> None:
    assert not [name for name, _ in client.get(URL, headers={"Origin": POS}).headers if "Access" in name]


def test_cors_for_a_web_pos(index: TantivyIndex) -> None:
    client = app_of(index, ServiceSettings(api_keys=(KEY,), cors_origins=(POS,))).test_client()
    preflight = client.options(URL, headers={"Origin": POS, "Access-Control-Request-Method": "GET"})
    assert (preflight.status_code, preflight.data) == (200, b"")
    sent = "Authorization, Content-Type, X-API-Key, X-Request-Id"
    assert preflight.headers["Access-Control-Allow-Headers"] == sent
    assert preflight.headers["Access-Control-Max-Age"] == "600"
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, POST"
    answer = client.get(URL, headers={"Origin": POS, "X-API-Key": KEY})
    assert answer.headers["Access-Control-Allow-Origin"] == POS
    assert "Origin" in answer.headers["Vary"]
    refused = client.get(URL, headers={"Origin": POS})
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, POS)


def test_a_web_pos_asks_on_the_connection_on_which_it_asked_whether_it_may(index: TantivyIndex) -> None:
    asks = {"Origin": POS, "Access-Control-Request-Method": "GET"}
    with answering(index, cors_origins=(POS,)) as (host, port), requests.Session() as browser:
        answer = browser.options(f"http://{host}:{port}{URL}", headers=asks, timeout=5)
    assert (answer.ok, answer.headers.get("Connection")) == (True, None)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", POS + ".evil.example", "http://pos.example"]
)
def test_no_other_page_may_read(index: TantivyIndex, origin: str) -> None:
    client = app_of(index, ServiceSettings(api_keys=(KEY,), cors_origins=(POS,))).test_client()
    asks = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    preflight = client.options(URL, headers=asks)
    assert (preflight.status_code, "Access-Control-Allow-Origin" in preflight.headers) == (401, False)
    answer = client.get(URL, headers={"Origin": origin, "X-API-Key": KEY})
    assert (answer.status_code, "Access-Control-Allow-Origin" in answer.headers) == (200, False)
