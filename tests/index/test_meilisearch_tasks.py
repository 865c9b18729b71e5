"""Following tasks, with a clock of the test's own: the server's answers are made up here, so no time
passes."""

from collections.abc import Iterator
from typing import Any

import pytest
from meilisearch.models.task import TaskInfo

from customers.errors import EngineError, EngineUnavailable
from index.meilisearch_http import Client
from index.meilisearch_tasks import Tasks

TASK: dict[str, Any] = {"uid": 7, "type": "documentAdditionOrUpdate", "enqueuedAt": "2026-11-24T01:00:00.5Z"}
INFO = TaskInfo(task_uid=7, index_uid="customers", status="enqueued", type="", enqueued_at=TASK["enqueuedAt"])


class Time:
    """A clock that only sleeping moves on."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


class Answers(Client):
    """A client whose server answers `statuses` in turn, the last one for ever."""

    def __init__(self, *statuses: str, error: dict[str, str] | None = None, moving: bool = False) -> None:
        super().__init__(
            "http://127.0.0.1:7700", None, key_name="[index] admin_key", timeout=1, patient=False
        )
        self._statuses = list(statuses)
        self._error = error
        self._moving = moving
        self._steps: Iterator[int] = iter(range(10**9))
        self.http.get = self._get  # type: ignore[method-assign]
        self.task_handler.http = self.http

    def _get(self, path: str) -> Any:
        if path.startswith("batches"):
            progress = {"percentage": next(self._steps) if self._moving else 12.5}
            return {"results": [{"uid": 3, "progress": progress}]}
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        return {**TASK, "status": status, "error": self._error}


def test_polls_grow_from_50_ms_to_2_s() -> None:
    time = Time()
    Tasks(Answers(*["processing"] * 40, "succeeded"), clock=time.clock, sleep=time.sleep).finish(INFO)
    assert time.pauses[0] == pytest.approx(0.05)
    assert time.pauses == sorted(time.pauses)
    assert max(time.pauses) == pytest.approx(2.0)


def test_a_task_that_was_done_at_once_is_not_waited_for() -> None:
    time = Time()
    assert Tasks(Answers("succeeded"), clock=time.clock, sleep=time.sleep).finish(INFO).uid == 7
    assert time.pauses == []


def test_a_task_may_take_hours_as_long_as_the_server_moves() -> None:
    time = Time()
    answers = Answers(*["processing"] * 3000, "succeeded", moving=True)
    Tasks(answers, clock=time.clock, sleep=time.sleep).finish(INFO)
    assert time.now > 3600


def test_a_server_on_which_nothing_moves_raises_the_alarm() -> None:
    time = Time()
    with pytest.raises(EngineUnavailable, match="has not moved for 10 minutes on task 7"):
        Tasks(Answers("enqueued"), clock=time.clock, sleep=time.sleep).finish(INFO)
    assert 600 < time.now < 620


def test_a_failed_task_is_an_error_without_what_meilisearch_said() -> None:
    answers = Answers("failed", error={"code": "invalid_document_id", "message": "Lars Hansen", "type": "x"})
    with pytest.raises(
        EngineError, match=r"failed to do documentAdditionOrUpdate: invalid_document_id"
    ) as caught:
        Tasks(answers).finish(INFO)
    assert "Lars" not in str(caught.value)


def test_a_full_disk_is_retryable_and_says_so() -> None:
    answers = Answers("failed", error={"code": "no_space_left_on_device", "message": "", "type": "system"})
    with pytest.raises(EngineUnavailable, match=r"the disk of Meilisearch .* is full"):
        Tasks(answers).finish(INFO)


def test_a_canceled_task_is_an_error() -> None:
    with pytest.raises(EngineError, match=r"task 7 of Meilisearch .* was canceled by someone"):
        Tasks(Answers("processing", "canceled"), sleep=Time().sleep).finish(INFO)
