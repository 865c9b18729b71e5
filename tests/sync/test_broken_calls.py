"""Every call that leaves the process fails in turn: the request is lost, or its answer is; a statement is
refused; a transaction breaks off before or after it took effect. Afterwards the index equals the table."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from customers.errors import CustomerLookupError, EngineUnavailable
from sync.context import SyncContext
from sync.incremental import sync
from tests.index.proxy import Action, Proxy, Rule, lose_answer, lose_request
from tests.sync.killing import JOBS, Setup, Steps
from tests.sync.merchant import Merchant
from tests.sync.recovery import change, prepare, recover

LOSSES: dict[str, Action] = {"request": lose_request, "answer": lose_answer}
WAYS = [
    ("embedded", "statement"),
    ("embedded", "step"),
    *(
        pytest.param("meilisearch", way, marks=pytest.mark.meilisearch(replay=False))
        for way in ("request", "answer", "step")
    ),
]


class Failing(Steps):
    """Fails at step `last`, where other Steps kill."""

    def __init__(self, last: int) -> None:
        super().__init__(last, signal.SIGKILL)

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise EngineUnavailable("broken by the test")


class Network(Proxy):
    """Does `action` to one request, whichever it is."""

    def __init__(self, target: str, steps: Steps, action: Action) -> None:
        super().__init__(target)
        self.steps = steps
        self.action = action

    def rule_for(self, method: str, path: str) -> Rule | None:
        with self.lock:
            self.steps.left -= 1
            return Rule(method, path, self.action) if self.steps.left == 0 else None


@contextmanager
def troubled(setup: Setup, way: str, steps: Failing) -> Iterator[SyncContext]:
    """A context in which one call fails."""
    if way in LOSSES:
        assert setup.meilisearch is not None
        url, search_key, admin_key, name = setup.meilisearch
        with (
            Network(url, steps, LOSSES[way]) as network,
            replace(setup, meilisearch=(network.url, search_key, admin_key, name)).opened() as context,
        ):
            yield context
    elif way == "step":
        with setup.opened(steps=steps) as context:
            yield context
    else:
        with setup.opened() as context:

            def refuse(*_: Any) -> None:
                with suppress(EngineUnavailable):
                    return steps.step()
                raise sqlite3.OperationalError("database is locked")

            for engine in (context.source._engine, context.state._engine):
                event.listen(engine, "do_execute", refuse)
            yield context


def break_at(setup: Setup, merchant: Merchant, job: str, way: str, step: int) -> bool:
    """Whether anything was broken before the job's end."""
    with setup.opened() as context:
        prepare(context, job)
    change(merchant, step + 10)
    steps = Failing(step)
    with suppress(CustomerLookupError), troubled(setup, way, steps) as context:
        JOBS[job](context)
    with setup.opened() as context:
        recover(context, merchant)
    return steps.left <= 0


@pytest.fixture
def trouble(quick: Setup, sqlite_merchant: Merchant, monkeypatch: pytest.MonkeyPatch) -> Setup:
    """A merchant who is indexed, and a source that is asked again at once."""
    monkeypatch.setattr("sync.pages.PAUSES", (0.0,) * 4)
    change(sqlite_merchant, 1)
    with quick.opened() as context:
        sync(context)
    return quick


@pytest.mark.parametrize(("quick", "way"), WAYS, indirect=["quick"])
def test_a_call_that_fails_is_made_up_for(sqlite_merchant: Merchant, trouble: Setup, way: str) -> None:
    for step, job in enumerate(JOBS, start=5):
        assert break_at(trouble, sqlite_merchant, job, way, step)


@pytest.mark.soak
@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize(("quick", "way"), WAYS, indirect=["quick"])
def test_every_call_that_fails_is_made_up_for(
    sqlite_merchant: Merchant, trouble: Setup, way: str, job: str
) -> None:
    step = 1
    while break_at(trouble, sqlite_merchant, job, way, step):
        step += 1
    print(f"{job}: failed at {step - 1} calls, 0 differences")  # noqa: T201
