"""A request counts from when it came in, whatever it waited for before a thread looked at it."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from service.metrics import STAGES
from tests.service.running import running


def stages_of(answer: requests.Response) -> dict[str, float]:
    """Milliseconds by stage, as its Server-Timing has them."""
    timing = re.findall(r"(\w+);dur=([\d.]+)", answer.headers["Server-Timing"])
    return {stage: float(spent) for stage, spent in timing}


def test_what_a_lookup_waits_for_a_thread_is_told(folder: Path) -> None:
    """In Server-Timing, in the log and in the metrics: it was in none of them."""
    with running(folder, threads=1) as server:
        with ThreadPoolExecutor(5) as tills:
            answers = list(tills.map(lambda _: server.look_up("wait"), range(5)))
        page = requests.get(f"{server.url}/metrics", timeout=10).text
    timings = [stages_of(answer) for answer in answers]
    waited_ms, stages = max(
        (answer.elapsed.total_seconds() * 1000, timing)
        for answer, timing in zip(answers, timings, strict=True)
    )
    # Each but the first waits for those before it, which take a quarter of a second.
    assert waited_ms > 600
    assert tuple(stages) == STAGES
    assert stages["wait"] > 0.5 * waited_ms
    assert sum(stages.values()) > 0.8 * waited_ms
    lines = [json.loads(line) for line in (folder / "log.txt").read_text().splitlines()]
    assert max(line.get("ms", 0) for line in lines) >= sum(stages.values())
    found = re.findall(r"^(\w+_seconds_sum\S*) (.*)$", page, re.MULTILINE)
    sums = {name: float(seconds) for name, seconds in found}
    all_ms = sum(sum(timing.values()) for timing in timings)
    assert sums["customer_lookup_lookup_seconds_sum"] == pytest.approx(all_ms / 1000, abs=0.01)
    waits_ms = sum(timing["wait"] for timing in timings)
    assert sums['customer_lookup_stage_seconds_sum{stage="wait"}'] == pytest.approx(waits_ms / 1000, abs=0.01)
