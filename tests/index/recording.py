"""How exchanges with Meilisearch are recorded, and what a request must have in common with a recorded one.

All but the port, which keys there are, and the bytes that the compression makes.
"""

import gzip
from typing import Any

from vcr.cassette import Cassette
from vcr.request import Request

from tests.index.meilisearch_server import REPLAYED_URL

_GZIP = b"\x1f\x8b"
# The headers that tell the server how to read a request, and how to answer it.
_KEPT = ("Accept-Encoding", "Content-Encoding", "Content-Type")


def configuration() -> dict[str, Any]:
    """For vcr."""
    return {
        "match_on": ["method", "path", "query", "headers", "raw_body"],
        "before_record_request": _plain_request,
        "before_record_response": _plain_response,
        "decode_compressed_response": True,
    }


def check_played(cassette: Cassette) -> None:
    """Raise AssertionError where a replayed test did not ask for all that was recorded, in the same order:
    vcr itself answers whatever fits, whenever it comes."""
    requests = [f"{number} {one.method} {one.path}" for number, one in enumerate(cassette.requests)]
    played = [requests[number] for number in cassette.play_counts]
    assert played == requests, "what was asked for, and in which order, is not what was recorded"


def _plain_request(request: Request) -> Request:
    """The body as it was before it was compressed, and that there is a key, but not which. vcr calls this for
    what is plain already, too."""
    body = request.body
    if request.headers.get("Content-Encoding") == "gzip" and body and body.startswith(_GZIP):
        request.body = gzip.decompress(body)
    request.uri = REPLAYED_URL + request.uri.partition("//")[2].lstrip(":.0123456789")
    kept = {name: request.headers[name] for name in _KEPT if name in request.headers}
    if "Authorization" in request.headers:
        kept["Authorization"] = "a key"
    request.headers = kept
    return request


def _plain_response(response: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in response["headers"].items() if name.lower() == "content-type"}
    return {**response, "headers": kept}
