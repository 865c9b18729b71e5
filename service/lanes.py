"""Lanes: who waits with whom, so that strangers never keep a till waiting or out."""

from service.line import Channel, Line
from service.settings import ServiceSettings
from service.tills import Tills

_HEALTH = ("/health/live", "/health/ready")
# One that waits for the engine, and one that does not.
_HEALTH_THREADS = 2
# For whoever has no key: pages and metrics are quick, and a browser asks for a few files at once.
_OTHERS_THREADS = 1
MOST_OTHERS = 16


class Lanes:
    """A Line of the settings' `threads` and `queue` for what the `tills` send, a narrow one for everything
    else, and one for health with room for `most_health`: an engine that hangs, or a line that is full, keeps
    everyone waiting or out, but is no reason to take the process for dead. What waitress calls a task
    dispatcher."""

    def __init__(self, settings: ServiceSettings, tills: Tills, most_health: int) -> None:
        prefix = settings.path_prefix.rstrip("/")
        self._health_paths = {before + path for before in ("", prefix) for path in _HEALTH}
        self._tills = tills
        self._of_tills = Line(settings.threads, settings.queue)
        self._others = Line(_OTHERS_THREADS, MOST_OTHERS)
        self._health = Line(_HEALTH_THREADS, most_health)
        self._all = (self._of_tills, self._others, self._health)

    @property
    def is_waiting(self) -> bool:
        """See Line.is_waiting."""
        return any(line.is_waiting for line in self._all)

    def add_task(self, task: Channel) -> None:
        """Answer the request, soon."""
        self._lane_of(task).add_task(task)

    def hurry(self) -> None:
        """See Line.hurry."""
        for line in self._all:
            line.hurry()

    def shutdown(self, timeout: float) -> None:
        """See Line.shutdown."""
        for line in self._all:
            line.shutdown(timeout)

    def _lane_of(self, task: Channel) -> Line:
        request = task.requests[0]
        if request.path in self._health_paths:
            return self._health
        return self._of_tills if self._tills.sent(request) else self._others
