"""A pipe that is soon full."""

import fcntl
import os

# The least that Linux gives one: a dozen lines of the log.
SMALLEST = 4096


def small_pipe() -> tuple[int, int]:
    """The descriptors to read from and to write to."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, SMALLEST)
    return reader, writer
