"""How exchanges with Meilisearch are recorded, and found again whatever the port, the keys and the
compression."""

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from vcr.request import Request

from tests.index.meilisearch_server import REPLAYED_URL, SERVER


@pytest.fixture(scope="session")
def vcr_config() -> dict[str, Any]:
    """How exchanges are recorded and found again: whatever the port, the keys and the compression were."""
    return {
        "match_on": ["method", "path", "query", "body"],
        "before_record_request": _plain_request,
        "before_record_response": _plain_response,
        "decode_compressed_response": True,
    }


@pytest.fixture(autouse=True)
def every_recorded_answer_was_asked_for(request: pytest.FixtureRequest) -> Iterator[None]:
    """A replayed test that asks for less than was recorded does something else than it did."""
    cassette = request.getfixturevalue("vcr") if request.node.get_closest_marker("vcr") else None
    yield
    if cassette is not None and not SERVER.is_real:
        left = [f"{played.method} {played.path}" for played in cassette.requests[cassette.play_count :]]
        assert cassette.all_played, f"recorded but not asked for: {left}"


def _plain_request(request: Request) -> Request:
    """No headers, since they hold the keys, and the body as it was before it was compressed."""
    if request.headers.get("Content-Encoding") == "gzip":
        request.body = gzip.decompress(request.body)
    request.uri = REPLAYED_URL + request.uri.partition("//")[2].lstrip(":.0123456789")
    request.headers = {}
    return request


def _plain_response(response: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in response["headers"].items() if name.lower() == "content-type"}
    return {**response, "headers": kept}
