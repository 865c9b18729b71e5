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
# Over all databases, that makes 60 histories on each real engine, and 900 on the index in memory.
SOME = settings(FEW, max_examples=20, stateful_step_count=30)
MANY = settings(FEW, max_examples=150, stateful_step_count=40)
MACHINES = [
    pytest.param(Histories, MANY, id="dated"),
    pytest.param(UndatedHistories, MANY, id="undated"),
    pytest.param(EmbeddedHistories, SOME, id="embedded"),
    pytest.param(MeilisearchHistories, SOME, id="meilisearch", marks=pytest.mark.meilisearch(replay=False)),
]
SERVERS = [
    pytest.param(None, id="sqlite"),
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
@pytest.mark.parametrize(("machine", "many"), MACHINES)
@pytest.mark.parametrize("server", SERVERS)
def test_many_histories(
    request: pytest.FixtureRequest, machine: type[Histories], many: settings, server: str | None
) -> None:
    if server is None:
        return run_state_machine_as_test(machine, settings=many)
    url: URL = request.getfixturevalue(server)

    class OnServer(machine):  # type: ignore[valid-type, misc]
        def database_url(self) -> str:
            database = new_database(url, f"history_{next(NUMBERS)}")
            return str(self.opened.enter_context(database))

    return run_state_machine_as_test(OnServer, settings=many)
