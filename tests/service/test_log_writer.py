"""The thread that writes the log."""

import json
import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO

import pytest

from service import log_writer, logs
from tests.log_restored import log_restored
from tests.small_pipe import small_pipe

log = logging.getLogger("test")


@contextmanager
def logging_to(stream: IO[str]) -> Iterator[None]:
    """All that is logged goes to `stream`, by the writer."""
    with log_restored():
        logs.configure(stream=stream)
        with log_writer.log_writer():
            yield


@pytest.fixture
def pipe() -> Iterator[tuple[IO[str], IO[str]]]:
    """A small pipe's two ends, to read and to write."""
    reader, writer = small_pipe()
    with os.fdopen(reader, encoding="utf-8") as read, os.fdopen(writer, "w", encoding="utf-8") as write:
        yield read, write


def test_every_line_is_written_in_order_before_the_block_ends(pipe: tuple[IO[str], IO[str]]) -> None:
    read, write = pipe
    with logging_to(write):
        for number in range(20):
            log.info("line %s, Ærø", number)
    write.close()
    assert [line.partition('"message": ')[2] for line in read] == [
        f'"line {number}, \\u00c6r\\u00f8"}}\n' for number in range(20)
    ]


def test_lines_that_nobody_reads_are_lost_and_counted(
    pipe: tuple[IO[str], IO[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_writer, "MOST_LINES", 10)
    monkeypatch.setattr(log_writer, "FLUSH_S", 30)
    read, write = pipe
    with ThreadPoolExecutor(1) as pool, logging_to(write):
        for number in range(1_000):
            log.info("line %s", number)
        reading = pool.submit(list, read)
        (handler,) = logging.getLogger().handlers
        handler.flush()
        log.info("the last line")
        handler.flush()
        write.close()
        lines = [json.loads(line) for line in reading.result()]
    lost = sum(line.get("lines", 0) for line in lines)
    assert lost > 0
    assert sum(line["message"].startswith("line ") for line in lines) + lost == 1_000
    assert lines[-1]["message"] == "the last line"


def test_a_reader_that_has_gone_holds_nobody_up(pipe: tuple[IO[str], IO[str]]) -> None:
    read, write = pipe
    read.close()
    with logging_to(write):
        for number in range(1_000):
            log.info("line %s", number)


def test_what_is_no_file_is_written_as_before(caplog: pytest.LogCaptureFixture) -> None:
    with log_writer.log_writer():
        log.warning("to pytest")
    assert caplog.messages == ["to pytest"]
