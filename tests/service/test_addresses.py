"""Addresses as tills send them: encoded, as typed, or in an older encoding; against the real server."""

import json

import pytest

from tests.people import SOREN
from tests.service.running import Running


def asks_raw(server: Running, address: bytes) -> tuple[bytes, bytes]:
    """Status and body of what is answered to an address that is sent as it is."""
    answer = server.says_to(b"GET " + address + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.split()[1], body


@pytest.mark.parametrize("term", ["søren", "s%C3%B8ren", "søren+hansen", "hansen%20søren"])
def test_a_term_that_is_sent_as_it_was_typed_is_searched_for(server: Running, term: str) -> None:
    status, body = asks_raw(server, f"/customers/lookup?search_term={term}".encode())
    assert (status, json.loads(body)[0]["name"]) == (b"200", SOREN.name)


@pytest.mark.parametrize("term", [b"s\xf8ren", b"s%F8ren", b"\xc3", b"%ED%A0%80"])
def test_a_term_that_is_not_utf_8_is_named(server: Running, term: bytes) -> None:
    status, body = asks_raw(server, b"/customers/lookup?butik=K%F8ge&search_term=" + term)
    assert (status, json.loads(body)["errors"][0]["field"]) == (b"422", "search_term")


def test_what_else_is_not_utf_8_is_not_looked_at(server: Running) -> None:
    assert asks_raw(server, b"/customers/lookup?butik=K%F8ge&by=\xf8&search_term=lars")[0] == b"200"
    assert asks_raw(server, b"/customers/\xf8\xc3\xb8")[0] == b"404"
    assert asks_raw(server, "/customers/ø?by=ø".encode())[0] == b"404"
