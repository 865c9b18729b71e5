"""The two least-privilege keys: made, checked, rotated, enough for all that is done, and enough for no
more."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from customers.document import to_document
from customers.errors import EngineError, NoLiveGeneration
from customers.settings import SearchSettings
from customers.term import understand
from index.meilisearch_engine import MeilisearchIndex
from index.meilisearch_keys import Keys, wanted_keys
from tests.index.meilisearch_server import MASTER_KEY, SERVER, index_name, made_key
from tests.index.proxy import Proxy, Rule, lose_answer
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
    made_key(["*"], ["*"], search.title)
    with pytest.raises(
        EngineError, match=r"may do \['\*'\] on \['\*'\], and should do \['search'\].*--rotate"
    ):
        keys.ensure()


def test_a_key_for_other_indexes_is_told(keys: Keys) -> None:
    search, _ = wanted_keys(index_name())
    made_key(["search"], ["another"], search.title)
    with pytest.raises(EngineError, match=r"on \['another'\], and should do .* on \['t"):
        keys.ensure()


def test_an_expired_key_is_made_anew(keys: Keys) -> None:
    search, _ = wanted_keys(index_name())
    soon = datetime.now(UTC) + timedelta(seconds=1)
    expiring = made_key(["search"], [index_name()], search.title, soon)
    assert keys.ensure()[0].secret == expiring
    time.sleep(1.1)
    made = keys.ensure()[0]
    assert (made.new, made.older) == (True, 0)
    assert keys.ensure()[0].secret == made.secret
    assert keys.revoke() == 1
    assert keys.ensure()[0].secret == made.secret


def test_an_expired_key_that_is_newer_than_a_valid_one_is_passed_over(keys: Keys) -> None:
    search, _ = wanted_keys(index_name())
    valid = keys.ensure()[0]
    soon = datetime.now(UTC) + timedelta(seconds=1)
    made_key(["search"], [index_name()], search.title, soon)
    time.sleep(1.1)
    assert keys.ensure()[0].secret == valid.secret
    assert keys.revoke() == 1
    assert keys.ensure()[0].secret == valid.secret


def test_a_lost_answer_makes_no_second_key_and_loses_none() -> None:
    with Proxy(SERVER.url) as proxy:
        keys = Keys(proxy.url, MASTER_KEY, index_name())
        proxy.rules.append(Rule("POST", "keys", lose_answer))
        made = keys.ensure()
        assert [key.new for key in made] == [True, True]
        proxy.rules.append(Rule("DELETE", "keys", lose_answer))
        keys.rotate()
        assert keys.revoke() == 2
        assert len({key.secret for key in keys.ensure()} | {key.secret for key in made}) == 4
        keys.close()


def test_a_wrong_master_key_is_told() -> None:
    keys = Keys(SERVER.url, "wrong", "customers")
    with pytest.raises(EngineError, match=r"does not accept the master key: it is the one that the server"):
        keys.ensure()
    keys.close()
