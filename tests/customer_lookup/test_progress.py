"""Progress for a person who watches, and for a file that is read later."""

import io

from customer_lookup.progress import Bar, Lines, watcher


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_file_gets_a_line_every_few_seconds() -> None:
    now = [0.0]
    written = io.StringIO()
    lines = Lines(written, clock=lambda: now[0])
    lines.start("reindex", 1000)
    for _ in range(6):
        now[0] += 2.0
        lines.advance(100)
    lines.finish()
    assert written.getvalue().splitlines() == [
        "reindex of 1,000 rows: started",
        "reindex: 300 rows, 50 rows/s, 14 s left",
        "reindex: 600 rows, 50 rows/s, 8 s left",
        "reindex: 600 rows done, 50 rows/s",
    ]


def test_a_terminal_gets_a_bar_with_the_time_left() -> None:
    terminal = Terminal()
    bar = Bar(terminal)
    bar.start("reindex", 1000)
    bar.advance(1000)
    bar.finish()
    assert "reindex: 100%" in terminal.getvalue()
    assert "rows/s" in terminal.getvalue()


def test_the_stream_decides() -> None:
    assert isinstance(watcher(Terminal()), Bar)
    assert isinstance(watcher(io.StringIO()), Lines)


def test_a_total_nobody_knows() -> None:
    written = io.StringIO()
    lines = Lines(written, clock=lambda: 0.0)
    lines.start("sync", None)
    lines.finish()
    assert written.getvalue().splitlines() == ["sync: started", "sync: 0 rows done, 0 rows/s"]
