"""The guard: where the source seems to have lost most of its customers at once, the index keeps them until
somebody says that it is right."""

from customers.errors import SourceError

# Below this many documents anybody may delete most of them by hand; from it on, losing more than half at once
# is taken for a truncated read, or a mapping that no longer fits.
GUARDED_FROM = 20
GUARDED_SHARE = 0.5
# From this many on, nobody deletes all of them by hand.
EMPTIED_FROM = 6


def is_truncated(found: int, expected: int) -> bool:
    """Whether it is too few customers that the source has."""
    if found <= 0:
        return expected >= EMPTIED_FROM
    return expected >= GUARDED_FROM and found < expected * GUARDED_SHARE


def refuse_truncated(
    found: int, expected: int, *, force: bool = False, unreadable: str | None = None
) -> None:
    """Raise SourceError where the source suddenly has far fewer customers than the index, unless forced: a
    table that was emptied, half read, or that can no longer be mapped must not empty the index. `unreadable`
    says, as the end of a sentence, which rows became no customers."""
    if force or not is_truncated(found, expected):
        return
    more = f", and {unreadable}" if unreadable else ""
    raise SourceError(
        f"the source has {found} customers where the index has {expected}{more}: nothing was deleted;"
        " if that is right, run `customer-lookup reindex --force`"
    )


def told(rows: int, reason: str | None) -> str | None:
    """What to say about rows that became no customers. `reason` is the commonest."""
    return f"{rows} rows that cannot become one, most of them for this: {reason}" if rows else None
