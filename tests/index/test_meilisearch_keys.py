"""The two least-privilege keys: made, checked, rotated, enough for all that is done, and enough for no
more."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from customers.document import to_document
from customers.errors import ConfigurationError, EngineError, EngineUnavailable, NoLiveGeneration
from customers.settings import SearchSettings
from customers.term import understand
from index.meilisearch_engine import MeilisearchIndex
from index.meilisearch_keys import Keys, wanted_keys
from tests.index import meilisearch_server
from tests.index.meilisearch_server import MASTER_KEY, SERVER, Server, free_port, index_name
from tests.people import EVERYONE, LARS

pytestmark = pytest.mark.meilisearch(replay=False)

SETTINGS = SearchSettings()


@pytest.fixture
def keys() -> Iterator[Keys]:
    keys = Keys(SERVER.url, MASTER_KEY, index_name())
    yield keys
    keys.close()


def opened(search_key: str | None, admin_key: str | None, name: str | None = None) -> MeilisearchIndex:
    return MeilisearchIndex(
        SERVER.url, search_key, admin_key, name or index_name(), SETTINGS, sleep=SERVER.sleep
    )


def test_the_two_keys_are_enough_for_everything(keys: Keys) -> None:
    search, admin = keys.ensure()
    assert (search.setting, admin.setting) == ("search_key", "admin_key")
    index = opened(search.secret, admin.secret)
    for generation in ("first", "second"):
        index.create(generation)
        with index.writer(generation) as writer:
            writer.write([to_document(customer, SETTINGS) for customer in EVERYONE])
            writer.delete(["nobody"])
            writer.flush()
        index.promote(generation)
    index.remove("first")
    assert len(dict(index.digests("second"))) == len(EVERYONE)
    assert index.search(understand("lars hansen", SETTINGS), 5)[0].customer == LARS
    assert index.get(LARS.identifier) == LARS
    index.check()
    index.check_search_key()
    index.close()


def test_the_search_key_is_for_this_index_only_and_cannot_write(keys: Keys) -> None:
    search, _ = keys.ensure()
    index = opened(search.secret, search.secret, name="others")
    with pytest.raises(EngineError, match="permission 'search'"):
        index.get(LARS.identifier)
    with pytest.raises(EngineError, match="permission 'version'"):
        index.create("first")
    index.close()


def test_with_the_search_key_alone_the_live_generation_is_known(keys: Keys) -> None:
    search, admin = keys.ensure()
    service, worker = opened(search.secret, None), opened(search.secret, admin.secret)
    assert service.generations() == []
    with pytest.raises(NoLiveGeneration):
        service.check()
    worker.create("first")
    with worker.writer("first") as writer:
        writer.write([to_document(customer, SETTINGS) for customer in EVERYONE])
        writer.flush()
    worker.promote("first")
    assert service.generations() == [replace(one, stamp=None) for one in worker.generations()]
    service.close()
    worker.close()


def test_asking_again_finds_the_same_keys(keys: Keys) -> None:
    made, found = keys.ensure(), keys.ensure()
    assert [key.secret for key in made] == [key.secret for key in found]
    assert [key.new for key in made + found] == [True, True, False, False]


def test_a_rotation_leaves_the_old_keys_valid_until_they_are_revoked(keys: Keys) -> None:
    old, _ = keys.ensure()
    new, _ = keys.rotate()
    assert new.secret != old.secret
    assert new.older == 1
    for secret in (old.secret, new.secret):
        opened(secret, None).generations()
    assert keys.revoke() == 2
    opened(new.secret, None).generations()
    with pytest.raises(EngineError, match=r"\[index\] search_key"):
        opened(old.secret, None).generations()
    assert [key.older for key in keys.ensure()] == [0, 0]


def test_a_key_that_may_do_more_than_it_should_is_told(keys: Keys) -> None:
    search, _ = wanted_keys(index_name())
    powerful = {"name": search.title, "actions": ["*"], "indexes": ["*"], "expiresAt": None}
    SERVER.call("post", "keys", powerful)
    with pytest.raises(
        EngineError, match=r"may do \['\*'\] on \['\*'\], and should do \['search'\].*--rotate"
    ):
        keys.ensure()


def test_a_wrong_master_key_is_told() -> None:
    keys = Keys(SERVER.url, "wrong", "customers")
    with pytest.raises(EngineError, match=r"does not accept the master key: it is the one that the server"):
        keys.ensure()
    keys.close()


@pytest.mark.parametrize(
    "actions",
    [["*"], ["search", "keys.get"], ["*.get"], ["search", "documents.add"], ["search", "documents.get"]],
    ids=str,
)
def test_a_search_key_that_may_do_more_is_refused(actions: list[str]) -> None:
    wanted = {"name": "powerful", "actions": actions, "indexes": ["*"], "expiresAt": None}
    secret = SERVER.call("post", "keys", wanted).json()["key"]
    index = opened(secret, None)
    with pytest.raises(ConfigurationError, match=r"\[index\] search_key may do more than search"):
        index.check_search_key()
    index.close()


@pytest.mark.parametrize("secret", [MASTER_KEY, "admin"])
def test_the_master_key_and_the_admin_key_are_refused_as_search_keys(secret: str) -> None:
    index = opened(SERVER.admin_key if secret == "admin" else secret, None)
    with pytest.raises(ConfigurationError, match=r"customer-lookup keys.*allow_powerful_search_key"):
        index.check_search_key()
    index.close()


def test_a_server_without_a_master_key_is_open_to_all() -> None:
    server = Server()
    program = meilisearch_server.binary()
    assert program is not None
    meilisearch_server.start(program, server, options=())
    try:
        index = MeilisearchIndex(server.url, None, None, "customers", SETTINGS)
        with pytest.raises(ConfigurationError, match="may do more than search"):
            index.check_search_key()
        index.close()
        keys = Keys(server.url, MASTER_KEY, "customers")
        with pytest.raises(EngineError, match="without a master key"):
            keys.ensure()
        keys.close()
    finally:
        server.stop()


def test_a_server_that_is_not_there_says_nothing_of_a_key(tmp_path: Path) -> None:
    index = MeilisearchIndex(f"http://127.0.0.1:{free_port()}", "key", None, "customers", SETTINGS)
    with pytest.raises(EngineUnavailable):
        index.check_search_key()
    index.close()
