"""Signals, answered for as long as a block runs."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

# Asks for new keys. Windows does not have it.
RELOAD: signal.Signals | None = getattr(signal, "SIGHUP", None)


def keep_reload() -> None:
    """From now on, a RELOAD waits until `handled` answers it; unanswered it would end the process. So it does
    in every thread and process that this thread starts."""
    if RELOAD is not None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {RELOAD})


@contextmanager
def reload_kept() -> Iterator[None]:
    """Like `keep_reload`, for a process that is started in the block: it keeps one from its first moment."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    keep_reload()
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def handled(handlers: Mapping[signal.Signals, Callable[[], None]]) -> Iterator[None]:
    """Call these when told so, and at once for what was kept; afterwards all is as before. For the main
    thread."""
    former = {number: signal.signal(number, _handler(handler)) for number, handler in handlers.items()}
    try:
        with _let_in(handlers):
            yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


@contextmanager
def _let_in(numbers: Mapping[signal.Signals, object]) -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _handler(handler: Callable[[], None]) -> Callable[[int, object], None]:
    return lambda _signal, _frame: handler()
