"""Every engine that lookup.toml may name is held to what an engine must do."""

from _pytest.mark import ParameterSet

from customer_lookup.engines import ENGINES
from tests.index import engines
from tests.sync import conftest


def test_every_engine_is_in_the_contract_tests() -> None:
    assert ENGINES.keys() == engines.ENGINES.keys()


def test_every_engine_is_killed_and_cut_off() -> None:
    params = [one.values[0] if isinstance(one, ParameterSet) else one for one in conftest.ENGINES]
    assert set(params) == ENGINES.keys()
