"""Whatever the history: a few in every test run, many in the soak."""

from hypothesis import HealthCheck, settings

from tests.sync.histories import Histories, UndatedHistories

FEW = settings(
    max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)

TestHistories = Histories.TestCase
TestHistories.settings = FEW
TestUndatedHistories = UndatedHistories.TestCase
TestUndatedHistories.settings = FEW
