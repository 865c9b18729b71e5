"""Tasks: what Meilisearch does after it has answered 202.

An accepted task may still fail, so every one is followed to its end. There is no limit to how long a task
may take, a reindex of millions takes long; but a server on which nothing moves any more raises the alarm.
"""

import time
from collections.abc import Callable
from typing import Any

from meilisearch.models.task import Task, TaskInfo

from customers.errors import EngineError, EngineUnavailable
from index.meilisearch_errors import explain_task
from index.meilisearch_http import Client

_UNFINISHED = ("enqueued", "processing")
_SHORTEST_PAUSE = 0.05  # seconds
_LONGEST_PAUSE = 2.0  # seconds
# Each pause to the next: the end of a task is noticed too late by a fifteenth of its time at the mean.
_GROWTH = 1.15
_STALLED_AFTER = 600.0  # seconds in which neither the task nor the server's current batch has moved


class Tasks:
    """Follows tasks. `clock` (seconds, steady) and `sleep` are handed in by tests."""

    def __init__(
        self,
        client: Client,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._clock = clock
        self._sleep = sleep

    def finish(self, task: TaskInfo) -> Task:
        """The ended task. Raises EngineError where it failed or was canceled, EngineUnavailable on a
        stall."""
        ended = self.end(task.task_uid)
        if ended.status != "succeeded":
            raise self.failure(ended)
        return ended

    def end(self, uid: int) -> Task:
        """The task once it has ended, however. Raises EngineUnavailable on a stall."""
        pause = _SHORTEST_PAUSE
        seen: Any = None
        moved_at = self._clock()
        while (task := self._client.get_task(uid)).status in _UNFINISHED:
            if (now := self._movement(task, pause)) != seen:
                seen, moved_at = now, self._clock()
            elif self._clock() - moved_at > _STALLED_AFTER:
                raise EngineUnavailable(self._stall(uid))
            self._sleep(pause)
            pause = min(pause * _GROWTH, _LONGEST_PAUSE)
        return task

    def has_ended(self, uid: int | None) -> bool:
        """Whether a task has ended, however; None is one that was refused at once."""
        return uid is None or self._client.get_task(uid).status not in _UNFINISHED

    def failure(self, task: Task) -> EngineError:
        """The EngineError that a failed or canceled task is."""
        if task.status == "canceled":
            return EngineError(
                f"task {task.uid} of Meilisearch at {self._client.config.url} was canceled by someone"
            )
        return explain_task(failure_code(task), task.type, self._client.config.url)

    def settle(self, uids: list[str]) -> None:
        """Return once no earlier task on these indexes is left, whoever sent it: a process that died, say."""
        parameters = {"indexUids": uids, "statuses": list(_UNFINISHED), "limit": 1000}
        for task in self._client.get_tasks(parameters).results:
            self.end(task.uid)

    def _movement(self, task: Task, pause: float) -> Any:
        """What changes as long as the server gets on. It is asked only of tasks that take long already."""
        if pause < _LONGEST_PAUSE:
            return task.status
        batches = self._client.http.get("batches?statuses=processing&limit=1")
        return task.status, [(batch["uid"], batch["progress"]) for batch in batches["results"]]

    def _stall(self, uid: int) -> str:
        url, minutes = self._client.config.url, _STALLED_AFTER / 60
        return f"Meilisearch at {url} has not moved for {minutes:.0f} minutes on task {uid}: see its log"


def failure_code(task: Task) -> str:
    """Meilisearch's name for why a task failed."""
    return str((task.error or {}).get("code", "unknown"))


def is_documents_fault(task: Task) -> bool:
    """Whether a task failed for what it was sent, rather than for the state of the server or of the index."""
    invalid = (task.error or {}).get("type") == "invalid_request"
    return invalid and not failure_code(task).startswith("index_")
