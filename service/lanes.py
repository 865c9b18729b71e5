"""Lanes: how the service is, is asked past the line of those who look up."""

from service.line import Channel, Line

_HEALTH = ("/health/live", "/health/ready")
# One that waits for the engine, and one that does not.
_HEALTH_THREADS = 2


class Lanes:
    """A Line of `threads` for `most` requests, and another one for health: an engine that hangs, or a line
    that is full, keeps everyone waiting or out, but is no reason to take the process for dead. `prefix` is
    what a proxy may leave before the paths. What waitress calls a task dispatcher."""

    def __init__(self, threads: int, most: int, most_health: int, prefix: str = "") -> None:
        self._health_paths = {before + path for before in ("", prefix.rstrip("/")) for path in _HEALTH}
        self._line = Line(threads, most)
        self._health = Line(_HEALTH_THREADS, most_health)

    @property
    def is_waiting(self) -> bool:
        """See Line.is_waiting."""
        return self._line.is_waiting or self._health.is_waiting

    def add_task(self, task: Channel) -> None:
        """Answer the request, soon."""
        is_health = getattr(task.requests[0], "path", "") in self._health_paths
        (self._health if is_health else self._line).add_task(task)

    def hurry(self) -> None:
        """See Line.hurry."""
        self._line.hurry()
        self._health.hurry()

    def shutdown(self, timeout: float) -> None:
        """See Line.shutdown."""
        self._line.shutdown(timeout)
        self._health.shutdown(timeout)
