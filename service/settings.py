"""What the service needs to know of the configuration: [service] in lookup.toml."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """`api_keys` are secrets: never logged. Without any, only a loopback `host` may be bound.
    `default_currency` (ISO 4217) is the one of an answer to a lookup that names none; None: no amounts then."""

    host: str = "127.0.0.1"
    port: int = 8080
    api_keys: tuple[str, ...] = ()
    allow_query_key: bool = False
    default_currency: str | None = None
    limit: int = 20
    balance_shape: Literal["number", "object"] = "number"
    live_balances: bool = False
