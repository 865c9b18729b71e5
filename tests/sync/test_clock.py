"""What time it is in the source, and in the state database, where the clocks on the wall are changed."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text

from customers.errors import LeaseHeld
from sync.clock import read_clock
from sync.lease import LIVE, Lease
from sync.mysql_behind import TRX_CACHE_SECONDS, system_to_utc
from sync.state import State
from tests.databases import execute, mariadb_server, new_database
from tests.sync.merchant import Merchant

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
    execute(server, "SET GLOBAL time_zone = SYSTEM")
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


@pytest.mark.parametrize("zone", ["SYSTEM", "-05:00", "+09:00"])
def test_the_oldest_transaction_is_told_in_any_time_zone(server: URL, engine: Engine, zone: str) -> None:
    """One whose zone is west of the machine's seemed to begin later than now."""
    execute(server, f"SET GLOBAL time_zone = '{zone}'")
    with (
        new_database(server, "shop") as shop,
        closing(Merchant(shop)) as merchant,
        merchant.engine.connect() as late,
        engine.connect() as connection,
    ):
        before = time.time()
        late.execute(text("INSERT INTO customers (number, name) VALUES ('C1', 'Ida Ny')"))
        after = time.time()
        # It is told in whole seconds, and after a wait for the server's next look.
        assert before - 2 <= read_clock(connection).settled <= after


def test_who_begins_after_another_s_look_is_told(server: URL) -> None:
    """The server showed what it had shown another engine of ours a moment before."""
    with new_database(server, "shop") as shop, closing(Merchant(shop)) as merchant, ExitStack() as opened:
        looks = []
        for _ in range(2):
            engine = create_engine(server)
            opened.callback(engine.dispose)
            looks.append(opened.enter_context(engine.connect()))
        late = opened.enter_context(merchant.engine.connect())
        time.sleep(TRX_CACHE_SECONDS)
        read_clock(looks[0])
        late.execute(text("INSERT INTO customers (number, name) VALUES ('C1', 'Ida Ny')"))
        after = time.time()
        assert read_clock(looks[1]).settled <= after


@pytest.mark.parametrize(
    ("moment", "on_the_wall"),
    [
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), "2026-10-25 00:30:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25 02:30:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25 02:30:00"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=UTC), "2026-10-25 03:30:00"),
        (datetime(2026, 10, 25, 3, 30, tzinfo=UTC), "2026-10-25 04:30:00"),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "2026-03-29 01:30:00"),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "2026-03-29 03:30:00"),
        (datetime(2026, 3, 29, 2, 30, tzinfo=UTC), "2026-03-29 04:30:00"),
        (datetime(2026, 3, 29, 3, 30, tzinfo=UTC), "2026-03-29 05:30:00"),
    ],
)
def test_a_time_of_the_machine_is_never_taken_for_later_than_it_is(
    engine: Engine, moment: datetime, on_the_wall: str
) -> None:
    with engine.connect() as connection:
        found = connection.scalar(text(f"SELECT {system_to_utc(repr(on_the_wall))}"))
    assert isinstance(found, datetime)
    assert timedelta(0) <= moment - found.replace(tzinfo=UTC) <= timedelta(hours=1)
