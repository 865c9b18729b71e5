"""One at a time, on every kind of state database."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest
from sqlalchemy import Connection, select, update

from customers.errors import LeaseHeld
from sync.lease import LIVE, TTL_SECONDS, Lease
from sync.state import State
from sync.steady import steady
from sync.tables import LEASE
from tests.sync.test_scheduler import eventually


@pytest.fixture
def state(database_url: str) -> Iterator[State]:
    """A state database of each kind in turn."""
    with closing(State(database_url)) as state:
        yield state


def ends_at(state: State, name: str) -> float:
    """When it ends on the database's clock, in seconds since 1970; 0 where nobody holds it."""
    with state.read() as connection:
        return float(connection.scalar(select(LEASE.c.expires_at).where(LEASE.c.name == name)) or 0.0)


def expire(state: State) -> None:
    """Let the lease's time run out on the database's clock."""
    with state.write() as connection:
        connection.execute(update(LEASE).values(expires_at=0.0))


def test_one_holder_at_a_time(state: State) -> None:
    with Lease(state, LIVE, "first") as lease:
        lease.check()
        with pytest.raises(LeaseHeld, match="live: first is at it since 20"), Lease(state, LIVE, "second"):
            pass
    with Lease(state, LIVE, "second") as lease, state.write() as connection:
        lease.guard(connection)


def test_two_leases_do_not_hinder_each_other(state: State) -> None:
    with Lease(state, "live", "first"), Lease(state, "build", "second") as other:
        other.check()


def test_a_holder_that_died_is_replaced_and_can_write_nothing_more(state: State) -> None:
    with Lease(state, LIVE, "first", ttl=5.0) as first:
        expire(state)
        with Lease(state, LIVE, "second") as second:
            second.check()
            with pytest.raises(LeaseHeld, match="another one took over: second is at it since 20"):
                first.check()  # five seconds are all margin, so it looks for itself
            with pytest.raises(LeaseHeld, match="paused"), state.write() as connection:
                first.guard(connection)
        with Lease(state, LIVE, "third"):
            pass
        with pytest.raises(LeaseHeld, match="another one took over, and has ended"):
            first.check()


def test_a_holder_that_nobody_replaced_goes_on(state: State) -> None:
    with Lease(state, LIVE, "first", ttl=5.0) as lease:
        expire(state)
        lease.check()
        with pytest.raises(LeaseHeld), Lease(state, LIVE, "second"):
            pass


def test_a_lease_is_renewed_while_it_is_held(state: State) -> None:
    with Lease(state, LIVE, "first", heartbeat=0.05):
        before = ends_at(state, LIVE)
        eventually(lambda: ends_at(state, LIVE) > before)
        with pytest.raises(LeaseHeld), Lease(state, LIVE, "second"):
            pass


def test_a_holder_that_hears_of_its_successor_stops_at_once(state: State) -> None:
    """It went on until its own time was over, where the database's clock had been put forward."""
    with Lease(state, LIVE, "first", heartbeat=0.05) as first, ExitStack() as held:
        with first._renewing:  # or it would be renewed in between, on a slow machine
            expire(state)
            held.enter_context(Lease(state, LIVE, "second"))
        assert first._thread is not None
        first._thread.join(60)  # it ends when it hears of it
        with pytest.raises(LeaseHeld, match="second is at it"):
            first.check()


def test_a_machine_that_was_suspended_asks_before_it_writes(state: State) -> None:
    """Its other clock stands still meanwhile, and so did the time of its lease."""
    slept = 0.0
    with Lease(state, LIVE, "first", heartbeat=3600.0, clock=lambda: steady() + slept) as first:
        expire(state)
        with Lease(state, LIVE, "second"):
            first.check()  # nobody asks as long as the time of a lease is not over
            slept = 3600.0
            with pytest.raises(LeaseHeld, match="second is at it"):
                first.check()


class SlowState:
    """A state database that takes its time to answer a write, once it is `slow`; and that time."""

    def __init__(self, state: State, patch: pytest.MonkeyPatch) -> None:
        self.seconds = 0.0
        self.slow = False
        self._write = state.write
        patch.setattr(state, "write", self._write_slowly)

    def clock(self) -> float:
        """The time of the machine that asks."""
        return self.seconds

    @contextmanager
    def _write_slowly(self) -> Iterator[Connection]:
        with self._write() as connection:
            yield connection
        if self.slow:
            self.seconds += 50.0


@pytest.mark.parametrize("asked", ["taken", "renewed"])
def test_a_lease_lasts_from_the_question_and_not_from_the_answer(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """The state database counts from when it was asked: a holder whose answer came late wrote on, while the
    next one was let in."""
    with closing(State(sqlite_url)) as state:
        slow = SlowState(state, monkeypatch)
        slow.slow = asked == "taken"
        with Lease(state, LIVE, "first", heartbeat=3600.0, clock=slow.clock) as first:
            if asked == "renewed":
                slow.seconds, slow.slow = 1000.0, True
                first.check()
            slow.slow = False
            slow.seconds += TTL_SECONDS - 50.0
            expire(state)
            with Lease(state, LIVE, "second"), pytest.raises(LeaseHeld, match="second is at it"):
                first.check()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this clock")
def test_the_steady_clock_counts_what_a_machine_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    assert steady() == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=5)


def test_the_patient_wait(state: State) -> None:
    held = threading.Event()

    def hold() -> None:
        with Lease(state, LIVE, "first"):
            held.set()
            time.sleep(0.3)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(60)
    with Lease(state, LIVE, "second", patience=60.0) as second:
        second.check()
    thread.join()
