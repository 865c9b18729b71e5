"""The product's own command, run as a merchant runs it, and what it took."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.customer_lookup.process import COMMAND


@dataclass(frozen=True)
class Ran:
    """`seconds` is wall time of the whole process, `memory` its peak in bytes, `said` what it wrote."""

    seconds: float
    memory: int
    said: str


@dataclass(frozen=True)
class Reindexed:
    """`seconds` is wall time of the whole process, `memory` its peak in bytes."""

    rows: int
    seconds: float
    memory: int

    @property
    def rate(self) -> float:
        """Rows per second, from start to end of the process."""
        return self.rows / self.seconds


def reindex(file: Path, output: Path) -> Reindexed:
    """`customer-lookup reindex`, measured from outside."""
    ran = run("reindex", file, output)
    found = re.search(r"([\d,]+) read", ran.said)
    rows = int(found[1].replace(",", "")) if found else 0
    return Reindexed(rows, ran.seconds, ran.memory)


def run(verb: str, file: Path, output: Path) -> Ran:
    """A command that ends by itself, measured from outside. Raises RuntimeError where it fails."""
    began = time.monotonic()
    with output.open("w+", encoding="utf-8") as written:
        process = subprocess.Popen([COMMAND, verb, "--config", str(file)], stdout=written, stderr=written)
        memory = 0
        while process.poll() is None:
            memory = _bytes(process.pid, "VmHWM") or memory
            time.sleep(0.1)
        seconds = time.monotonic() - began
    said = output.read_text(encoding="utf-8")
    if process.returncode:
        raise RuntimeError(said)
    return Ran(seconds, memory, said)


@dataclass(frozen=True)
class Serving:
    """A `customer-lookup serve` that listens on `port`."""

    port: int
    process: int


@contextmanager
def serving(file: Path) -> Iterator[Serving]:
    """`customer-lookup serve`. Its log goes into a file: reading it here would cost what is measured."""
    said = file.with_name("serve.log")
    with said.open("w", encoding="utf-8") as log:
        service = subprocess.Popen([COMMAND, "serve", "--config", str(file)], stdout=log, stderr=log)
    try:
        yield Serving(_port(said), service.pid)
    finally:
        service.terminate()
        service.wait(20)


def _port(said: Path) -> int:
    for _ in range(300):
        found = re.search(r'"message": "listening".*"port": (\d+)', said.read_text(encoding="utf-8"))
        if found:
            return int(found[1])
        time.sleep(0.1)
    raise RuntimeError(said.read_text(encoding="utf-8"))


def resident(process: int) -> int:
    """The memory of a process and its children now, in bytes."""
    return sum(_bytes(each, "VmRSS") for each in _family(process))


def processor(process: int) -> float:
    """Seconds of processor time that a process and its children have had: on a machine that others use too,
    this says more than the clock."""
    ticks = 0
    for each in _family(process):
        fields = Path(f"/proc/{each}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(process: int) -> list[int]:
    """It and the processes that it started, as Linux tells."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
    return [process, *map(int, children.split())]


def _bytes(process: int, kind: str) -> int:
    """The process's memory; 0 once it has ended. What `wait4` tells includes its parent's at the fork."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = re.search(rf"{kind}:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0
