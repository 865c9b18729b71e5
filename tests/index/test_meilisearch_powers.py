"""A search key that may do more than search this index is refused, as far as that can be told."""

import re
from contextlib import closing

import pytest
import requests

from customers.errors import ConfigurationError, EngineError, EngineUnavailable
from customers.settings import SearchSettings
from index.meilisearch_engine import MeilisearchIndex
from index.meilisearch_keys import Keys
from tests.index import meilisearch_server
from tests.index.meilisearch_server import MASTER_KEY, SERVER, Server, free_port, index_name, made_key
from tests.index.proxy import Forward, Proxy, Rule, answering

pytestmark = pytest.mark.meilisearch(replay=False)

SETTINGS = SearchSettings()
# Actions whose calls need nothing, so that only doing it would tell, and one that no call of 1.50 asks for.
NOT_TOLD = {
    *("indexes.delete", "indexes.compact", "tasks.compact", "dumps.create", "snapshots.create"),
    *("dumps.*", "snapshots.*"),
    "dynamicSearchRules.create",
}


def opened(search_key: str) -> MeilisearchIndex:
    return MeilisearchIndex(SERVER.url, search_key, None, index_name(), SETTINGS)


def complaint(actions: list[str], indexes: list[str]) -> str:
    """What is said of such a search key; nothing if it is accepted."""
    with closing(opened(made_key(actions, indexes))) as index:
        try:
            index.check_search_key()
        except ConfigurationError as error:
            return str(error)
    return ""


def test_a_search_key_that_may_do_anything_more_is_refused() -> None:
    """Every action that this server knows, the ones that are new in it too: it names them all where one is
    wrong."""
    SERVER.call("post", "indexes", {"uid": index_name(), "primaryKey": "id"})
    SERVER.wait()
    wrong = {"actions": ["nonsense"], "indexes": ["*"], "expiresAt": None}
    told = SERVER.call("post", "keys", wrong).json()["message"]
    actions = set(re.findall(r"`([^`]+)`", told)) - {"nonsense", ".actions[0]", "search"}
    assert len(actions) > 40
    tasks = SERVER.call("get", "tasks?limit=1").json()["total"]
    settings = SERVER.call("get", f"indexes/{index_name()}/settings").json()
    said = {action: complaint(["search", action], [index_name()]) for action in actions}
    assert {action for action, words in said.items() if "__another" in words or not words} == NOT_TOLD
    # Asking has changed nothing, though each of these keys was allowed something.
    assert SERVER.call("get", "tasks?limit=1").json()["total"] == tasks
    assert SERVER.call("get", f"indexes/{index_name()}/settings").json() == settings


@pytest.mark.parametrize("pattern", ["*", "{name}*", "{name}__*"])
def test_a_search_key_for_other_indexes_is_refused(pattern: str) -> None:
    assert not complaint(["search"], [index_name()])
    assert "__another" in complaint(["search"], [index_name(), pattern.format(name=index_name())])


def test_what_a_server_does_not_have_is_no_power() -> None:
    """An older one knows fewer calls, and says so without looking at the key."""

    def unknown(forward: Forward) -> requests.Response | None:
        answer = answering(404, "")(forward)
        assert answer is not None
        answer._content = b""
        return answer

    secret = made_key(["search"], [index_name()])
    with Proxy(SERVER.url) as proxy:
        proxy.rules.append(Rule("GET", "webhooks", unknown, times=10))
        index = MeilisearchIndex(proxy.url, secret, None, index_name(), SETTINGS)
        index.check_search_key()
        assert proxy.rules[0].times < 10
        index.close()


@pytest.mark.parametrize("secret", [MASTER_KEY, "admin"])
def test_the_master_key_and_the_admin_key_are_refused_as_search_keys(secret: str) -> None:
    index = opened(SERVER.admin_key if secret == "admin" else secret)
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


def test_a_server_that_is_not_there_says_nothing_of_a_key() -> None:
    index = MeilisearchIndex(f"http://127.0.0.1:{free_port()}", "key", None, "customers", SETTINGS)
    with pytest.raises(EngineUnavailable):
        index.check_search_key()
    index.close()
