"""Who may ask: a key is looked for in each request, wrong ones are counted and slowed."""

import ipaddress
from collections.abc import Mapping
from functools import lru_cache

from flask import request

from service.credentials import key_in
from service.errors import Problem, refuse_field, seconds_header, try_later
from service.keyring import Keyring
from service.metrics import Metrics
from service.proxies import PASSED_ON, is_loopback
from service.request_log import course
from service.settings import ServiceSettings
from service.throttle import MOST_CALLERS, Throttle

# An address may be wrong ten times at once, then once in six seconds: 10 a minute.
WRONG_KEYS_BURST = 10
WRONG_KEYS_PER_SECOND = 1 / 6
# In the environ, where the server can: called, it has this answer wait for a while, and closes the connection
# after it.
HOLD_BACK = "customer_lookup.hold_back"


class Gate:
    """Lets a request in or raises the Problem that says why not. Safe to share between threads."""

    def __init__(self, settings: ServiceSettings, keyring: Keyring, metrics: Metrics) -> None:
        self._keyring = keyring
        self._allow_query_key = settings.allow_query_key
        self._metrics = metrics
        self._how = "a valid key is needed, as X-API-Key, Authorization: Bearer or HTTP Basic's password"
        if settings.allow_query_key:
            self._how += ", or as ?apikey="
        self._wrong = Throttle(WRONG_KEYS_PER_SECOND, WRONG_KEYS_BURST)
        rate = settings.requests_per_second
        self._requests = Throttle(rate, burst=max(1.0, 2 * rate)) if rate > 0 else None

    def admit(self) -> None:
        """Check the key of the current request; its name is then known to the log."""
        if not len(self._keyring):
            _admit_without_keys()
            return
        name = self._checked(self._presented())
        course().key_name = name
        if self._requests is not None and (wait := self._requests.take(name)):
            self._metrics.refused("rate")
            raise try_later(429, "this key asks too often", wait, "rate_limited")

    def _presented(self) -> str:
        """The key as the request brings it; the first of header, Authorization and query."""
        key = key_in(request.headers.get("X-API-Key"), request.headers.get("Authorization"))
        if not key and self._allow_query_key:
            key = _query_key()
        if not key:
            self._metrics.refused("no_key")
            raise _unauthorized(self._how)
        return key

    def _checked(self, key: str) -> str:
        """The name of the right `key`, which is let in however many wrong ones come from its address: the
        stranger who sends them may be in the same shop as the till."""
        name = self._keyring.name_of(key)
        if name is not None:
            return name
        wait = self._wrong.take(_network_of(request.remote_addr or ""))
        if wait:
            self._metrics.refused("guessing")
            request.environ.get(HOLD_BACK, _answer_at_once)()
            raise _unauthorized("too many wrong keys came from this address: wait", seconds_header(wait))
        self._metrics.refused("wrong_key")
        raise _unauthorized(self._how)


def _answer_at_once() -> None:
    """What a server does that cannot hold an answer back, or only by keeping a thread from a till."""


def _query_key() -> str | None:
    keys = request.args.getlist("apikey")
    if len(keys) > 1:
        refuse_field("apikey", "given twice")
    return keys[0] if keys else None


def _unauthorized(detail: str, headers: Mapping[str, str] | None = None) -> Problem:
    # Bearer alone: with Basic here, a browser would open its own password window over our page.
    challenge = {"WWW-Authenticate": 'Bearer realm="customer-lookup"'}
    return Problem(401, detail, headers={**challenge, **(headers or {})})


def _admit_without_keys() -> None:
    """Without keys, only this machine. The Host is looked at because a web page elsewhere can point a name of
    its own at 127.0.0.1 and let the browser of this machine ask (DNS rebinding). What a proxy passes on is
    refused, whoever it says to ask for: one on this machine comes from 127.0.0.1, and may put that as the
    Host, for all whom it lets in."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    ours = is_loopback(request.remote_addr or "") and is_loopback(host)
    if not ours or request.environ.get(PASSED_ON):
        raise Problem(
            401, "no [service] api_keys are configured: only this machine itself may ask, through no proxy"
        )


@lru_cache(MOST_CALLERS)
def _network_of(address: str) -> str:
    """The address; for IPv6 its /64, since that is what one household or attacker has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
