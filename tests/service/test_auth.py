"""Who may ask."""

import base64
import hashlib
import hmac

import pytest
from flask.testing import FlaskClient

from customers.errors import ConfigurationError
from index.tantivy_engine import TantivyIndex
from service.app import keyring_of
from service.keyring import Keyring
from service.settings import ServiceSettings
from tests.service.desk import KEY, app_of, client_with

URL = "/customers/lookup?search_term=lars"


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"till:{password}".encode()).decode()


@pytest.mark.parametrize(
    "headers", [{"X-API-Key": KEY}, {"Authorization": f"Bearer {KEY}"}, {"Authorization": basic(KEY)}]
)
def test_a_right_key_opens_each_way(index: TantivyIndex, headers: dict[str, str]) -> None:
    assert client_with(index, KEY).get(URL, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-API-Key": ""},
        {"X-API-Key": "wrong"},
        {"X-API-Key": KEY + "x"},
        {"X-API-Key": KEY.upper()},
        {"X-API-Key": hashlib.sha256(KEY.encode()).hexdigest()},
        {"X-API-Key": "æ\udcff".encode("utf-8", "surrogateescape").decode("latin-1")},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer"},
        {"Authorization": KEY},
        {"Authorization": basic("wrong")},
        {"Authorization": "Basic not-base64"},
        {"Authorization": "Basic bm8=\xd5"},
        {"Authorization": f"Digest {KEY}"},
        {"Authorization": f'Digest username="till", password="{KEY}"'},
        {"Authorization": f'Other password="{KEY}"'},
        {"Authorization": f"Other {KEY}"},
        {"Authorization": f'Bearer password="{KEY}"'},
        {"Cookie": f"apikey={KEY}"},
    ],
)
@pytest.mark.parametrize("url", [URL, f"{URL}&apikey={KEY}", "/customers/C-10023", "/status.json"])
def test_anything_else_does_not(index: TantivyIndex, headers: dict[str, str], url: str) -> None:
    answer = client_with(index, KEY).get(url, headers=headers)
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert b"Lars" not in answer.data


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "PUT", "TRACE", "BREW"])
def test_no_method_is_a_way_around(index: TantivyIndex, method: str) -> None:
    answer = client_with(index, KEY).open(URL, method=method)
    assert answer.status_code in {401, 405} or (method == "OPTIONS" and not answer.data)


def test_a_key_in_the_query_only_where_it_is_allowed(index: TantivyIndex) -> None:
    assert client_with(index, KEY, allow_query_key=True).get(f"{URL}&apikey={KEY}").status_code == 200


def test_a_key_may_be_stored_as_its_digest(index: TantivyIndex) -> None:
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    client = client_with(index, f"nygade:sha256:{digest.upper()}")
    assert client.get(URL, headers={"X-API-Key": KEY}).status_code == 200


@pytest.mark.parametrize("written", ["sha256:{}", "SHA256:{}", "nygade:Sha256:{}"])
def test_a_digest_is_never_taken_for_the_key_itself(written: str) -> None:
    """Whatever the letters of its prefix: it opened, to whoever had read the file, and the key did not."""
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    keyring = Keyring([written.format(digest)])
    assert keyring.name_of(KEY) == ("nygade" if "nygade" in written else "key-1")
    assert [keyring.name_of(sent) for sent in (digest, f"SHA256:{digest}")] == [None, None]


def test_the_first_key_of_a_request_is_the_one(index: TantivyIndex) -> None:
    """A wrong one in a header is not mended by a right one that comes after it."""
    client = client_with(index, KEY, allow_query_key=True)
    bearer = {"Authorization": f"Bearer {KEY}"}
    assert client.get(f"{URL}&apikey=wrong", headers=bearer).status_code == 200
    assert client.get(f"{URL}&apikey={KEY}", headers={"X-API-Key": "wrong"}).status_code == 401
    assert client.get(URL, headers={"X-API-Key": "wrong", **bearer}).status_code == 401


def test_keys_are_rotated_while_the_service_answers(index: TantivyIndex) -> None:
    client = client_with(index, "old:first-key", "new:second-key")
    assert client.get(URL, headers={"X-API-Key": "first-key"}).status_code == 200
    keyring_of(client.application).replace(["new:second-key"])
    assert client.get(URL, headers={"X-API-Key": "first-key"}).status_code == 401
    assert client.get(URL, headers={"X-API-Key": "second-key"}).status_code == 200


@pytest.mark.parametrize("keys", [("",), ("till:",), (" spaced",), ("sha256:abc",), ("till:one", "till:two")])
def test_wrong_keys_in_the_configuration_are_named_and_not_quoted(keys: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError, match=r"\[service\] api_keys") as caught:
        app_of(None, ServiceSettings(api_keys=keys))  # type: ignore[arg-type]
    assert "spaced" not in str(caught.value)


@pytest.mark.parametrize("key", ["nøgle-4711", "till:nøgle-4711", "key\n4711", "key\x7f4711"])
def test_a_key_that_a_header_cannot_carry_is_refused_at_start(key: str) -> None:
    with pytest.raises(ConfigurationError, match=r"\[service\] api_keys: key 1 has a character") as caught:
        app_of(None, ServiceSettings(api_keys=(key,)))  # type: ignore[arg-type]
    assert "4711" not in str(caught.value)


def test_keys_that_can_be_guessed_are_counted() -> None:
    digest = f"sha256:{hashlib.sha256(b'4711').hexdigest()}"
    keys = ["4711", "till:fifteen-letters", "nygade:sixteen-letters-", "till-2:" + digest]
    assert Keyring(keys).short == 2


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "tills.example", ""])
def test_without_keys_only_a_loopback_address_may_be_bound(host: str) -> None:
    with pytest.raises(ConfigurationError, match="api_keys"):
        app_of(None, ServiceSettings(host=host))  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_no_keys(index: TantivyIndex, host: str) -> None:
    assert app_of(index, ServiceSettings(host=host)).test_client().get(URL).status_code == 200


def test_without_keys_another_machine_gets_nothing(client: FlaskClient) -> None:
    assert client.get(URL, environ_base={"REMOTE_ADDR": "192.168.1.9"}).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example"])
def test_without_keys_a_web_page_elsewhere_gets_nothing(client: FlaskClient, host: str) -> None:
    assert client.get(URL, headers={"Host": host}).status_code == 401


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:8080", "[::1]"])
def test_this_machine_by_any_of_its_names(client: FlaskClient, host: str) -> None:
    assert client.get(URL, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("key", ["first-key", "second-key", "third-key", "wrong"])
def test_how_long_a_key_is_looked_for_says_nothing_about_it(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """Each key is compared, whole and in constant time, whichever is right."""
    keyring = Keyring(["first-key", "second-key", "third-key"])
    compared: list[tuple[bytes, bytes]] = []
    compare = hmac.compare_digest

    def counted(known: bytes, sent: bytes) -> bool:
        compared.append((known, sent))
        return compare(known, sent)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    assert (keyring.name_of(key) is None) == (key == "wrong")
    assert [(len(known), len(sent)) for known, sent in compared] == [(32, 32)] * 3
    assert len({known for known, _ in compared}) == 3


def test_what_needs_no_key(index: TantivyIndex) -> None:
    client = client_with(index, KEY)
    for open_to_all in (
        "/health/live",
        "/health/ready",
        "/metrics",
        "/openapi.json",
        "/docs",
        "/",
        "/status",
    ):
        assert client.get(open_to_all).status_code == 200


@pytest.mark.parametrize("key", ["abc=def-4711-abcdefgh", "a,b;c: =d=-4711", "bm8=4711bm8=", '"quoted"=4711'])
def test_a_key_of_any_signs_opens_each_way(index: TantivyIndex, key: str) -> None:
    client = client_with(index, f"till:{key}")
    ways = [{"X-API-Key": key}, {"Authorization": f"Bearer {key}"}, {"Authorization": basic(key)}]
    assert [client.get(URL, headers=way).status_code for way in ways] == [200] * 3


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_only_the_password_of_basic_counts(index: TantivyIndex, encoding: str) -> None:
    """A till may be called by its town, in whatever encoding its maker chose."""
    sent = base64.b64encode(f"Køge:{KEY}".encode(encoding)).decode()
    assert client_with(index, KEY).get(URL, headers={"Authorization": f"bAsIc {sent}"}).status_code == 200


def test_a_password_beyond_ascii_is_read_in_either_encoding(index: TantivyIndex) -> None:
    """Its key can be given as a digest."""
    client = client_with(index, "sha256:" + hashlib.sha256("nøgle-nygade-4711".encode()).hexdigest())
    for encoding in ("utf-8", "latin-1"):
        sent = base64.b64encode("till:nøgle-nygade-4711".encode(encoding)).decode()
        assert client.get(URL, headers={"Authorization": f"Basic {sent}"}).status_code == 200


@pytest.mark.parametrize("other", [KEY, "wrong"])
def test_two_keys_of_a_kind_are_none(index: TantivyIndex, other: str) -> None:
    """Which one was meant is a guess; a proxy may have added one."""
    for header, key in [("X-API-Key", "{}"), ("Authorization", "Bearer {}")]:
        joined = ", ".join(key.format(each) for each in (KEY, other))  # as every server hands them on
        assert client_with(index, KEY).get(URL, headers={header: joined}).status_code == 401


@pytest.mark.parametrize("url", [URL, "/customers/C-10023?", "/status.json?"])
def test_two_keys_in_the_query_are_refused(index: TantivyIndex, url: str) -> None:
    answer = client_with(index, KEY, allow_query_key=True).get(f"{url}&apikey={KEY}&apikey=x")
    errors = (answer.json or {})["errors"]
    assert (answer.status_code, errors[0]["field"]) == (422, "apikey")
    assert KEY not in answer.text
