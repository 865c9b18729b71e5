"""Letting go of file pages: it loses nothing, and can always be asked to."""

import mmap
import sys
import time
from pathlib import Path

import pytest

from index.tantivy_memory import PageRelease


def resident(path: Path) -> int:
    """How many kB of the file this process holds."""
    entries = Path("/proc/self/smaps").read_text().split(str(path))
    return sum(int(entry.split("Rss:")[1].split()[0]) for entry in entries[1:])


@pytest.mark.skipif(sys.platform != "linux", reason="pages are counted so on Linux only")
def test_pages_that_were_read_are_let_go_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "segment"
    content = b"lars" * 10_000_000
    file.write_bytes(content)
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        pages = PageRelease(tmp_path)
        pages.start()
        pages.start()
        assert mapped[:] == content
        deadline = time.monotonic() + 10
        while resident(file) > 3_000 and time.monotonic() < deadline:
            time.sleep(0.05)
        pages.stop()
        assert resident(file) < 3_000
        assert mapped[:] == content


def test_what_never_began_can_be_stopped(tmp_path: Path) -> None:
    PageRelease(tmp_path).stop()
