"""Who may still write: the engines ask this right before anything leaves this process.

A process may be paused between any check of its lease and what it does next, and wake when another has taken
its place. So whoever holds a lease fences its thread, and an engine asks at the last moment: before each
piece that is sent to a server, and before each step that changes what is on disk. Between asking and doing
nothing is left but the call itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Raises where this process may no longer write.
Fence = Callable[[], None]

_FENCES: ContextVar[tuple[Fence, ...]] = ContextVar("fences", default=())


@contextmanager
def fenced(fence: Fence) -> Iterator[None]:
    """Have everything that this thread writes inside the block ask `fence` first, and those around it."""
    token = _FENCES.set((*_FENCES.get(), fence))
    try:
        yield
    finally:
        _FENCES.reset(token)


def ask() -> None:
    """Raise what a fence raises where this thread may no longer write. Cheap."""
    for fence in _FENCES.get():
        fence()
