"""What browsers and proxies are told, and what proxies may tell us."""

import pytest
from flask.testing import FlaskClient

from customers.errors import ConfigurationError
from index.tantivy_engine import TantivyIndex
from service.settings import ServiceSettings
from tests.service.desk import KEY, app_of

URL = "/customers/lookup?search_term=lars"
POS = "https://pos.example"


@pytest.mark.parametrize(
    "path", [URL, "/customers/lookup", "/nothing", "/", "/status", "/docs", "/health/live"]
)
def test_every_answer_is_kept_by_nobody_and_is_what_it_says(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_cors_is_off(client: FlaskClient) -> None:
    assert not [name for name, _ in client.get(URL, headers={"Origin": POS}).headers if "Access" in name]


def test_cors_for_a_web_pos(index: TantivyIndex) -> None:
    client = app_of(index, ServiceSettings(api_keys=(KEY,), cors_origins=(POS,))).test_client()
    preflight = client.options(URL, headers={"Origin": POS, "Access-Control-Request-Method": "GET"})
    assert preflight.status_code == 204
    assert "X-API-Key" in preflight.headers["Access-Control-Allow-Headers"]
    answer = client.get(URL, headers={"Origin": POS, "X-API-Key": KEY})
    assert answer.headers["Access-Control-Allow-Origin"] == POS
    assert "Origin" in answer.headers["Vary"]
    refused = client.get(URL, headers={"Origin": POS})
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, POS)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", POS + ".evil.example", "http://pos.example"]
)
def test_no_other_page_may_read(index: TantivyIndex, origin: str) -> None:
    client = app_of(index, ServiceSettings(cors_origins=(POS,))).test_client()
    asks = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    assert "Access-Control-Allow-Origin" not in client.options(URL, headers=asks).headers
    assert "Access-Control-Allow-Origin" not in client.get(URL, headers={"Origin": origin}).headers


@pytest.mark.parametrize(
    ("peer", "forwarded", "admitted"),
    [
        ("127.0.0.1", None, True),
        ("127.0.0.1", "203.0.113.7", False),
        ("127.0.0.1", "127.0.0.1, 203.0.113.7", False),
        ("203.0.113.7", "127.0.0.1", False),
    ],
)
def test_only_a_trusted_proxy_says_who_the_client_is(
    index: TantivyIndex, peer: str, forwarded: str | None, admitted: bool
) -> None:
    """Without keys only this machine may ask, which shows whom the service takes a request to be from."""
    client = app_of(index, ServiceSettings(trusted_proxies=("127.0.0.0/8",))).test_client()
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    answer = client.get(URL, headers=headers, environ_base={"REMOTE_ADDR": peer})
    assert (answer.status_code == 200) is admitted


def test_without_trusted_proxies_the_header_names_nobody(index: TantivyIndex) -> None:
    """Each wrong key counts against the peer, whatever address it claims to come from."""
    client = app_of(index, ServiceSettings(api_keys=(KEY,))).test_client()
    answers = [
        client.get(URL, headers={"X-API-Key": "guess", "X-Forwarded-For": f"203.0.113.{last}"})
        for last in range(11)
    ]
    assert "Retry-After" in answers[-1].headers


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"])
def test_without_keys_what_an_unknown_proxy_passes_on_is_refused(client: FlaskClient, header: str) -> None:
    """It may be on this machine and put 127.0.0.1 as the Host, as Apache does, for anyone who asks it."""
    assert client.get(URL, headers={header: "203.0.113.7"}).status_code == 401


@pytest.mark.parametrize("path", ["/till/customers/lookup?search_term=lars", URL])
def test_a_path_prefix_that_the_proxy_strips_or_not(index: TantivyIndex, path: str) -> None:
    client = app_of(index, ServiceSettings(path_prefix="/till/")).test_client()
    assert client.get(path).status_code == 200
    assert b'href="/till/static/pages.css"' in client.get("/till/").data


@pytest.mark.parametrize("wrong", [{"trusted_proxies": ("proxy",)}, {"path_prefix": "till"}])
def test_wrong_settings_are_named(index: TantivyIndex, wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=rf"\[service\] {next(iter(wrong))}"):
        app_of(index, ServiceSettings(**wrong))  # type: ignore[arg-type]
