"""A process that is about to end, and cannot wait for who works under a lease, lets another have it soon."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import select

from customers.errors import LeaseHeld, StateError
from sync.lease import BUILD, LIVE, MARGIN_SECONDS, Lease, abandon_all
from sync.state import State
from sync.tables import LEASE
from tests.sync.test_lease import ends_at, expire


@pytest.fixture
def state(database_url: str) -> Iterator[State]:
    """A state database of each kind in turn."""
    with closing(State(database_url)) as state:
        yield state


def seconds_left(state: State, name: str) -> float:
    with state.read() as connection:
        return ends_at(state, name) - state.now(connection)


def test_it_ends_soon_and_whoever_wakes_under_it_writes_nothing(state: State) -> None:
    with Lease(state, LIVE, "first", heartbeat=0.01) as live, Lease(state, BUILD, "first") as build:
        abandon_all()
        for lease in (live, build):
            assert 0 < seconds_left(state, lease.name) <= MARGIN_SECONDS
            # What was sent last may still arrive: nobody else writes until then.
            with pytest.raises(LeaseHeld, match="first is at it"), Lease(state, lease.name, "second"):
                pass
            with pytest.raises(LeaseHeld, match="given up"):
                lease.check()
        assert live._thread is not None
        live._thread.join(60)  # it ends when it is to renew what was given up
        assert seconds_left(state, LIVE) <= MARGIN_SECONDS
        expire(state)
        with Lease(state, LIVE, "second") as second:
            with pytest.raises(LeaseHeld, match="took over"), state.write() as connection:
                live.guard(connection)
            second.check()
    for name in (LIVE, BUILD):
        with Lease(state, name, "third"):
            pass


def test_a_renewal_that_is_under_way_does_not_prolong_it(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds on for a moment between the two, in whichever order they come."""
    with Lease(state, LIVE, "first", heartbeat=3600.0) as lease:
        under_way, go_on = threading.Event(), threading.Event()
        now = state.now

        def slow_now(connection: object) -> float:
            if threading.current_thread().name == "renewing":
                under_way.set()
                go_on.wait(60)
            return now(connection)  # type: ignore[arg-type]

        monkeypatch.setattr(state, "now", slow_now)
        renewing = threading.Thread(target=lease._renew, name="renewing")
        renewing.start()
        assert under_way.wait(60)
        abandoning = threading.Thread(target=abandon_all)
        abandoning.start()
        abandoning.join(0.2)
        go_on.set()
        renewing.join()
        abandoning.join()
        assert seconds_left(state, LIVE) <= MARGIN_SECONDS
        with pytest.raises(LeaseHeld, match="given up"):
            lease.check()


def test_one_that_was_given_back_is_nobodys_to_abandon(state: State) -> None:
    with Lease(state, LIVE, "first"):
        pass
    with Lease(state, BUILD, "first"):
        abandon_all()
    assert seconds_left(state, LIVE) < 0
    with state.read() as connection:
        assert connection.scalars(select(LEASE.c.holder)).all() == [None, None]


def test_one_that_cannot_be_given_up_keeps_no_other(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    abandon = Lease.abandon
    failed: list[Lease] = []

    def failing_once(lease: Lease) -> None:
        if not failed:
            failed.append(lease)
            raise StateError("broken")
        abandon(lease)

    monkeypatch.setattr(Lease, "abandon", failing_once)
    with Lease(state, LIVE, "first") as live, Lease(state, BUILD, "first") as build:
        abandon_all()
        [other] = {live, build} - set(failed)
        assert seconds_left(state, other.name) <= MARGIN_SECONDS
