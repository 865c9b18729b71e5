"""What `customer-lookup doctor` looks at. Each check says what it found and what to do."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from customer_lookup import service_checks, source_checks, state_checks
from customer_lookup.configuration import Configuration
from customer_lookup.verdict import Found, Verdict
from customer_lookup.wiring import opened_index
from customers.errors import ConfigurationError, CustomerLookupError, NoLiveGeneration


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's. `exit_code` is that of the error behind it, 0 where there is none."""

    subject: str
    verdict: Verdict
    text: str
    exit_code: int = 0


def examine(configuration: Configuration) -> Iterator[Finding]:
    """Every check, one after another. One that fails keeps none of the others from being made, but those that
    look further into the same thing: they would only fail again, in other words."""
    yield Finding("configuration", Verdict.GOOD, f"{configuration.file} is understood")
    failed: set[str] = set()
    for subject, (check, needs) in _CHECKS.items():
        if failed.isdisjoint(needs):
            finding = _made(subject, check, configuration)
            failed |= {subject} if finding.verdict is Verdict.WRONG else set()
            yield finding


def _made(subject: str, check: Callable[[Configuration], Found], configuration: Configuration) -> Finding:
    try:
        verdict, text = check(configuration)
    except CustomerLookupError as error:
        return Finding(subject, Verdict.WRONG, str(error), error.exit_code)
    return Finding(subject, verdict, text, 1 if verdict is Verdict.WRONG else 0)


def _index(configuration: Configuration) -> Found:
    with opened_index(configuration) as index:
        try:
            index.check()
        except NoLiveGeneration as error:
            if configuration.index.engine == "embedded":
                _refuse_unwritable(configuration)
            return Verdict.ADVICE, f"{error}; `run` and `worker` do so by themselves"
        live = next(found for found in index.generations() if found.live)
        return (
            Verdict.GOOD,
            f"generation {live.name} with {live.documents:,} customers, search keys {live.keys}",
        )


def _refuse_unwritable(configuration: Configuration) -> None:
    """Raise ConfigurationError where the embedded index could not be made: tried, and taken away again."""
    path = configuration.index.path
    there = next(place for place in (path, *path.parents) if place.exists())
    try:
        with tempfile.TemporaryDirectory(prefix=".doctor-", dir=there):
            pass
    except OSError as error:
        raise ConfigurationError(
            f"{configuration.file}: [index] path: {path} cannot be made ({error.strerror}); name a folder"
            " where this user may write"
        ) from None


# Each with those without which it is not made.
_CHECKS: dict[str, tuple[Callable[[Configuration], Found], tuple[str, ...]]] = {
    "source": (source_checks.source, ()),
    "source rows": (source_checks.source_rows, ("source",)),
    "source indexes": (source_checks.source_indexes, ("source",)),
    "state": (state_checks.state, ()),
    "index": (_index, ()),
    "index and state": (state_checks.index_and_state, ("state", "index")),
    "source and state": (state_checks.source_and_state, ("source", "state")),
    "quarantine": (state_checks.quarantine, ("state",)),
    "service": (service_checks.service, ("state", "index")),
    "port": (service_checks.port, ()),
    "api keys": (service_checks.api_keys, ()),
}
