"""What the service needs to know of the configuration: [service] in lookup.toml."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """`api_keys` are secrets, never logged; each is `KEY`, `NAME:KEY`, and KEY may be `sha256:` and 64 hex
    digits instead of the key itself. Without any, only a loopback `host` may be bound.

    `default_currency` (ISO 4217) is the one of an answer to a lookup that names none; None: no amounts then.
    `limit` is how many customers an answer has where the lookup does not say.
    `requests_per_second` is what one key may ask for, lasting; 0 is no limit. `deadline` is the longest that
    a lookup waits for everything together. `stale_after` is the age from which the index is reported as
    stale. `trusted_proxies` are addresses or networks (`10.0.0.0/8`) whose X-Forwarded-* headers are
    believed; `path_prefix` (`/customers-api`) is where a proxy puts the service. `cors_origins` are the web
    pages (`https://pos.example`) that may read answers in a browser.
    `processes` answer from one socket; in each `threads` answer at once, and `queue` more requests may wait
    for one (of those with a right key: see service.lanes).
    """

    host: str = "127.0.0.1"
    port: int = 8080
    api_keys: tuple[str, ...] = field(default=(), repr=False)
    allow_query_key: bool = False
    default_currency: str | None = None
    limit: int = 20
    balance_shape: Literal["number", "object"] = "number"
    live_balances: bool = False
    requests_per_second: float = 1000.0
    deadline: timedelta = timedelta(seconds=2)
    stale_after: timedelta = timedelta(minutes=15)
    trusted_proxies: tuple[str, ...] = ()
    path_prefix: str = ""
    cors_origins: tuple[str, ...] = ()
    processes: int = 1
    threads: int = 8
    queue: int = 128
