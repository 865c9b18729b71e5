"""The whole way on a real Meilisearch: the commands that fill it, and what a till is told when it fails."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from customers.settings import SearchSettings
from index.meilisearch_engine import MeilisearchIndex
from index.meilisearch_keys import Keys
from tests.customer_lookup.conftest import LOOKUP, Invoke
from tests.index.meilisearch_server import MASTER_KEY, SERVER, index_name
from tests.index.proxy import Action, Forward, Proxy, Rule, answering, lose_request, saying
from tests.people import EVERYONE, LARS
from tests.service.desk import app_of, fill

pytestmark = pytest.mark.meilisearch(replay=False)

SETTINGS = SearchSettings()
DEADLINE = 0.3
URL = "/customers/lookup?search_term=lars+hansen"


def hang(forward: Forward) -> None:
    time.sleep(DEADLINE + 1)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy(SERVER.url) as proxy:
        yield proxy


@pytest.fixture
def index(proxy: Proxy) -> Iterator[MeilisearchIndex]:
    """Everyone, live, behind the proxy."""
    made = MeilisearchIndex(
        proxy.url,
        SERVER.search_key,
        SERVER.admin_key,
        index_name(),
        SETTINGS,
        deadline=DEADLINE,
        sleep=SERVER.sleep,
    )
    with closing(made):
        fill(made, EVERYONE, SETTINGS)
        yield made


FAILURES = {
    "lost": lose_request,
    "hang": hang,
    "500": answering(500, "internal"),
    "429": answering(429, "too_many_requests"),
    "disk full": answering(422, "no_space_left_on_device"),
    "wrong key": answering(403, "invalid_api_key"),
    "another shape": saying(b'{"results": null}'),
    "missing index": answering(404, "index_not_found"),
}


@pytest.mark.parametrize("action", FAILURES.values(), ids=FAILURES.keys())
def test_a_till_is_told_to_come_back(index: MeilisearchIndex, proxy: Proxy, action: Action) -> None:
    till = app_of(index).test_client()
    assert json.loads(till.get(URL).data)[0]["identifier"] == LARS.identifier
    proxy.rules.append(Rule("POST", "multi-search", action, times=3))
    started = time.monotonic()
    answer = till.get(URL)
    assert time.monotonic() - started < DEADLINE + 1
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert int(answer.headers["Retry-After"]) >= 1
    assert b"Lars" not in answer.data
    proxy.rules.clear()
    assert json.loads(till.get(URL).data)[0]["identifier"] == LARS.identifier


@pytest.fixture
def shop(folder: Path) -> Path:
    """The shop's lookup.toml, kept in Meilisearch, with keys of its own."""
    with closing(Keys(SERVER.url, MASTER_KEY, index_name())) as keys:
        search, admin = keys.ensure()
    engine = (
        f'engine = "meilisearch"\nurl = "{SERVER.url}"\nname = "{index_name()}"\n'
        f'search_key = "{search.secret}"\nadmin_key = "{admin.secret}"\n'
    )
    file = folder / "lookup.toml"
    file.write_text(LOOKUP.replace('engine = "embedded"\npath = "index"\n', engine), encoding="utf-8")
    return file


def test_every_job_works_on_meilisearch(shop: Path, invoke: Invoke) -> None:
    for words in (["reindex"], ["sync"], ["verify", "--repair"], ["reindex"], ["rollback"], ["doctor"]):
        result = invoke(*words, "--config", shop)
        assert result.exit_code == 0, result.output
    found = json.loads(invoke("search", "lras hansen", "--config", shop).output)
    assert [customer["identifier"] for customer in found] == ["C-2"]
    status = json.loads(invoke("status", "--json", "--config", shop).output)
    assert (status["documents"], status["problems"]) == (3, [])
