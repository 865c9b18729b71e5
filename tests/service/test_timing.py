"""Each answer to a lookup says how long it took, whatever became of it."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from customers.errors import EngineUnavailable
from index.tantivy_engine import TantivyIndex
from service.refusals import REFUSED
from service.settings import ServiceSettings
from tests.service.desk import KEY, app_of, bent, client_with

LOOK_UP = "/customers/lookup?search_term=lars"
MINE = {"X-API-Key": KEY}


def stages_of(client: FlaskClient, url: str = LOOK_UP, **options: Any) -> tuple[int, list[str], float]:
    """The status of an answer, its stages, and the milliseconds of the last one."""
    answer = client.get(url, **options)
    timing = re.findall(r"(\w+);dur=([\d.]+)", answer.headers["Server-Timing"])
    return answer.status_code, [stage for stage, _ in timing], float(timing[-1][1])


@pytest.mark.parametrize(
    ("url", "status", "stages"),
    [
        ("/customers/lookup", 422, ["parse"]),
        ("/customers/nobody", 404, ["parse", "engine", "balances", "serialise"]),
        (LOOK_UP, 200, ["parse", "engine", "balances", "serialise"]),
    ],
)
def test_it_is_on_every_answer(client: FlaskClient, url: str, status: int, stages: list[str]) -> None:
    assert stages_of(client, url)[:2] == (status, stages)


def test_it_is_on_what_is_not_let_in(index: TantivyIndex) -> None:
    client = client_with(index, KEY, requests_per_second=0.5)
    assert stages_of(client)[:2] == (401, ["parse"])
    assert [stages_of(client, headers=MINE)[0] for _ in range(2)] == [200, 429]
    refused = {REFUSED: 503}
    assert stages_of(client, headers=MINE, environ_overrides=refused)[:2] == (503, ["parse"])


@pytest.fixture
def hang() -> Iterator[Callable[[], object]]:
    """Waits until the test is over."""
    over = threading.Event()
    yield lambda: over.wait(10)
    over.set()


def test_it_says_what_took_too_long(index: TantivyIndex, hang: Callable[[], object]) -> None:
    settings = ServiceSettings(deadline=timedelta(milliseconds=100))
    status, stages, spent = stages_of(app_of(bent(index, hang), settings).test_client())
    assert (status, stages) == (503, ["parse", "engine"])
    assert spent > 90


def test_it_is_on_an_answer_of_an_engine_that_is_away(index: TantivyIndex) -> None:
    def fail() -> None:
        raise EngineUnavailable("away")

    assert stages_of(app_of(bent(index, fail)).test_client())[:2] == (503, ["parse", "engine"])


def test_it_is_documented_on_each_of_them(client: FlaskClient) -> None:
    for path, operations in (client.get("/openapi.json").json or {})["paths"].items():
        for operation in (operations[method] for method in {"get", "post"} & set(operations)):
            timed = {"Server-Timing" in response["headers"] for response in operation["responses"].values()}
            assert timed == {path.startswith("/customers/")}, path
