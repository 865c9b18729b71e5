"""Requests whose reading took seconds, in which nobody else was answered; against the real server."""

import time

import pytest

from service.listening import adjustments
from service.reading import Parser
from service.settings import ServiceSettings
from tests.service.quickness import quickest
from tests.service.running import Running

MOST = 16_000
FREEZING = {
    "too large, with a blank origin": b"GET / HTTP/1.1\r\nOrigin:" + b" " * 60_000 + b"\x01" + b"x" * 5_000,
    "address without an end": b"GET http://" + b"1" * MOST + b" x\r\n\r\n",
    "address of another version": b"GET a://" + b"1" * MOST + b" HTTP/1.x\r\n\r\n",
    "blanks before nothing legible": b"GET / HTTP/1.1\r\nX:" + b" " * MOST + b"\x01\r\n\r\n",
    "blanks before a value": b"GET / HTTP/1.1\r\nConnection:" + b" " * MOST + b"close\r\n\r\n",
    "tabs before a value": b"GET / HTTP/1.1\r\nConnection:" + b"\t" * MOST + b"close\r\n\r\n",
    "a folded line": b"GET / HTTP/1.1\r\nX:\r\n" + b" " * MOST + b"close\r\n\r\n",
}


@pytest.mark.parametrize("sent", FREEZING.values(), ids=FREEZING)
def test_no_request_takes_long_to_read(server: Running, sent: bytes) -> None:
    def ask() -> None:
        assert server.says_to(sent).split()[1] in {b"200", b"400", b"431"}

    assert quickest(ask, 0.2) < 0.2


@pytest.mark.parametrize("sent", [b"x\r\n\r\n", b"\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"])
def test_many_requests_at_once_do_not_take_long_to_read(server: Running, sent: bytes) -> None:
    def ask() -> None:
        with server.connect() as connection:
            connection.sendall((sent * 20_000)[:60_000])
            assert server.look_up().status_code == 200

    assert quickest(ask, 0.5) < 0.5


def test_blanks_around_a_value_are_not_part_of_it(server: Running) -> None:
    sent = b"GET /health/live HTTP/1.1\r\nX-Request-Id: \t till-7 \t \r\nConnection:  close\r\n\r\n"
    assert b"X-Request-Id: till-7\r\n" in server.says_to(sent)


def test_a_folded_header_is_refused(server: Running) -> None:
    """What it belongs to is read in more than one way (RFC 9112, 5.2)."""
    assert server.says_to(b"GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n").split()[1] == b"400"


BODY = b"16\r\n" + b'{"search_term":"lars"}' + b"\r\n0\r\n\r\n"
POSTS = b"POST /customers/lookup HTTP/%b\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    "head",
    [
        POSTS % b"1.1" + b"Content-Length: 22\r\n",
        POSTS % b"1.0" + b"Connection: keep-alive\r\nContent-Length: 22\r\n",
    ],
)
def test_what_follows_a_body_of_two_lengths_is_not_read(server: Running, head: bytes) -> None:
    """Somebody before us may have taken it for a part of the body (RFC 9112, 6.1)."""
    answer = server.says_to(head + b"\r\n" + BODY + b"GET /health/live HTTP/1.1\r\n\r\n")
    assert answer.count(b"HTTP/1.") == 1
    assert b"Connection: close\r\n" in answer


@pytest.mark.parametrize(
    "address", [b"http://stranger.example", b"http://stranger.example?a=b", b"?a=b", b"*"]
)
def test_an_address_without_a_path_is_nowhere(server: Running, address: bytes) -> None:
    """It was sent on to an address of the client's own making."""
    sent = b"GET " + address + b" HTTP/1.1\r\nHost: stranger.example\r\nConnection: close\r\n\r\n"
    answer = server.says_to(sent)
    assert answer.split()[1] == b"404"
    assert b"Content-Type: application/problem+json" in answer
    assert b"stranger" not in answer


EXPECTING = b"GET /health/live HTTP/1.1\r\nX-Request-Id: %b\r\nExpect: 100-continue\r\n"


@pytest.mark.parametrize(
    ("head", "status"),
    [(b"", b"200"), (b"Content-Length: 0\r\n", b"200"), (b"Content-Length: 99999\r\n", b"413")],
)
def test_who_has_nothing_more_to_send_is_answered_at_once(
    server: Running, head: bytes, status: bytes
) -> None:
    """Nobody tells it to go on and then waits for what never comes."""
    started = time.monotonic()
    answer = server.says_to(EXPECTING % b"till-8" + head + b"Connection: close\r\n\r\n")
    assert answer.split()[1] == status
    assert time.monotonic() - started < 5


def test_who_waits_to_send_a_body_is_told_to_go_on(server: Running) -> None:
    head = b"Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 22\r\n"
    with server.connect() as connection:
        expecting = head + b"Connection: close\r\nExpect: 100-continue\r\n\r\n"
        connection.sendall(b"POST /customers/lookup HTTP/1.1\r\n" + expecting)
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b'{"search_term":"lars"}')
        assert connection.recv(65536).split()[1] == b"200"


def test_no_header_of_one_request_is_another_ones(server: Running) -> None:
    """The key of the one before opened for a request that had none."""
    second = b"GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n"
    with server.connect() as connection:
        connection.sendall(EXPECTING % b"till-9" + b"\r\n")
        answers = connection.recv(65536)
        connection.sendall(second)
        answers += b"".join(iter(lambda: connection.recv(65536), b""))
    assert answers.count(b"HTTP/1.1 200 OK") == 2
    assert answers.count(b"X-Request-Id: till-9\r\n") == 1


def test_a_parser_keeps_no_header_of_what_it_read_before() -> None:
    parser = Parser(adjustments(ServiceSettings()))
    parser.parse_header(b"GET / HTTP/1.1\r\nX-API-Key: of-the-first\r\nExpect: 100-continue\r\n\r\n")
    parser.parse_header(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert parser.headers == {"HOST": "localhost"}


MOST_BODY = 16 * 1024


def in_chunks(size: int, of: int, extension: bytes = b"") -> bytes:
    """A body that is sent in chunks."""
    whole, rest = divmod(size, of)
    chunks = [of] * whole + [rest] * bool(rest)
    framed = b"".join(b"%x%b\r\n%b\r\n" % (each, extension, b"a" * each) for each in chunks)
    return framed + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (in_chunks(MOST_BODY - 1, of=MOST_BODY), b"400"),
        (in_chunks(MOST_BODY, of=MOST_BODY), b"400"),
        (in_chunks(MOST_BODY, of=16), b"400"),
        (in_chunks(MOST_BODY + 1, of=MOST_BODY), b"413"),
        (in_chunks(MOST_BODY + 1, of=4096), b"413"),
        (in_chunks(1000, of=1, extension=b";name=value"), b"400"),
        (in_chunks(1000, of=1, extension=b";name=" + b"v" * 21), b"413"),
        (in_chunks(10, of=10)[:-2] + b"Trailer: x\r\n" * 2800 + b"\r\n", b"413"),
    ],
)
def test_a_body_in_chunks_may_be_as_large_as_any(server: Running, body: bytes, status: bytes) -> None:
    """400 since it is no JSON. What the chunks are framed by has a bound of its own."""
    head = b"POST /customers/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    sent = head + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    assert server.says_to(sent).split()[1] == status


def test_a_body_in_chunks_that_nobody_needs_is_bounded_too(server: Running) -> None:
    head = b"GET /health/live HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert server.says_to(head + in_chunks(MOST_BODY, of=4096)).split()[1] == b"200"
    assert server.says_to(head + in_chunks(MOST_BODY + 1, of=4096)).split()[1] == b"413"


@pytest.mark.parametrize(
    "head",
    [
        b"Transfer-Encoding: ,\r\nContent-Length: 22\r\n",
        b"Transfer-Encoding:\r\nContent-Length: 22\r\n",
        b"Content-Length: 22\r\ntransfer-encoding: \t\r\n",
        b"Content-Length: 22\r\nTransfer-Encoding: ,,\r\n",
    ],
)
def test_a_transfer_encoding_that_says_nothing_ends_the_connection_too(server: Running, head: bytes) -> None:
    """Somebody before us may have read something from it."""
    posted = b"POST /customers/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    answer = server.says_to(
        posted + head + b"\r\n" + b'{"search_term":"lars"}' + b"GET /health/live HTTP/1.1\r\n\r\n"
    )
    assert answer.split()[1] == b"200"
    assert answer.count(b"HTTP/1.") == 1
    assert b"Connection: close\r\n" in answer
