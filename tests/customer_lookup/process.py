"""Starts the real command in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

COMMAND = str(Path(sys.executable).with_name("customer-lookup"))
PATIENCE_SECONDS = 60.0


@dataclass
class Running:
    """A `customer-lookup run`, `serve` or `demo` that listens on `port`. `log` grows as it writes."""

    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def reload(self) -> None:
        """SIGHUP."""
        self.process.send_signal(signal.SIGHUP)

    def stop(self, timeout: float = 10.0) -> int:
        """SIGTERM; its exit code."""
        self.process.terminate()
        return self.process.wait(timeout)


@contextmanager
def running(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, listens: bool = True
) -> Iterator[Running]:
    """The command, from when it listens until the block ends."""
    process = subprocess.Popen(
        [COMMAND, *map(str, arguments)],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    started = Running(process)
    assert process.stdout is not None
    reader = threading.Thread(target=_read, args=(process.stdout, started), daemon=True)
    reader.start()
    try:
        if listens:
            _wait_for_port(started)
        yield started
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def _read(output: IO[str], started: Running) -> None:
    for line in output:
        started.log.append(line)
        if '"message": "listening"' in line:
            started.port = json.loads(line)["port"]


def _wait_for_port(started: Running) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not started.port:
        assert started.process.poll() is None, "".join(started.log)
        assert time.monotonic() < give_up_at, "".join(started.log)
        time.sleep(0.05)
