"""One at a time, across processes and machines: a row of the state database says who may write.

A holder renews its lease from a thread. One that dies is replaced once its time runs out; one that was paused
longer than that finds out at its next `check`, before it writes anything: each engine makes that check too,
right before it sends or changes something (index.fence).
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from sqlalchemy import ColumnElement, Connection, Select, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from customers.errors import LeaseHeld, StateError, StateUnavailable
from index.fence import fenced
from sync.state import State
from sync.steady import steady
from sync.tables import LEASE

log = logging.getLogger(__name__)

# Whoever writes to the live generation holds LIVE; whoever builds a new one holds BUILD, and LIVE as well for
# the moment of promoting it.
LIVE = "live"
BUILD = "build"

TTL_SECONDS = 60.0
HEARTBEAT_SECONDS = 15.0
# A holder stops this long before its time is over, so that it and its successor never both write.
MARGIN_SECONDS = 5.0


class Lease:
    """Held inside its `with` block, whose thread is fenced by it. Raises LeaseHeld on entering while another
    holds it."""

    def __init__(
        self,
        state: State,
        name: str,
        holder: str,
        *,
        ttl: float = TTL_SECONDS,
        heartbeat: float = HEARTBEAT_SECONDS,
        patience: float = 0.0,
        clock: Callable[[], float] = steady,
    ) -> None:
        """Wait for another holder up to `patience` seconds. `clock` must not stand still while the machine is
        suspended."""
        self.name = name
        self._state = state
        self._holder = holder
        self._ttl = ttl
        self._heartbeat = heartbeat
        self._patience = patience
        self._clock = clock
        self._token = 0
        self._valid_until = 0.0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._renewing = threading.Lock()
        self._fences = ExitStack()
        self._given_up = False

    def __enter__(self) -> Self:
        self._acquire_patiently()
        self._ended.clear()
        self._thread = threading.Thread(target=self._keep, name=f"lease-{self.name}", daemon=True)
        self._thread.start()
        self._fences.enter_context(fenced(self.check))
        _HELD.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _HELD.discard(self)
        self._fences.close()
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        try:
            self._release()
        except StateError:
            # Nothing is lost: it runs out by itself.
            log.warning("lease %s could not be released; it ends by itself", self.name)

    def check(self) -> None:
        """Raise LeaseHeld where the lease is no longer surely ours. Cheap: call it before every write."""
        if self._clock() >= self._valid_until:
            self._renew()

    def guard(self, connection: Connection) -> None:
        """Raise LeaseHeld unless the lease is ours in this transaction, and keep it ours until its end."""
        row = select(LEASE.c.token).where(LEASE.c.name == self.name).with_for_update()
        if connection.scalar(row) != self._token:
            raise self._lost(connection)

    def abandon(self) -> None:
        """Let it end in MARGIN_SECONDS, and whoever works under it write nothing more: what was sent last may
        still arrive, as where its time runs out."""
        self._given_up = True
        with self._renewing:
            self._valid_until = 0.0
            with self._state.write() as connection:
                ends = self._state.now(connection) + MARGIN_SECONDS
                connection.execute(update(LEASE).where(*self._is_ours()).values(expires_at=ends))

    def _acquire_patiently(self) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                return self._acquire()
            except LeaseHeld:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(min(0.25, self._patience))

    def _acquire(self) -> None:
        self._make_row()
        asked = self._clock()
        with self._state.write() as connection:
            now = self._state.now(connection)
            free = or_(LEASE.c.holder.is_(None), LEASE.c.expires_at < now)
            taken = connection.execute(
                update(LEASE)
                .where(LEASE.c.name == self.name, free)
                .values(
                    holder=self._holder, token=LEASE.c.token + 1, acquired_at=now, expires_at=now + self._ttl
                )
            )
            if taken.rowcount != 1:
                raise self._held(connection)
            self._token = int(connection.execute(_token_of(self.name)).scalar_one())
        self._valid_until = asked + self._ttl - MARGIN_SECONDS

    def _make_row(self) -> None:
        with self._state.write() as connection:
            if connection.execute(_token_of(self.name)).first() is not None:
                return
            try:
                with connection.begin_nested():
                    connection.execute(insert(LEASE).values(name=self.name, token=0))
            except IntegrityError:
                log.debug("lease %s was made by another process", self.name)

    def _held(self, connection: Connection) -> LeaseHeld:
        row = connection.execute(select(LEASE).where(LEASE.c.name == self.name)).one()
        left = max(0.0, row.expires_at - self._state.now(connection))
        return LeaseHeld(
            f"{self.name}: {row.holder} is at it since {_clock_time(row.acquired_at)};"
            f" if it died, it is replaced at {_clock_time(row.expires_at)}, in {left:.0f} s"
        )

    def _keep(self) -> None:
        while not self._ended.wait(self._heartbeat):
            try:
                self._renew()
            except StateUnavailable:
                log.warning("lease %s could not be renewed; it is tried again", self.name)
            except (StateError, LeaseHeld):
                return  # `check` says so to the thread that writes

    def _renew(self) -> None:
        """Raise LeaseHeld where another has it. One that ran out and that nobody took is ours again."""
        with self._renewing:
            if self._given_up:
                raise LeaseHeld(f"{self.name}: was given up, since this process is about to end")
            asked = self._clock()
            with self._state.write() as connection:
                ends = self._state.now(connection) + self._ttl
                renewed = connection.execute(update(LEASE).where(*self._is_ours()).values(expires_at=ends))
                if renewed.rowcount != 1:
                    self._valid_until = 0.0
                    raise self._lost(connection)
            self._valid_until = asked + self._ttl - MARGIN_SECONDS

    def _lost(self, connection: Connection) -> LeaseHeld:
        row = connection.execute(select(LEASE).where(LEASE.c.name == self.name)).one()
        who = ", and has ended"
        if row.holder is not None:
            who = f": {row.holder} is at it since {_clock_time(row.acquired_at)}"
        return LeaseHeld(f"{self.name}: this process was paused for so long that another one took over{who}")

    def _release(self) -> None:
        with self._state.write() as connection:
            connection.execute(
                update(LEASE).where(*self._is_ours()).values(holder=None, acquired_at=None, expires_at=None)
            )

    def _is_ours(self) -> tuple[ColumnElement[bool], ...]:
        return LEASE.c.name == self.name, LEASE.c.token == self._token


# Those that this process holds.
_HELD: set[Lease] = set()


def abandon_all() -> None:
    """Abandon every lease of this process, which ends without waiting for who works under them."""
    for lease in list(_HELD):
        try:
            lease.abandon()
        except StateError:
            log.warning("lease %s could not be given up; it ends by itself", lease.name)


def _token_of(name: str) -> Select[int]:
    return select(LEASE.c.token).where(LEASE.c.name == name)


def _clock_time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
