"""What the POS asks, and what it gets."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from customers.customer import Customer
from index.tantivy_engine import TantivyIndex
from service.settings import ServiceSettings
from tests.people import ANNE_MARIE, BAKERY, LARS, SOREN
from tests.service.desk import app_of, indexed

SOREN_IN_KRONER = {
    "identifier": "C-10023",
    "name": "Søren Kjær Hansen",
    "phone": "+45 12 34 56 78",
    "street": "Nygade 12",
    "city": "Aarhus",
    "postal_code": "8000",
    "country": "Danmark",
    "country_code": "dk",
    "email": "soren.kjaer@example.dk",
    "additional_info": "Kun mod faktura",
    "organization_number": "DK87654321",
    "block_sales": False,
    "balance": -500.1,
    "balance_overdue": -300,
    "credit_limit": 1000,
}


def one(answer: TestResponse) -> dict[str, Any]:
    """The only customer of an answer."""
    assert answer.json is not None
    assert len(answer.json) == 1
    return dict(answer.json[0])


def test_a_whole_customer_is_answered_as_the_pos_knows_it(client: FlaskClient) -> None:
    answer = client.get("/customers/lookup", query_string={"search_term": "C-10023"})
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.json == [SOREN_IN_KRONER]


def test_post_answers_the_same(client: FlaskClient) -> None:
    answer = client.post("/customers/lookup", json={"search_term": "C-10023", "currency_code": "dkk"})
    assert answer.json == [SOREN_IN_KRONER]


def test_missing_fields_are_left_out(client: FlaskClient) -> None:
    anne_marie = one(client.get("/customers/lookup?search_term=C-10026"))
    assert set(anne_marie) == {"identifier", "name", "phone", "city", "country_code"}


def test_a_country_code_is_written_as_the_pos_writes_it(tmp_path: Path) -> None:
    """Most databases have them in capitals."""
    with closing(indexed(tmp_path / "index", [replace(LARS, country_code="DK")])) as index:
        client = app_of(index, ServiceSettings()).test_client()
        assert one(client.get(f"/customers/lookup?search_term={LARS.identifier}"))["country_code"] == "dk"


def test_amounts_are_those_of_the_asked_currency_only(client: FlaskClient) -> None:
    in_euro = one(client.get("/customers/lookup?search_term=C-10023&currency_code=EUR"))
    assert in_euro["balance"] == 0.1
    assert "balance_overdue" not in in_euro
    in_krona = one(client.get("/customers/lookup?search_term=C-10023&currency_code=SEK"))
    assert not {"balance", "balance_overdue", "credit_limit"} & set(in_krona)


def test_without_a_default_currency_there_are_no_amounts_unless_asked(index: TantivyIndex) -> None:
    client = app_of(index, ServiceSettings()).test_client()
    unasked = one(client.get("/customers/lookup?search_term=C-10023"))
    asked = one(client.get("/customers/lookup?search_term=C-10023&currency_code=DKK"))
    assert "balance" not in unasked
    assert asked["balance"] == -500.1


def test_the_older_form_of_a_balance(index: TantivyIndex) -> None:
    client = app_of(index, ServiceSettings(default_currency="DKK", balance_shape="object")).test_client()
    customer = client.get("/customers/C-10023").json or {}
    assert customer["balance"] == {"identifier": "C-10023", "balance": -500.1}
    assert customer["balance_overdue"] == -300


@pytest.mark.parametrize("term", ["", "   ", "…", "xyzzyxyzzy"])
def test_nobody_is_an_empty_array(client: FlaskClient, term: str) -> None:
    answer = client.get("/customers/lookup", query_string={"search_term": term})
    assert (answer.status_code, answer.json) == (200, [])


@pytest.mark.parametrize(
    ("limit", "answered"), [("0", 1), ("-5", 1), ("1", 1), ("2", 2), ("100000", 2), ("9" * 99, 2)]
)
def test_limit_is_brought_into_its_bounds(client: FlaskClient, limit: str, answered: int) -> None:
    answer = client.get("/customers/lookup", query_string={"search_term": "hansen", "limit": limit})
    assert len(answer.json or ()) == answered


def test_an_answer_has_a_hundred_customers_at_most(tmp_path: Path) -> None:
    many = [Customer(f"C-{number}", f"Ida {number} Olsen") for number in range(120)]
    client = app_of(indexed(tmp_path, many)).test_client()
    for limit, answered in (("99", 99), ("100", 100), ("120", 100)):
        found = client.get("/customers/lookup", query_string={"search_term": "olsen", "limit": limit}).json
        assert len(found or ()) == answered


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "search_term"),
        ({"search_term": "x" * 257}, "search_term"),
        ({"search_term": ["a", "b"]}, "search_term"),
        ({"search_term": "a", "currency_code": "kr"}, "currency_code"),
        ({"search_term": "a", "currency_code": "DKK\n"}, "currency_code"),
        ({"search_term": "a", "currency_code": "ÆØÅ"}, "currency_code"),
        ({"search_term": "a", "currency_code": ""}, "currency_code"),
        ({"search_term": "a", "limit": "many"}, "limit"),
        ({"search_term": "a", "limit": "1_0"}, "limit"),
        ({"search_term": "a", "limit": "9" * 5000}, "limit"),
    ],
)
def test_a_wrong_parameter_is_named(client: FlaskClient, asked: dict[str, Any], field: str) -> None:
    answer = client.get("/customers/lookup", query_string=asked)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert [error["field"] for error in (answer.json or {})["errors"]] == [field]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "body"),
        ({"search_term": None}, "search_term"),
        ({"search_term": 12345678}, "search_term"),
        ({"search_term": "a", "limit": True}, "limit"),
        ({"search_term": "a", "limit": "5"}, "limit"),
        ({"search_term": "a", "limit": 1.5}, "limit"),
        ({"search_term": "a", "currency_code": 208}, "currency_code"),
    ],
)
def test_a_wrong_member_of_a_body_is_named(client: FlaskClient, body: object, field: str) -> None:
    answer = client.post("/customers/lookup", json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in (answer.json or {})["errors"]] == [field]


def test_a_body_that_is_no_object_is_named(client: FlaskClient) -> None:
    answer = client.post("/customers/lookup", data="null", content_type="application/json")
    assert (answer.status_code, (answer.json or {})["errors"][0]["field"]) == (422, "body")


def test_null_in_a_body_is_as_if_left_out(client: FlaskClient) -> None:
    asked = {"search_term": "C-10023", "currency_code": None, "limit": None}
    answer = client.post("/customers/lookup", json=asked)
    assert (answer.status_code, answer.json) == (200, [SOREN_IN_KRONER])


def test_what_we_do_not_know_is_no_error(client: FlaskClient) -> None:
    asked = {"search_term": "lars", "shop": "Nygade", "limit": 5.0}
    assert client.post("/customers/lookup", json=asked).status_code == 200
    assert client.get("/customers/lookup?search_term=lars&shop=Nygade").status_code == 200


@pytest.mark.parametrize("name", ["search_term", "limit", "currency_code"])
def test_a_field_that_is_in_the_body_twice_is_a_guess(client: FlaskClient, name: str) -> None:
    body = f'{{"search_term": "lars", "{name}": null, "{name}": null}}'
    answer = client.post("/customers/lookup", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert (answer.json or {})["errors"] == [{"field": name, "detail": "given twice"}]


def test_what_else_is_in_the_body_twice_is_not_looked_at(client: FlaskClient) -> None:
    body = '{"search_term": "C-10023", "till": {"limit": 1, "limit": 2}, "clerk": 1, "clerk": 2}'
    answer = client.post("/customers/lookup", data=body, content_type="application/json")
    assert one(answer)["identifier"] == SOREN.identifier


def test_one_customer_by_identifier(client: FlaskClient) -> None:
    answer = client.get("/customers/C-10023?currency_code=DKK")
    assert answer.json == SOREN_IN_KRONER
    missing = client.get("/customers/C-99999")
    assert (missing.status_code, missing.content_type) == (404, "application/problem+json")


AWKWARD = [
    "a/b",
    "a//b",
    "../a",
    "a b",
    "a?b",
    "a#b",
    "50%",
    "æ/ø",
    ".",
    "a\nb",
    "a\x00b",
    "+",
    "a;b",
    " a ",
    "%2F",
]


@pytest.fixture(scope="module")
def awkward_client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Customers whose identifiers need percent-encoding."""
    customers = [Customer(identifier, name="Awkward Customer") for identifier in AWKWARD]
    return app_of(indexed(tmp_path_factory.mktemp("awkward"), customers)).test_client()


@pytest.mark.parametrize("identifier", AWKWARD)
def test_an_identifier_is_any_text(awkward_client: FlaskClient, identifier: str) -> None:
    encoded = "".join(f"%{byte:02X}" for byte in identifier.encode())
    answer = awkward_client.get(f"/customers/{encoded}")
    assert (answer.json or {}).get("identifier") == identifier


def test_an_identifier_without_a_letter_or_digit_is_found_by_a_lookup(awkward_client: FlaskClient) -> None:
    assert one(awkward_client.get("/customers/lookup?search_term=.")) == {
        "identifier": ".",
        "name": "Awkward Customer",
    }
    assert awkward_client.get("/customers/lookup?search_term=..").json == []


def test_order_is_that_of_the_index(client: FlaskClient) -> None:
    found = client.get("/customers/lookup?search_term=lars hansen").json or []
    assert found[0]["identifier"] == LARS.identifier


def test_blocked_customers_say_so(client: FlaskClient) -> None:
    assert (client.get(f"/customers/{BAKERY.identifier}").json or {})["block_sales"] is True
    assert "block_sales" not in (client.get(f"/customers/{ANNE_MARIE.identifier}").json or {})


def test_headers_say_how_old_and_how_long(client: FlaskClient) -> None:
    headers = client.get(f"/customers/lookup?search_term={SOREN.identifier}").headers
    assert headers["X-Index-Synced-At"].endswith("Z")
    assert (headers["X-Balances"], headers["X-Balances-Age"]) == ("indexed", "0")
    assert [part.split(";")[0] for part in headers["Server-Timing"].split(", ")] == [
        "parse",
        "engine",
        "balances",
        "serialise",
    ]
