"""The service documents itself, and is as it says."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.tantivy_engine import TantivyIndex
from service.server import HttpServer
from service.settings import ServiceSettings
from tests.service.desk import KEY, app_of

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
    assert set(lookup) == {"200", "400", "401", "422", "429", "431", "503"}
    assert "X-Index-Synced-At" in lookup["200"]["headers"]
    assert lookup["200"]["content"]["application/json"]["example"][0]["identifier"]
    assert all("Retry-After" in lookup[status]["headers"] for status in ("401", "429", "503"))
    assert all("X-Request-Id" in response["headers"] for response in lookup.values())
    assert set(lookup["422"]["content"]) == {"application/problem+json"}


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
