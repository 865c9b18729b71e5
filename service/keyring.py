"""The keys that open the service, of which only digests are kept."""

import hashlib
import hmac
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from customers.errors import ConfigurationError

_NAMED = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,31}):(.*)", re.DOTALL)
_SENDABLE = re.compile(r"[ -~]+")
_IS_DIGEST = "sha256:"
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})", re.IGNORECASE)

# Characters. Below, trying them all may be worth a stranger's while: nothing else keeps a guesser out.
SHORTEST_KEY = 16

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    digest: bytes
    is_short: bool


class Keyring:
    """Several keys, so that a new one can be handed out before the old one is taken away.

    Each is `KEY` or `NAME:KEY`, and KEY may be `sha256:` with the 64 hex digits of its SHA-256. A key without
    a name is called `key-1`, `key-2` … by its place. Safe to share between threads; `replace` while in use.
    Raises ConfigurationError, which never quotes a key.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys: tuple[_Key, ...] = ()
        self.replace(keys)

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def short(self) -> int:
        """How many are shorter than SHORTEST_KEY, as far as they can be seen."""
        return sum(key.is_short for key in self._keys)

    def warn_of_short(self) -> None:
        """Say in the log where there are such."""
        if self.short:
            logger.warning(
                "[service] api_keys: %d shorter than %d characters, which can be guessed: "
                "make longer ones, as openssl rand -hex 16 does",
                self.short,
                SHORTEST_KEY,
            )

    def replace(self, keys: Sequence[str]) -> None:
        """Take these keys from the next request on; where one of them is wrong, the old ones stay."""
        read = tuple(_read(text, place) for place, text in enumerate(keys, start=1))
        names = [key.name for key in read]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ConfigurationError(f"[service] api_keys: two keys are named {twice!r}: rename one")
        self._keys = read

    def name_of(self, key: str) -> str | None:
        """The name of the key equal to `key`, or None. Takes the same time whichever it is, if any."""
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
        found = None
        for known in self._keys:
            if hmac.compare_digest(known.digest, digest):
                found = known.name
        return found


def _read(text: str, place: int) -> _Key:
    name, key = f"key-{place}", text
    named = _NAMED.fullmatch(text)
    if named and not text.lower().startswith(_IS_DIGEST):
        name, key = named[1], named[2]
    if key.strip() != key or not key:
        raise ConfigurationError(
            f"[service] api_keys: key {place} is empty or has a space at an end: check the variable or file"
        )
    if not _SENDABLE.fullmatch(key):
        # Clients differ in how they encode it in a header, or refuse to.
        raise ConfigurationError(
            f"[service] api_keys: key {place} has a character that a header cannot carry: "
            "make one of ASCII letters, digits and signs"
        )
    digest = _DIGEST.fullmatch(key)
    if digest:
        return _Key(name, bytes.fromhex(digest[1]), is_short=False)
    if key.lower().startswith(_IS_DIGEST):
        raise ConfigurationError(
            f"[service] api_keys: key {place} starts with sha256: but 64 hex digits do not follow"
        )
    digest_of_key = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
    return _Key(name, digest_of_key, is_short=len(key) < SHORTEST_KEY)
