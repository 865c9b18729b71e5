"""The product's own command, run as a merchant runs it, and what it took."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.customer_lookup.process import COMMAND, Running, running


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


@contextmanager
def serving(file: Path) -> Iterator[Running]:
    """`customer-lookup serve`."""
    with running("serve", "--config", file) as service:
        yield service


def resident(service: Running) -> int:
    """The memory of the process now, in bytes."""
    return _bytes(service.process.pid, "VmRSS")


def _bytes(process: int, kind: str) -> int:
    """The process's memory; 0 once it has ended. What `wait4` tells includes its parent's at the fork."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = re.search(rf"{kind}:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0
