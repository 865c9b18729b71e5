"""Who waits with whom; against the real server, and of any bytes that a stranger may send."""

import base64
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from index.tantivy_engine import TantivyIndex
from service.keyring import Keyring
from service.lanes import MOST_OTHERS
from service.listening import adjustments
from service.reading import Parser
from service.refusals import REFUSED
from service.settings import ServiceSettings
from service.tills import Tills
from tests.service.desk import KEY
from tests.service.running import answering

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOK_UP = "/customers/lookup?search_term=lars"
SETTINGS = ServiceSettings(api_keys=(KEY,), allow_query_key=True)


class Held:
    """Holds every answer to whoever sends `X-Held`, until `let_go`; a refusal at once is none. `holding` can
    be acquired once for each."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.holding = threading.Semaphore(0)

    def around(self, app: "WSGIApplication") -> "WSGIApplication":
        def held(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            if "HTTP_X_HELD" in environ and REFUSED not in environ:
                self.holding.release()
                self.let_go.wait(60)
            return app(environ, start_response)

        return held


@pytest.fixture
def held() -> Held:
    """For the strangers of one test."""
    return Held()


def crowd(
    stack: ExitStack, held: Held, address: tuple[str, int], path: str, head: str = ""
) -> list[socket.socket]:
    """More strangers than may wait, each of whom asks and is held until the block ends: a server that is to
    stop waits for them."""
    stack.callback(held.let_go.set)
    sent = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Held: yes\r\n{head}\r\n".encode()
    made = []
    for _ in range(MOST_OTHERS + 4):
        made.append(stack.enter_context(socket.create_connection(address, timeout=30)))
        made[-1].sendall(sent)
    return made


STRANGERS: list[tuple[str, str]] = [
    ("/docs", ""),
    ("/", ""),
    ("/static/pages.css", ""),
    ("/metrics", ""),
    (LOOK_UP, ""),
    (LOOK_UP, "X-API-Key: wrong\r\n"),
    ("/customers/C-10023", "Authorization: Bearer wrong\r\n"),
    ("/nothing", ""),
]


@pytest.mark.parametrize(("path", "head"), STRANGERS)
def test_a_till_waits_for_no_stranger_and_is_not_kept_out(
    index: TantivyIndex, held: Held, path: str, head: str
) -> None:
    with answering(index, held.around, api_keys=(KEY,), threads=2, queue=2) as address, ExitStack() as stack:
        strangers = crowd(stack, held, address, path, head)
        last = strangers[-1].recv(65536)
        assert last.split()[1] == b"503", "their own line is full"
        answers = [
            requests.get(f"http://127.0.0.1:{address[1]}{LOOK_UP}", headers={"X-API-Key": KEY}, timeout=30)
            for _ in range(3)
        ]
        assert [answer.status_code for answer in answers] == [200] * 3
        assert requests.get(f"http://127.0.0.1:{address[1]}/health/ready", timeout=30).status_code == 200
        held.let_go.set()
        assert strangers[0].recv(65536).split()[1] in {b"200", b"401", b"404"}


def test_where_no_key_is_needed_a_lookup_is_a_tills(index: TantivyIndex, held: Held) -> None:
    with answering(index, held.around, threads=2, queue=2) as address, ExitStack() as stack:
        crowd(stack, held, address, "/docs")
        answer = requests.get(f"http://127.0.0.1:{address[1]}{LOOK_UP}", timeout=30)
        assert answer.status_code == 200


def test_a_web_pos_is_let_ask_while_strangers_fill_their_line(index: TantivyIndex, held: Held) -> None:
    """A browser sends no key when it asks whether it may."""
    pos = "https://pos.example"
    with (
        answering(index, held.around, api_keys=(KEY,), cors_origins=(pos,)) as address,
        ExitStack() as stack,
    ):
        assert crowd(stack, held, address, "/docs")[-1].recv(65536).split()[1] == b"503"
        asks = {"Origin": pos, "Access-Control-Request-Method": "POST"}
        url = f"http://127.0.0.1:{address[1]}/customers/lookup"
        answer = requests.options(url, headers=asks, timeout=30)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, pos)


@pytest.mark.parametrize("path", ["/health/ready", "/till/health/ready"])
def test_health_is_answered_while_strangers_fill_their_line(
    index: TantivyIndex, held: Held, path: str
) -> None:
    with (
        answering(index, held.around, api_keys=(KEY,), path_prefix="/till/") as address,
        ExitStack() as stack,
    ):
        assert crowd(stack, held, address, "/docs")[-1].recv(65536).split()[1] == b"503"
        assert requests.get(f"http://127.0.0.1:{address[1]}{path}", timeout=30).status_code == 200


def basic(password: str) -> bytes:
    return base64.b64encode(f"Køge:{password}".encode("latin-1"))


def read(sent: bytes) -> Parser:
    """What the server has read of these bytes."""
    parser = Parser(adjustments(ServiceSettings()))
    parser.received(sent)
    return parser


@pytest.mark.parametrize(
    ("head", "is_tills"),
    [
        (b"GET / HTTP/1.1\r\nX-API-Key: %b" % KEY.encode(), True),
        (b"GET /docs HTTP/1.1\r\nauthorization: bearer  %b" % KEY.encode(), True),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999\r\nAuthorization: Basic %b" % basic(KEY), True),
        (b"GET /?a=b&apikey=%b HTTP/1.1" % KEY.replace("-", "%2D").encode(), True),
        (b"GET /?apikey=%b&apikey=x HTTP/1.1" % KEY.encode(), False),
        (b"GET /?xapikey=%b HTTP/1.1" % KEY.encode(), False),
        (b"GET /customers/lookup HTTP/1.1", False),
        (b"GET / HTTP/1.1\r\nX-API-Key: %b, x" % KEY.encode(), False),
        (b"GET / HTTP/1.1\r\nX-API-Key: x\r\nAuthorization: Bearer %b" % KEY.encode(), False),
        (b"GET / HTTP/1.1\r\nAuthorization: Basic !\xff", False),
        (b"GET / HTTP/1.1\r\nAuthorization: Basic %b" % basic("wrong"), False),
        (b"GET / HTTP/1.1\r\nX-API-Key: \xff\x80", False),
        (b"\x16\x03\x01", False),
    ],
)
def test_a_till_is_known_by_its_key(head: bytes, is_tills: bool) -> None:
    assert Tills(Keyring([KEY]), SETTINGS).sent(read(head + b"\r\n\r\n")) is is_tills


def test_a_key_in_the_query_counts_only_where_it_is_allowed() -> None:
    tills = Tills(Keyring([KEY]), ServiceSettings(api_keys=(KEY,)))
    assert not tills.sent(read(b"GET /?apikey=%b HTTP/1.1\r\n\r\n" % KEY.encode()))


@pytest.mark.parametrize(
    ("path", "is_tills"),
    [
        ("/customers/lookup", True),
        ("/customers/C-10023", True),
        ("/till/customers/lookup", True),
        ("/", False),
        ("/metrics", False),
        ("/customers", False),
    ],
)
def test_without_keys_a_till_is_known_by_its_address(path: str, is_tills: bool) -> None:
    tills = Tills(Keyring([]), ServiceSettings(path_prefix="/till/"))
    assert tills.sent(read(f"GET {path} HTTP/1.1\r\n\r\n".encode())) is is_tills


def test_keys_that_are_replaced_are_tills_from_the_next_request_on() -> None:
    keyring = Keyring([])
    tills = Tills(keyring, SETTINGS)
    keyring.replace([KEY])
    assert not tills.sent(read(b"GET /customers/lookup HTTP/1.1\r\n\r\n"))
    assert tills.sent(read(b"GET /customers/lookup HTTP/1.1\r\nX-API-Key: %b\r\n\r\n" % KEY.encode()))


HEADERS: list[Callable[[bytes], bytes]] = [
    lambda sent: sent,
    lambda sent: b"GET /?apikey=" + sent + b" HTTP/1.1\r\n\r\n",
    lambda sent: b"GET / HTTP/1.1\r\nX-API-Key: " + sent + b"\r\n\r\n",
    lambda sent: b"GET / HTTP/1.1\r\nAuthorization: Bearer " + sent + b"\r\n\r\n",
    lambda sent: b"GET / HTTP/1.1\r\nAuthorization: Basic " + sent + b"\r\n\r\n",
    lambda sent: b"GET / HTTP/1.1\r\nAuthorization: Basic " + base64.b64encode(sent) + b"\r\n\r\n",
]


@given(sent=st.binary(max_size=60), header=st.sampled_from(HEADERS))
def test_whatever_strangers_send_they_are_no_till(sent: bytes, header: Any) -> None:
    """The loop that reads all connections would fail otherwise."""
    assert Tills(Keyring([KEY]), SETTINGS).sent(read(header(sent))) is False
