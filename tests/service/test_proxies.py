"""What proxies may tell us, and who else may not."""

from typing import TYPE_CHECKING

import pytest
from werkzeug.test import create_environ

from customers.errors import ConfigurationError
from index.tantivy_engine import TantivyIndex
from service.proxies import Proxies
from service.settings import ServiceSettings
from tests.service.desk import KEY, app_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

URL = "/customers/lookup?search_term=lars"
STRANGER = "203.0.113.7"


@pytest.mark.parametrize(
    ("peer", "forwarded"),
    [
        ("127.0.0.1", STRANGER),
        ("127.0.0.1", f"198.51.100.1, {STRANGER}"),
        ("127.0.0.1", f"127.0.0.1, {STRANGER}"),
        ("127.0.0.1", f"{STRANGER}, 127.0.0.2"),
        (STRANGER, "127.0.0.1"),
    ],
)
def test_only_a_trusted_proxy_says_who_the_client_is(index: TantivyIndex, peer: str, forwarded: str) -> None:
    """Whom wrong keys are counted against shows whom the service takes a request to be from."""
    settings = ServiceSettings(api_keys=(KEY,), trusted_proxies=("127.0.0.0/8",))
    client = app_of(index, settings).test_client()
    wrong = {"X-API-Key": "guess"}
    for _ in range(10):
        headers = {**wrong, "X-Forwarded-For": forwarded}
        assert (
            "Retry-After" not in client.get(URL, headers=headers, environ_base={"REMOTE_ADDR": peer}).headers
        )
    assert "Retry-After" in client.get(URL, headers=wrong, environ_base={"REMOTE_ADDR": STRANGER}).headers


@pytest.mark.parametrize("trusted", ["10.0.0.0/8", "::ffff:10.0.0.0/104"])
def test_a_proxy_whose_address_is_written_as_ipv6_is_trusted_by_its_network(
    index: TantivyIndex, trusted: str
) -> None:
    """A socket for both kinds of addresses names it so."""
    settings = ServiceSettings(api_keys=(KEY,), trusted_proxies=(trusted,))
    client = app_of(index, settings).test_client()
    answers = [
        client.get(
            URL,
            headers={"X-API-Key": "guess", "X-Forwarded-For": f"203.0.113.{last}, ::ffff:10.1.1.1"},
            environ_base={"REMOTE_ADDR": "::ffff:10.2.2.2"},
        )
        for last in range(11)
    ]
    assert not any("Retry-After" in answer.headers for answer in answers)


def test_without_trusted_proxies_the_header_names_nobody(index: TantivyIndex) -> None:
    """Each wrong key counts against the peer, whatever address it claims to come from."""
    client = app_of(index, ServiceSettings(api_keys=(KEY,))).test_client()
    answers = [
        client.get(URL, headers={"X-API-Key": "guess", "X-Forwarded-For": f"203.0.113.{last}"})
        for last in range(11)
    ]
    assert "Retry-After" in answers[-1].headers


@pytest.mark.parametrize("trusted", [(), ("127.0.0.1",)])
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Forwarded-For", "203.0.113.7"),
        ("X-Forwarded-For", "203.0.113.7:51234"),
        ("X-Forwarded-For", "[2001:db8::1]:443"),
        ("X-Forwarded-For", "unknown"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-Host", "localhost"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Server", "proxy.example"),
        ("Forwarded", "for=203.0.113.7"),
        ("X-Real-IP", "203.0.113.7"),
        ("Via", "1.1 proxy.example"),
    ],
)
def test_without_keys_what_any_proxy_passes_on_is_refused(
    index: TantivyIndex, trusted: tuple[str, ...], header: str, value: str
) -> None:
    """It may be on this machine and put 127.0.0.1 as the Host, as Apache does, for anyone who asks it."""
    client = app_of(index, ServiceSettings(trusted_proxies=trusted)).test_client()
    assert client.get(URL, headers={header: value}).status_code == 401


@pytest.mark.parametrize(
    "form",
    [
        "203.0.113.{}:51234",
        "[2001:db8:{}::1]:443",
        "[2001:db8:{}::1]",
        "2001:db8:{}::1",
        "203.0.113.{}, 127.0.0.1:443",
    ],
)
def test_a_client_is_known_by_its_address_however_the_proxy_writes_it(index: TantivyIndex, form: str) -> None:
    """Each wrong key counts against the client: the proxy's address would slow everybody's mistakes."""
    settings = ServiceSettings(api_keys=(KEY,), trusted_proxies=("127.0.0.1",))
    client = app_of(index, settings).test_client()

    def wrong(forwarded: str) -> bool:
        answer = client.get(URL, headers={"X-API-Key": "guess", "X-Forwarded-For": forwarded})
        return "Retry-After" in answer.headers

    assert not any(wrong(form.format(number)) for number in range(1, 12))
    assert [wrong(form.format(99)) for _ in range(11)] == [False] * 10 + [True]


def test_what_is_no_address_leaves_the_proxy_that_wrote_it(index: TantivyIndex) -> None:
    """Whatever stands before it is only claimed."""
    settings = ServiceSettings(api_keys=(KEY,), trusted_proxies=("127.0.0.1",))
    client = app_of(index, settings).test_client()
    answers = [
        client.get(URL, headers={"X-API-Key": "guess", "X-Forwarded-For": f"203.0.113.{last}, unknown"})
        for last in range(11)
    ]
    assert "Retry-After" in answers[-1].headers


def passed_on(peer: str, headers: dict[str, str]) -> "WSGIEnvironment":
    """What the application gets of a request of `peer`, where 10.0.0.0/8 is trusted."""
    passed: list[WSGIEnvironment] = []

    def application(environ: "WSGIEnvironment", _start: "StartResponse") -> list[bytes]:
        passed.append(environ)
        return []

    environ = create_environ("/", "http://till.local/", headers=headers)
    Proxies(application, ["10.0.0.0/8"], "")({**environ, "REMOTE_ADDR": peer}, lambda *_: lambda _: None)
    return passed[0]


@pytest.mark.parametrize(
    ("peer", "seen"),
    [("10.0.0.1", ("pos.example", "https", "203.0.113.9")), (STRANGER, ("till.local", "http", STRANGER))],
)
def test_only_a_trusted_proxy_says_what_was_asked_for(peer: str, seen: tuple[str, str, str]) -> None:
    """The host, the scheme and the client of the last proxy: whatever stands before is only claimed."""
    headers = {
        "X-Forwarded-For": "198.51.100.1, 203.0.113.9",
        "X-Forwarded-Host": "evil.example, pos.example",
        "X-Forwarded-Proto": "http, https",
    }
    found = passed_on(peer, headers)
    assert (found["HTTP_HOST"], found["wsgi.url_scheme"], found["REMOTE_ADDR"]) == seen
    assert not [name for name in found if name.startswith("HTTP_X_FORWARDED")]


def test_a_trusted_proxy_that_says_nothing_of_use_leaves_what_was_asked_for() -> None:
    found = passed_on("10.0.0.1", {"X-Forwarded-Proto": "gopher"})
    assert (found["HTTP_HOST"], found["wsgi.url_scheme"]) == ("till.local", "http")


@pytest.mark.parametrize("path", ["/till/customers/lookup?search_term=lars", URL])
def test_a_path_prefix_that_the_proxy_strips_or_not(index: TantivyIndex, path: str) -> None:
    client = app_of(index, ServiceSettings(path_prefix="/till/")).test_client()
    assert client.get(path).status_code == 200
    assert client.get(f"/till{path[1:]}").status_code == 404, "it ends where a part of the path does"
    for page in ("/till/", "/till", "/"):
        assert b'href="/till/static/pages.css"' in client.get(page).data


@pytest.mark.parametrize("wrong", [{"trusted_proxies": ("proxy",)}, {"path_prefix": "till"}])
def test_wrong_settings_are_named(index: TantivyIndex, wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=rf"\[service\] {next(iter(wrong))}"):
        app_of(index, ServiceSettings(**wrong))  # type: ignore[arg-type]
