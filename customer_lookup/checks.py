"""What `customer-lookup doctor` looks at. Each check says what it found and what to do."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from customer_lookup.configuration import Configuration
from customer_lookup.missing_indexes import missing_indexes
from customer_lookup.wiring import opened_index, opened_source, opened_state
from customers.errors import CustomerLookupError, NoLiveGeneration
from service.keyring import SHORTEST_KEY, Keyring
from sync.clock import hours_behind
from sync.mapping import separate_balances
from sync.source import Source

# A newest time so many hours ago may be of now, in another zone: none is further from UTC or a neighbour.
ANOTHER_ZONE = (0.5, 15.0)


class Verdict(StrEnum):
    """How bad a finding is. Only `wrong` keeps customer-lookup from working."""

    GOOD = "ok"
    ADVICE = "advice"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's. `exit_code` is that of the error behind it, 0 where there is none."""

    subject: str
    verdict: Verdict
    text: str
    exit_code: int = 0


def examine(configuration: Configuration) -> Iterator[Finding]:
    """Every check, one after another; one that fails keeps none of the others from being made."""
    yield Finding("configuration", Verdict.GOOD, f"{configuration.file} is understood")
    for subject, check in _CHECKS.items():
        try:
            verdict, text = check(configuration)
        except CustomerLookupError as error:
            yield Finding(subject, Verdict.WRONG, str(error), error.exit_code)
        else:
            yield Finding(subject, verdict, text, 1 if verdict is Verdict.WRONG else 0)


_Found = tuple[Verdict, str]


def _source(configuration: Configuration) -> _Found:
    with opened_source(configuration) as source:
        source.check(thorough=True)
        if doubt := _doubted_times(source):
            return Verdict.ADVICE, doubt
        return Verdict.GOOD, f"{source.place}: every key of the mapping fits; {source.count():,} customers"


def _doubted_times(source: Source) -> str | None:
    """Times of another zone than the database's, as far as anybody can tell: a quiet night looks the same."""
    balances = source.settings.balances
    mapped = {"[source] updated_at": source.settings.updated_at is not None}
    if separate_balances(source.settings) and balances is not None:
        mapped["[source.balances] updated_at"] = balances.updated_at is not None
    reading = source.clock()
    for key in (key for key, is_mapped in mapped.items() if is_mapped):
        behind = hours_behind(reading, source.newest_time(of_balance="balances" in key))
        if behind is not None and ANOTHER_ZONE[0] < behind < ANOTHER_ZONE[1]:
            return (
                f"{key}: the newest is {behind:.1f} hours behind the database's clock; if anything changed"
                " since, these times are in another zone than the database's, and a sync misses changes: map"
                " an expression that makes them UTC"
            )
    return None


def _source_indexes(configuration: Configuration) -> _Found:
    if statements := missing_indexes(configuration.source):
        return Verdict.ADVICE, f"a sync reads whole tables; make one: {'; '.join(statements)}"
    if configuration.source.updated_at is None:
        return (
            Verdict.ADVICE,
            "no updated_at: every sync reads all customers; set [source] updated_at if you can",
        )
    return Verdict.GOOD, "what changed is found by an index, or by a query of your own"


def _state(configuration: Configuration) -> _Found:
    with opened_state(configuration) as state, state.read() as connection:
        state.now(connection)
    return Verdict.GOOD, "the state database is there and up to date"


def _index(configuration: Configuration) -> _Found:
    with opened_index(configuration) as index:
        try:
            index.check()
        except NoLiveGeneration as error:
            return Verdict.ADVICE, f"{error}"
        live = next(found for found in index.generations() if found.live)
        return (
            Verdict.GOOD,
            f"generation {live.name} with {live.documents:,} customers, search keys {live.keys}",
        )


def _port(configuration: Configuration) -> _Found:
    host, port = configuration.service.host, configuration.service.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return (
            Verdict.ADVICE,
            f"{host}:{port} cannot be bound ({error.strerror}); fine if customer-lookup already runs there,"
            " else change [service] host or port",
        )
    return Verdict.GOOD, f"{host}:{port} is free"


def _keys(configuration: Configuration) -> _Found:
    keys = Keyring(configuration.service.api_keys)
    if not len(keys):
        return (
            Verdict.ADVICE,
            "no [service] api_keys: only this machine may ask; set one before you open the port",
        )
    if keys.short:
        return Verdict.ADVICE, f"an api key is shorter than {SHORTEST_KEY} characters and may be guessed"
    return Verdict.GOOD, f"{len(keys)} api keys"


_CHECKS: dict[str, Callable[[Configuration], _Found]] = {
    "source": _source,
    "source indexes": _source_indexes,
    "state": _state,
    "index": _index,
    "port": _port,
    "api keys": _keys,
}
