"""Input that means harm, on a real Meilisearch: only ever text to it, and never a failure."""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.settings import SearchSettings
from index.meilisearch_engine import MeilisearchIndex
from service.settings import ServiceSettings
from tests.index.meilisearch_server import SERVER, index_name
from tests.people import EVERYONE
from tests.service.desk import app_of, fill
from tests.service.test_hostile import HOSTILE

pytestmark = pytest.mark.meilisearch(replay=False)

SEARCH = SearchSettings()
PATIENT = ServiceSettings(default_currency="DKK", requests_per_second=0)
FEW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# What is syntax to Meilisearch: in a phrase, a negation, a filter; and what ends a string in JSON.
SYNTAX = st.sampled_from(
    ['"', "-", "\\", "'", "`", "*", "_geoRadius(", " AND ", " OR ", " EXISTS", " IN [", "identifier = ",
     "\ud800", "\x00", "\u202e", "lars", "hansen", " ", "{{", "}}", '","q":"', "C-10024"]
)  # fmt: skip
TERMS = st.text(st.characters(), max_size=256) | st.lists(SYNTAX, max_size=25).map("".join)


@pytest.fixture
def till() -> Iterator[FlaskClient]:
    """A till of a service over everyone, in Meilisearch."""
    made = MeilisearchIndex(
        SERVER.url, SERVER.search_key, SERVER.admin_key, index_name(), SEARCH, deadline=10, sleep=SERVER.sleep
    )
    with closing(made):
        fill(made, EVERYONE, SEARCH)
        yield app_of(made, PATIENT).test_client()


def status_of(till: FlaskClient, term: str) -> int:
    body = json.dumps({"search_term": term})
    return till.post("/customers/lookup", data=body, content_type="application/json").status_code


def test_hostile_terms_are_only_text(till: FlaskClient) -> None:
    assert {term: status_of(till, term) for term in HOSTILE} == dict.fromkeys(HOSTILE, 200)


def test_syntax_finds_nobody(till: FlaskClient) -> None:
    for term in ("*", "name:*", "* OR *", '"', '""', "-xqxqxq", "identifier EXISTS", "name != xqxqxq"):
        assert till.get("/customers/lookup", query_string={"search_term": term}).json == [], term


@FEW
@given(term=TERMS)
def test_any_text_is_a_term(till: FlaskClient, term: str) -> None:
    assert status_of(till, term) == (200 if len(term) <= 256 else 422)


@FEW
@given(identifier=TERMS.filter(bool))
def test_any_text_is_an_identifier(till: FlaskClient, identifier: str) -> None:
    path = "/customers/" + identifier.encode("utf-8", "surrogatepass").decode("latin-1")
    answer = till.get("/customers/", environ_overrides={"PATH_INFO": path})
    assert answer.status_code in ({200} if identifier == "C-10024" else {404, 422})
