"""Whatever the history: a few in every test run, many in the soak."""

from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import URL

from tests.databases import new_database
from tests.sync.histories import EmbeddedHistories, Histories, MeilisearchHistories, UndatedHistories

FEW = settings(
    max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
# A server takes a second or more for each.
FEWEST = settings(FEW, max_examples=3, stateful_step_count=12)
SOME = settings(FEW, max_examples=40, stateful_step_count=30)
MANY = settings(FEW, max_examples=150, stateful_step_count=40)
SERVERS = [
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
NUMBERS = count(1)

TestHistories = Histories.TestCase
TestHistories.settings = FEW
TestUndatedHistories = UndatedHistories.TestCase
TestUndatedHistories.settings = FEW
TestEmbeddedHistories = EmbeddedHistories.TestCase
TestEmbeddedHistories.settings = FEWEST


@pytest.mark.meilisearch(replay=False)
def test_histories_on_meilisearch() -> None:
    run_state_machine_as_test(MeilisearchHistories, settings=FEWEST)


@pytest.mark.soak
def test_many_histories_on_the_embedded_engine() -> None:
    run_state_machine_as_test(EmbeddedHistories, settings=SOME)


@pytest.mark.soak
@pytest.mark.meilisearch(replay=False)
def test_many_histories_on_meilisearch() -> None:
    run_state_machine_as_test(MeilisearchHistories, settings=SOME)


@pytest.mark.soak
@pytest.mark.parametrize("machine", [Histories, UndatedHistories])
def test_many_histories(machine: type[Histories]) -> None:
    run_state_machine_as_test(machine, settings=MANY)


@pytest.mark.soak
@pytest.mark.parametrize("machine", [Histories, UndatedHistories])
@pytest.mark.parametrize("server", SERVERS)
def test_many_histories_on_a_server(
    request: pytest.FixtureRequest, machine: type[Histories], server: str
) -> None:
    url: URL = request.getfixturevalue(server)

    class OnServer(machine):  # type: ignore[valid-type, misc]
        def database_url(self) -> str:
            database = new_database(url, f"history_{next(NUMBERS)}")
            return str(self.opened.enter_context(database))

    run_state_machine_as_test(OnServer, settings=MANY)
