"""How old the index is, and the sentence where that is too old."""

from datetime import UTC, datetime, timedelta


def age_s(synced_at: datetime | None) -> float | None:
    """Seconds since the index last caught up with the source, None where it never has."""
    if synced_at is None:
        return None
    return max(0.0, (datetime.now(UTC) - synced_at).total_seconds())


def stale_problem(synced_at: datetime | None, stale_after: timedelta) -> str | None:
    """What to say of an index that is older than `stale_after`, or never caught up."""
    age, longest = age_s(synced_at), stale_after.total_seconds()
    if age is None:
        return "the index has never caught up with the source: is the sync running?"
    if age > longest:
        return f"the index is {age:.0f} s old, more than stale_after ({longest:.0f} s): is the sync running?"
    return None
