"""Reload: takes new keys while the service answers."""

import logging
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue

from customers.errors import ConfigurationError, CustomerLookupError
from service.keyring import Keyring

logger = logging.getLogger(__name__)


class Reload:
    """Makes the keys of `keyring` those that `read` answers, whenever it is asked to. Where they are wrong,
    or none are left, the old ones stay, and the log says why: a file that was cut off opens no service.

    In a thread of its own: a signal may come in the middle of a line of the log, and reading takes time that
    the tills would wait.
    """

    def __init__(self, keyring: Keyring, read: Callable[[], Sequence[str]]) -> None:
        self._keyring = keyring
        self._read = read
        self._asked: SimpleQueue[None] = SimpleQueue()
        threading.Thread(target=self._work, name="reload", daemon=True).start()

    def ask(self) -> None:
        """For a signal handler: returns at once."""
        self._asked.put(None)

    def _work(self) -> None:
        while True:
            self._asked.get()
            while not self._asked.empty():  # who asks many times gets it once
                self._asked.get()
            try:
                self._reload()
            except CustomerLookupError as error:
                logger.error("the keys were not reloaded: %s", error)  # noqa: TRY400 - a sentence, no traceback
            except Exception:
                logger.exception("the keys were not reloaded, by a mistake")

    def _reload(self) -> None:
        keys = self._read()
        if self._keyring and not keys:
            raise ConfigurationError(
                "[service] api_keys is empty now, and whoever reaches the service would need none: to serve "
                "without keys, start it anew"
            )
        self._keyring.replace(keys)
        self._keyring.warn_of_short()
        logger.info("the keys were reloaded", extra={"fields": {"keys": len(keys)}})
