"""What `customer-lookup doctor` looks at in the merchant's database."""

from collections import Counter

from customer_lookup.configuration import Configuration
from customer_lookup.missing_indexes import missing_indexes
from customer_lookup.verdict import Found, Verdict, on_rows_left_out
from customer_lookup.wiring import opened_source
from sync.clock import hours_behind
from sync.mapping import Deleted, Fault, separate_balances
from sync.moments import counts_something_else
from sync.shortfall import most_frequent
from sync.source import Source

# A newest time so many hours ago may be of now, in another zone: none is further from UTC or a neighbour.
ANOTHER_ZONE = (0.5, 15.0)


def source(configuration: Configuration) -> Found:
    """Whether every key of the mapping fits."""
    with opened_source(configuration) as opened:
        opened.check(thorough=True)
        if doubt := _doubted_times(opened):
            return Verdict.ADVICE, doubt
        return Verdict.GOOD, f"{opened.place}: every key of the mapping fits; {opened.count():,} customers"


def _doubted_times(source: Source) -> str | None:
    """Times that are read as others than they are, as far as anybody can tell: in another zone than the
    database's, though a quiet night looks the same, or as numbers that do not count from 1970."""
    balances = source.settings.balances
    mapped = {"[source] updated_at": source.settings.updated_at is not None}
    if separate_balances(source.settings) and balances is not None:
        mapped["[source.balances] updated_at"] = balances.updated_at is not None
    reading = source.clock()
    for key in (key for key, is_mapped in mapped.items() if is_mapped):
        newest = source.newest_time(of_balance="balances" in key)
        if counts_something_else(newest):
            return (
                f"{key}: the newest is a number that does not count seconds or milliseconds since 1970, as"
                " numbers are read: a sync misses changes, or reads everything each time; map an expression"
                " that makes it a time"
            )
        behind = hours_behind(reading, newest)
        if behind is not None and ANOTHER_ZONE[0] < behind < ANOTHER_ZONE[1]:
            return (
                f"{key}: the newest is {behind:.1f} hours behind the database's clock; if anything changed"
                " since, these times are in another zone than the database's, and a sync misses changes: map"
                " an expression that makes them UTC"
            )
    return None


def source_rows(configuration: Configuration) -> Found:
    """Whether the first rows make customers: a page of a reindex, read as a reindex reads it."""
    with opened_source(configuration) as opened:
        page = next(iter(opened.scan()), None)
    tried = [entry for entry in (page.entries if page else ()) if not isinstance(entry, Deleted)]
    faults = [entry.reason for entry in tried if isinstance(entry, Fault)]
    if not tried:
        return Verdict.ADVICE, "there is no customer to try; is this the right database?"
    if not faults:
        return Verdict.GOOD, f"{len(tried):,} were tried, and each makes a customer"
    said = f"{len(faults):,} of the {len(tried):,} that were tried would be left out of the index"
    verdict = on_rows_left_out(len(faults), len(tried))
    return verdict, f"{said}, {most_frequent(Counter(faults))}; correct the mapping, or the rows"


def source_indexes(configuration: Configuration) -> Found:
    """Whether what changed is found without reading all."""
    if statements := missing_indexes(configuration.source):
        return Verdict.ADVICE, f"a sync reads whole tables; make one: {'; '.join(statements)}"
    if configuration.source.updated_at is None:
        return (
            Verdict.ADVICE,
            "no updated_at: every sync reads all customers; set [source] updated_at if you can",
        )
    return Verdict.GOOD, "what changed is found by an index, or by a query of your own"
