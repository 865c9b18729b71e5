"""What `customer-lookup doctor` looks at of the service, with the functions that `serve` begins with."""

import errno

from customer_lookup.configuration import Configuration
from customer_lookup.verdict import Found, Verdict
from customer_lookup.wiring import make_app, naming, opened_index, opened_state
from customers.errors import ConfigurationError
from service.keyring import SHORTEST_KEY, Keyring
from service.listening import listening_sockets


def service(configuration: Configuration) -> Found:
    """Whether `serve` would take [service], and whether all in it can have an effect."""
    settings = configuration.service
    with opened_state(configuration) as state, opened_index(configuration) as index:
        make_app(configuration, index, state, None)
    if settings.trusted_proxies and not settings.api_keys:
        return (
            Verdict.WRONG,
            "[service] trusted_proxies without api_keys: nothing that a proxy passes on is answered; add"
            " a key",
        )
    if settings.live_balances and configuration.source.balances is None:
        return (
            Verdict.ADVICE,
            "[service] live_balances without [source.balances]: there are none to ask for; map them, or leave"
            " it out",
        )
    return Verdict.GOOD, "[service] is accepted"


def port(configuration: Configuration) -> Found:
    """Whether the address can be listened on."""
    place = f"{configuration.service.host}:{configuration.service.port}"
    with naming(configuration.file):
        try:
            bound = listening_sockets(configuration.service)
        except ConfigurationError as error:
            if not isinstance(error.__cause__, OSError) or error.__cause__.errno != errno.EADDRINUSE:
                raise
            return (
                Verdict.ADVICE,
                f"{place} is in use; fine if customer-lookup already runs there, else change [service] host"
                " or port",
            )
    for each in bound:
        each.close()
    return Verdict.GOOD, f"{place} is free"


def api_keys(configuration: Configuration) -> Found:
    """Whether there are keys, and none that can be guessed."""
    keys = Keyring(configuration.service.api_keys)
    if not len(keys):
        return (
            Verdict.ADVICE,
            "no [service] api_keys: only this machine may ask; set one before you open the port",
        )
    if keys.short:
        return Verdict.ADVICE, f"an api key is shorter than {SHORTEST_KEY} characters and may be guessed"
    return Verdict.GOOD, f"{len(keys)} api keys"
