"""What sync needs to know of the configuration. URLs are SQLAlchemy's, with their variables expanded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class BalanceSettings:
    """[source.balances]: one row per customer and currency. `from_` and `query` both None: the other fields
    are expressions over the customer row itself. `owed` is the sign which says that the customer owes."""

    currency: str
    identifier: str | None = None
    balance: str | None = None
    balance_overdue: str | None = None
    credit_limit: str | None = None
    updated_at: str | None = None
    from_: str | None = None
    query: str | None = None
    owed: Literal["negative", "positive"] = "negative"


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """[source]: exactly one of `from_` (a table or view, `schema.table` too) and `query` is set. `customer`
    maps a field of Customer to a column or SQL expression; it has at least `identifier`."""

    url: str
    customer: Mapping[str, str]
    from_: str | None = None
    query: str | None = None
    updated_at: str | None = None
    deleted: str | None = None
    balances: BalanceSettings | None = None


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """[sync]. `reindex` is a cron expression of five fields, or None."""

    interval: timedelta = field(default=timedelta(seconds=30))
    overlap: timedelta = field(default=timedelta(minutes=5))
    verify: timedelta = field(default=timedelta(hours=1))
    max_source_load: float = 0.1
    keep_previous: timedelta = field(default=timedelta(hours=24))
    reindex: str | None = None
