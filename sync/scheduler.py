"""Runs the jobs at their times, in this process, one of each kind at a time."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.date import DateTrigger

from customers.errors import CustomerLookupError, LeaseHeld, Stopped
from sync import erasure
from sync.backoff import Backoff
from sync.context import SyncContext
from sync.cron import cron_trigger
from sync.due import seconds_to_verify
from sync.every import Every
from sync.incremental import sync
from sync.progress import Silent
from sync.pruning import prune_alone
from sync.reindexing import reindex
from sync.steady import steady
from sync.verification import verify

log = logging.getLogger(__name__)

# sync, verify and reindex may run side by side: what they must not do together, their leases keep apart.
THREADS = 3
# What else is due when the process starts lets the first sync go ahead by so long.
HEAD_START_SECONDS = 2.0
# How often to look whether the machine's clock was put back, and from how much on that matters.
LOOK_SECONDS = 5.0
STEP_SECONDS = 1.0


class Stopping(Silent):
    """Breaks a job off between two pages, once it is `told`."""

    def __init__(self) -> None:
        self.told = threading.Event()

    def start(self, label: str, total: int | None) -> None:  # noqa: ARG002
        """See Progress.start."""
        self._go_on()

    def advance(self, count: int) -> None:  # noqa: ARG002
        """See Progress.advance."""
        self._go_on()

    def _go_on(self) -> None:
        if self.told.is_set():
            raise Stopped("told to stop; the next run goes on from what is confirmed")


class Scheduler:
    """`sync` every `interval`, `verify` every `verify` since the last one that any process did, `reindex` by
    its cron expression. A run that is late is made up for once, never piled up. What another process is doing
    is left to it. A sync that failed is tried again after a pause that grows with each failure, whatever the
    interval; and so is a verify that met a sync, since both are due at the same moments."""

    def __init__(self, context: SyncContext, backoff: Backoff | None = None) -> None:
        self._context = context
        self._backoff = backoff or Backoff()
        self._verify_backoff = Backoff()
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(THREADS)},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
            timezone=UTC,
        )
        self._syncs: Job | None = None
        self._verifies: Job | None = None
        self._stopping = Stopping()
        self._idle = threading.Condition()
        self._running = 0

    def start(self) -> None:
        """Begin, with a sync at once, and soon after it with what fell due while no process ran. A `reindex`
        that was missed meanwhile is not made up for: it was to be at its hour, and comes at the next one."""
        settings = self._context.settings
        now = datetime.now(UTC)
        self._syncs = self._add(self.sync, Every(settings.interval), now)
        soon = min(HEAD_START_SECONDS, _seconds(settings.verify))
        left = max(soon, seconds_to_verify(self._context.state, settings.verify))
        self._verifies = self._add(self.verify, Every(settings.verify), now + timedelta(seconds=left))
        if left > soon:
            self._add(self.tidy, DateTrigger(now + timedelta(seconds=soon)), None)
        if settings.reindex:
            self._add(self.reindex, cron_trigger(settings.reindex), None)
        self._scheduler.start()
        threading.Thread(target=self._watch_clock, name="clock", daemon=True).start()

    def stop(self, timeout: float) -> bool:
        """Start nothing more, break off what is running, and wait up to `timeout` seconds for its end:
        whether it came. The next run goes on from what is confirmed."""
        self._stopping.told.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        with self._idle:
            ended = self._idle.wait_for(lambda: self._running == 0, timeout)
        if not ended:
            log.warning("a job is abandoned; its next run goes on from what is confirmed")
        return ended

    def sync(self) -> None:
        """One paced pass."""
        if self._run("sync", lambda: sync(self._context, self._stopping, paced=True)):
            self._backoff.succeeded()
        else:
            _put_off(self._syncs, self._backoff.failed())

    def verify(self) -> None:
        """Verify and repair, and tidy."""
        self._run("verify", self._verify)
        self.tidy()

    def tidy(self) -> None:
        """Remove the generations that nobody needs, and erase what was deleted."""
        self._run("prune", lambda: prune_alone(self._context))
        self._run("erase", self._erase)

    def reindex(self) -> None:
        """A full reindex."""
        self._run("reindex", lambda: reindex(self._context, progress=self._stopping))

    def _verify(self) -> None:
        try:
            verify(self._context, repair=True, progress=self._stopping)
        except LeaseHeld:
            _put_off(self._verifies, self._verify_backoff.failed())
            raise
        self._verify_backoff.succeeded()

    def _erase(self) -> None:
        if erasure.is_due(self._context):
            erasure.erase(self._context, self._stopping)

    def _run(self, name: str, job: Callable[[], object]) -> bool:
        """Whether it did not fail."""
        with self._idle:
            self._running += 1
        try:
            job()
        except LeaseHeld as held:
            log.info("%s is put off: %s", name, held, extra={"action": f"{name}.held"})
        except Stopped as stopped:
            log.info("%s is broken off: %s", name, stopped, extra={"action": f"{name}.stopped"})
        except CustomerLookupError as error:
            log.error("%s failed: %s", name, error, extra={"action": f"{name}.failed"})  # noqa: TRY400 - our own words say it all
            return False
        except Exception as error:
            # Its words and its trace may quote a customer. The diary has its kind.
            log.error("%s failed: %s", name, type(error).__name__, extra={"action": f"{name}.failed"})  # noqa: TRY400
            return False
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()
        return True

    def _watch_clock(self) -> None:
        """Jobs are planned by the machine's clock: put back, it would hold them up until it is there."""
        ahead = _ahead()
        while not self._stopping.told.wait(LOOK_SECONDS):
            before, ahead = ahead, _ahead()
            if before - ahead > STEP_SECONDS:
                self._plan_anew(before - ahead)

    def _plan_anew(self, back: float) -> None:
        log.warning(
            "the machine's clock was put back by %.0f s: the jobs are planned anew",
            back,
            extra={"action": "scheduler.clock"},
        )
        for job in self._scheduler.get_jobs():
            with suppress(JobLookupError):  # told to stop, or done, in this very moment
                if isinstance(job.trigger, Every):
                    job.modify(next_run_time=job.next_run_time - timedelta(seconds=back))
                else:
                    job.reschedule(job.trigger)

    def _add(self, job: Callable[[], None], trigger: BaseTrigger, first: datetime | None) -> Job:
        timing = {} if first is None else {"next_run_time": first}
        return self._scheduler.add_job(job, trigger, **timing)


def _put_off(job: Job | None, seconds: float) -> None:
    """The job comes next after so long, and then at its interval again."""
    if job is not None:
        with suppress(JobLookupError):  # told to stop in this very moment
            job.modify(next_run_time=datetime.now(UTC) + timedelta(seconds=seconds))


def _ahead() -> float:
    """How far the machine's clock is ahead of the one that nobody sets, in seconds."""
    return datetime.now(UTC).timestamp() - steady()


def _seconds(duration: timedelta) -> float:
    return duration.total_seconds()
