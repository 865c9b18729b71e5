"""The service documents itself, and is as it says."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from waitress.utilities import Error

from index.tantivy_engine import TantivyIndex
from service.server import HttpServer
from service.settings import ServiceSettings
from tests.service.desk import KEY, app_of, client_with

SETTINGS = ServiceSettings(port=0, api_keys=(KEY,), default_currency="DKK")


@pytest.fixture
def url(index: TantivyIndex) -> Iterator[str]:
    """A running server."""
    server = HttpServer(app_of(index, SETTINGS), SETTINGS)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()
    thread.join()


def test_every_endpoint_does_what_it_says(url: str, tmp_path: Path) -> None:
    """Schemathesis with all its checks: examples, edge cases, random and chained requests. Its seed is fixed,
    so that a failure is one of ours and not one of chance."""
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{url}/openapi.json"]
    options = ["--checks=all", "--max-examples=10", "--seed=1", f"--header=X-API-Key: {KEY}", "--no-color"]
    run = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert "7 selected / 7 total" in run.stdout


def test_every_endpoint_is_documented_with_its_errors(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json or {}
    assert document["openapi"].startswith("3.1")
    assert {"/customers/lookup", "/customers/{identifier}", "/health/ready", "/metrics"} <= set(
        document["paths"]
    )
    lookup = document["paths"]["/customers/lookup"]["get"]["responses"]
    assert set(lookup) == {"200", "400", "401", "413", "422", "429", "431", "500", "501", "503"}
    assert "X-Index-Synced-At" in lookup["200"]["headers"]
    assert lookup["200"]["content"]["application/json"]["example"][0]["identifier"]
    assert all("Retry-After" in lookup[status]["headers"] for status in ("401", "429", "503"))
    assert all("X-Request-Id" in response["headers"] for response in lookup.values())
    assert set(lookup["422"]["content"]) == {"application/problem+json"}


def test_the_headers_of_a_lookup_are_documented(client: FlaskClient) -> None:
    """All that it has beside those of any answer."""
    document = client.get("/openapi.json").json or {}
    of_any = set(client.get("/health/live").headers.keys()) - {"X-Request-Id"}
    for path, asked in (("/customers/lookup", "?search_term=lars"), ("/customers/{identifier}", "")):
        sent = set(client.get(path.format(identifier="C-10023") + asked).headers.keys())
        assert set(document["paths"][path]["get"]["responses"]["200"]["headers"]) == sent - of_any


def test_each_way_to_send_a_key_is_documented(index: TantivyIndex, client: FlaskClient) -> None:
    ways: list[dict[str, list[str]]] = [{"header": []}, {"bearer": []}, {"basic": []}]
    assert (client.get("/openapi.json").json or {})["security"] == ways
    document = client_with(index, KEY, allow_query_key=True).get("/openapi.json").json or {}
    assert document["security"] == [*ways, {"query": []}]
    query = document["components"]["securitySchemes"]["query"]
    assert query == {"type": "apiKey", "in": "query", "name": "apikey"}


def kinds_of(error: type[Error]) -> set[type[Error]]:
    """It is itself one."""
    return {error}.union(*(kinds_of(kind) for kind in error.__subclasses__()))


def test_what_the_server_refuses_is_documented_wherever_it_may_be_asked(client: FlaskClient) -> None:
    """All that waitress, or the line, can turn a request away with."""
    refusals = {str(kind.code) for kind in kinds_of(Error)}
    assert {"400", "413", "431", "500", "501", "503"} == refusals
    for path, operations in (client.get("/openapi.json").json or {})["paths"].items():
        for method in {"get", "post"} & set(operations):
            responses = operations[method]["responses"]
            assert refusals <= set(responses), (method, path)
            for status in refusals:
                assert "application/problem+json" in responses[status]["content"], (method, path, status)
                assert responses[status]["description"]
            assert "Retry-After" in responses["503"]["headers"], (method, path)


def test_ready_says_503_in_two_shapes(client: FlaskClient) -> None:
    """Of its own, or that of any refusal."""
    responses = (client.get("/openapi.json").json or {})["paths"]["/health/ready"]["get"]["responses"]
    shapes = {kind: content["schema"]["$ref"] for kind, content in responses["503"]["content"].items()}
    assert shapes == {
        "application/json": "#/components/schemas/Ready",
        "application/problem+json": "#/components/schemas/Problem",
    }


def test_every_shape_that_is_documented_is_one_of_ours(client: FlaskClient) -> None:
    text = client.get("/openapi.json").text
    names = json.loads(text)["components"]["schemas"]
    assert {name for name in names if f'"#/components/schemas/{name}"' not in text} == set()
    assert not {"Error", "PaginationMetadata"} & set(names)


def test_what_ready_tells_strangers_of_a_job_is_documented(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json or {}
    schemas = document["components"]["schemas"]
    assert schemas["Ready"]["properties"]["jobs"]["items"] == {"$ref": "#/components/schemas/JobHealth"}
    assert set(schemas["JobHealth"]["properties"]) == {
        "job",
        "last_success_at",
        "last_error_at",
        "last_failed",
    }
    assert schemas["Status"]["properties"]["jobs"]["items"] == {"$ref": "#/components/schemas/Job"}
    assert "last_error" in schemas["Job"]["properties"]


def test_null_is_documented_where_it_is_taken(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json or {}
    body = document["components"]["schemas"]["LookupBody"]["properties"]
    types = {name: shape["type"] for name, shape in body.items()}
    assert types == {
        "search_term": "string",
        "currency_code": ["string", "null"],
        "limit": ["integer", "null"],
    }
    query = document["paths"]["/customers/lookup"]["get"]["parameters"]
    assert {shape["name"]: shape["schema"]["type"] for shape in query} == {
        "search_term": "string",
        "currency_code": "string",
        "limit": "integer",
    }


def test_the_docs_page_needs_no_internet(client: FlaskClient) -> None:
    page = client.get("/docs").text
    assert "/customers/lookup" in page
    assert "http://" not in page
    assert "https://" not in page


def test_it_says_where_a_proxy_puts_it(index: TantivyIndex, client: FlaskClient) -> None:
    behind = app_of(index, ServiceSettings(path_prefix="/customers-api/")).test_client()
    document = behind.get("/customers-api/openapi.json").json or {}
    assert document["servers"] == [{"url": "/customers-api"}]
    assert "servers" not in (client.get("/openapi.json").json or {})
