"""Letting go of file pages: it loses nothing, and can always be asked to."""

import ctypes
import mmap
import re
import sys
import time
from pathlib import Path

import pytest

from index.tantivy_memory import PageRelease, return_free_memory


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


def own_memory() -> int:
    """How many kB this process holds that are no pages of files."""
    found = re.search(r"RssAnon:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1])


@pytest.mark.skipif(sys.platform != "linux", reason="other C libraries have other ways")
def test_large_pieces_are_returned_though_others_lie_between(tmp_path: Path) -> None:
    library = ctypes.CDLL(None)
    library.malloc.restype = ctypes.c_void_p
    library.free.argtypes = [ctypes.c_void_p]
    library.free(library.malloc(30_000_000))  # from here on glibc would keep what is smaller than that
    return_free_memory()
    before = own_memory()
    pieces, between = [], []
    for _ in range(50):
        pieces.append(library.malloc(1_000_000))
        ctypes.memset(pieces[-1], 1, 1_000_000)
        between.append(library.malloc(1_000))
    for piece in pieces:
        library.free(piece)
    kept = own_memory() - before
    for piece in between:
        library.free(piece)
    assert kept < 25_000  # of 50,000, and what other threads of this process took meanwhile
