"""Keeping a loading process small: what merges have read, and what is free again, is let go.

Tantivy maps its files into memory. A merge reads whole segments, and Linux counts each page read as the
process's own until somebody else needs the memory, so that a load seems to take more memory the larger the
table is. And Tantivy takes its heap in pieces of 1 MB for each segment, which the C library keeps for later,
among others that are in use, once it has seen one come back.
"""

import ctypes
import os
import re
import sys
import threading
from pathlib import Path

# Of Linux's <asm-generic/mman-common.h>, since 5.4: put out pages that can be read again. Nothing can be
# lost, not even where a file was unmapped, and its address used again, since the maps were read.
_MADV_PAGEOUT = 21
_MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+ +(.*)$", re.MULTILINE)

# Seconds between two looks at how much there is, which costs next to nothing.
_PAUSE = 0.1
# Letting go costs time, since what is still needed is read again: only what has grown by so many bytes.
_GROWTH = 20_000_000
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


# Of glibc's <malloc.h>: pieces of so many bytes go back to the system when they are free. It is where glibc
# begins; said aloud, it stays there.
_M_MMAP_THRESHOLD = -3
_RETURNED_FROM = 128 * 1024


def return_free_memory() -> None:
    """Have large pieces of memory returned to the system once they are free, where the C library can."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _RETURNED_FROM)


class PageRelease:
    """Lets go of the pages of the files in `folder`, over and over from `start` to `stop`."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder.resolve())
        self._stopped = threading.Event()
        self._least = 0
        self._thread = threading.Thread(target=self._run, name="page-release", daemon=True)

    def start(self) -> None:
        """Begin, once; on Linux, since nowhere else are the pages counted so."""
        if sys.platform == "linux" and self._thread.ident is None:
            self._least = _file_bytes()
            self._thread.start()

    def stop(self) -> None:
        """Return once it has ended."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        advise = ctypes.CDLL(None).madvise
        least = self._least
        while not self._stopped.wait(_PAUSE):
            held = _file_bytes()
            least = min(least, held)
            if held < least + _GROWTH:
                continue
            for start, end in self._mappings():
                # What it answers does not matter: an older kernel refuses, and only memory is lost.
                advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_PAGEOUT)

    def _mappings(self) -> list[tuple[int, int]]:
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
        return [
            (int(start, 16), int(end, 16))
            for start, end, path in _MAPPING.findall(maps)
            if path.startswith(self._folder)
        ]


def _file_bytes() -> int:
    """How much of this process's memory is pages of files."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[2]) * _PAGE
