"""A recording that does not fit what is sent fails, whatever it is that does not fit."""

import gzip
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests
import vcr
from vcr.errors import CannotOverwriteExistingCassetteException

from index.meilisearch_http import NDJSON, Client, Compressed
from tests.index.recording import check_played, configuration

DOCUMENT = b'{"lookup_id": "1"}\n'


class Answering(BaseHTTPRequestHandler):
    """Says yes to everything."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


def client(url: str = "http://127.0.0.1:7701", key: str | None = "another-key") -> Client:
    return Client(url, key, key_name="a key", timeout=10, patient=False)


def as_recorded(to: Client) -> None:
    to.http.post("indexes/shop/settings", {"a": 1})
    to.http.post("indexes/shop/documents", DOCUMENT, NDJSON)


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    """A recording of `as_recorded`."""
    file = tmp_path / "cassette.yaml"
    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    recorded = client(f"http://127.0.0.1:{server.server_port}", "a-secret-key")
    with vcr.VCR(**configuration()).use_cassette(str(file), record_mode="once"):
        as_recorded(recorded)
    recorded.close()
    server.shutdown()
    server.server_close()
    assert "secret" not in file.read_text(encoding="utf-8")
    return file


def replay(cassette: Path, send: Callable[[Client], None], by: Client | None = None) -> None:
    with vcr.VCR(**configuration()).use_cassette(str(cassette), record_mode="none") as played:
        send(by or client())
        check_played(played)


def test_the_same_fits_whatever_the_port_the_key_and_the_compression(cassette: Path) -> None:
    def send(to: Client) -> None:
        to.http.post("indexes/shop/settings", {"a": 1})
        to.http.post("indexes/shop/documents", gzipped(DOCUMENT), NDJSON)

    replay(cassette, as_recorded)
    replay(cassette, send)


def gzipped(content: bytes) -> Compressed:
    return Compressed(gzip.compress(content, 9))


def test_without_a_key_it_does_not_fit(cassette: Path) -> None:
    with pytest.raises(CannotOverwriteExistingCassetteException):
        replay(cassette, as_recorded, client(key=None))


def test_with_another_accepted_encoding_it_does_not_fit(cassette: Path) -> None:
    wrong = client()
    wrong.http.headers["Accept-Encoding"] = "gzip"
    with pytest.raises(CannotOverwriteExistingCassetteException):
        replay(cassette, as_recorded, wrong)


@pytest.mark.parametrize("kind", ["application/json", None])
def test_with_another_content_type_it_does_not_fit(cassette: Path, kind: str | None) -> None:
    def send(to: Client) -> None:
        to.http.post("indexes/shop/settings", {"a": 1})
        to.http.post("indexes/shop/documents", gzipped(DOCUMENT), kind)

    with pytest.raises(CannotOverwriteExistingCassetteException):
        replay(cassette, send)


def test_uncompressed_it_does_not_fit(cassette: Path) -> None:
    def send(to: Client) -> None:
        to.http.post("indexes/shop/settings", {"a": 1})
        headers = {**to.http.headers, "Content-Type": NDJSON}
        requests.post(f"{to.config.url}/indexes/shop/documents", DOCUMENT, headers=headers, timeout=1)

    with pytest.raises(CannotOverwriteExistingCassetteException):
        replay(cassette, send)


def test_in_another_order_it_does_not_fit(cassette: Path) -> None:
    def send(to: Client) -> None:
        to.http.post("indexes/shop/documents", DOCUMENT, NDJSON)
        to.http.post("indexes/shop/settings", {"a": 1})

    with pytest.raises(AssertionError, match="in which order"):
        replay(cassette, send)


def test_less_does_not_fit(cassette: Path) -> None:
    with pytest.raises(AssertionError, match="in which order"):
        replay(cassette, lambda to: to.http.post("indexes/shop/settings", {"a": 1}))
