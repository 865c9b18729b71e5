"""Signals, answered for as long as a block runs."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def handled(handlers: Mapping[signal.Signals, Callable[[], None]]) -> Iterator[None]:
    """Call these when told so; afterwards all is as before. For the main thread."""
    former = {number: signal.signal(number, _handler(handler)) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _handler(handler: Callable[[], None]) -> Callable[[int, object], None]:
    return lambda _signal, _frame: handler()
