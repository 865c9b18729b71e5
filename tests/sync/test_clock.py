"""What time it is in the source, and in the state database, where the clocks on the wall are changed."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text

from customers.errors import LeaseHeld
from sync.clock import read_clock
from sync.lease import LIVE, Lease
from sync.state import State
from tests.databases import mariadb_server, new_database

pytestmark = pytest.mark.mariadb

# Central Europe's summer time ends on 25 October 2026 at 01:00 UTC: from 02:00 to 03:00 comes twice.
CENTRAL_EUROPE = "CET-1CEST,M3.5.0,M10.5.0/3"
AROUND_THE_CHANGE = [
    datetime(2026, 10, 24, 23, 59, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 59, 59, 250_000, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 2, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
]


@pytest.fixture(scope="module")
def server() -> Iterator[URL]:
    """A MariaDB on a machine in Central Europe."""
    with ExitStack() as running:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TZ", CENTRAL_EUROPE)
            url = running.enter_context(mariadb_server())
        yield url


@pytest.fixture
def engine(server: URL) -> Iterator[Engine]:
    """Connects to it."""
    engine = create_engine(server)
    yield engine
    engine.dispose()


@pytest.fixture
def state_url(server: URL) -> Iterator[str]:
    """An empty database on that server."""
    with new_database(server, "state") as url:
        yield url


def set_clock(connection: Connection, moment: float) -> None:
    connection.execute(text(f"SET timestamp = {moment:.6f}"))


@pytest.mark.parametrize("moment", AROUND_THE_CHANGE, ids=str)
def test_the_source_s_clock_is_right_whatever_the_wall_shows(engine: Engine, moment: datetime) -> None:
    """It was an hour ahead in the first of the two equal hours."""
    with engine.connect() as connection:
        set_clock(connection, moment.timestamp())
        assert read_clock(connection).now == pytest.approx(moment.timestamp(), abs=1e-5)


def state_at(url: str, moment: datetime) -> State:
    """A state database whose clock stands still."""
    still = {"init_command": f"SET timestamp = {moment.timestamp()}"}
    return State(make_url(url).update_query_dict(still).render_as_string(hide_password=False))


def test_a_lease_lives_on_when_the_first_of_two_equal_hours_begins(state_url: str) -> None:
    """Its time seemed to be over, while its holder wrote."""
    with (
        closing(state_at(state_url, datetime(2026, 10, 24, 23, 59, 50, tzinfo=UTC))) as before,
        closing(state_at(state_url, datetime(2026, 10, 25, 0, 0, 10, tzinfo=UTC))) as after,
        Lease(before, LIVE, "first"),
        pytest.raises(LeaseHeld, match="in 40 s"),
        Lease(after, LIVE, "next"),
    ):
        pass


def test_a_lease_of_who_died_ends_with_the_first_of_two_equal_hours(state_url: str) -> None:
    """Nobody could take it for an hour."""
    with (
        closing(state_at(state_url, datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC))) as before,
        closing(state_at(state_url, datetime(2026, 10, 25, 1, 1, 0, tzinfo=UTC))) as after,
        Lease(before, LIVE, "first"),
        Lease(after, LIVE, "next") as lease,
    ):
        lease.check()
