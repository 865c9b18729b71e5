"""What `customer-lookup doctor` looks at in the state database, and compares with it."""

from customer_lookup.configuration import Configuration
from customer_lookup.verdict import Found, Verdict, on_rows_left_out
from customer_lookup.wiring import opened_index, opened_source, opened_state
from customers.errors import SourceError
from sync import generations
from sync.guard import refuse_truncated
from sync.quarantine import Quarantine
from sync.shortfall import left_out_of
from sync.state import State
from sync.trust import unlike


def state(configuration: Configuration) -> Found:
    """Whether the state database can be used, and is whole."""
    with opened_state(configuration) as opened:
        opened.check()
    return Verdict.GOOD, "the state database is there and up to date"


def index_and_state(configuration: Configuration) -> Found:
    """Whether the index has what the state database says."""
    with opened_state(configuration) as opened, opened_index(configuration) as index:
        before = _live(opened)
        generation = next((found for found in index.generations() if found.live), None)
        known = _live(opened)
    if generation is None and known is None:
        return Verdict.GOOD, "nothing is indexed yet, and nothing is noted"
    different = unlike(generation, known)
    if different is None or known != before:
        return Verdict.GOOD, "the index is as the last sync left it, or is being written"
    return Verdict.WRONG, different


def source_and_state(configuration: Configuration) -> Found:
    """Whether the source still has the customers that are indexed."""
    with opened_state(configuration) as opened, opened_source(configuration) as source:
        known = _live(opened)
        found = source.count()
    try:
        refuse_truncated(found, (known.documents or 0) if known else 0)
    except SourceError as error:
        return Verdict.WRONG, str(error)
    return Verdict.GOOD, "the source has not lost most of the customers that are indexed"


def quarantine(configuration: Configuration) -> Found:
    """How many rows are left out, and why."""
    with opened_state(configuration) as opened, opened.read() as connection:
        known = generations.live(connection)
        if known is None:
            return Verdict.GOOD, "nothing is indexed yet, so no row is left out"
        left_out = Quarantine(known.name).count(connection)
        if not left_out:
            return Verdict.GOOD, "no row is left out of the index"
        verdict = on_rows_left_out(left_out, left_out + (known.documents or 0))
        return verdict, left_out_of(connection, known, left_out)


def _live(state: State) -> generations.Known | None:
    with state.read() as connection:
        return generations.live(connection)
