"""What every job of the sync works with."""

import math
from dataclasses import dataclass

from customers.settings import SearchSettings
from index.interface import CustomerIndex
from sync.settings import SyncSettings
from sync.source import Source
from sync.state import State


@dataclass(frozen=True, slots=True)
class SyncContext:
    """`holder` says who we are to others who wait for our lease: host, process and command. Our settings were
    read at `settings_read_at`, on the state database's clock: whoever has others since then knows better."""

    source: Source
    state: State
    index: CustomerIndex
    search: SearchSettings
    settings: SyncSettings
    holder: str
    settings_read_at: float = math.inf

    def begin_of_pass(self, watermark: float | None) -> float:
        """Where a pass begins to read, by `updated_at`, after the one that noted `watermark`."""
        return (watermark or 0.0) - self.settings.overlap.total_seconds()


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a pass did. `quarantined` is how many rows are left out of `generation` now; `read` counts
    customers, `seconds` is wall time."""

    read: int = 0
    written: int = 0
    unchanged: int = 0
    deleted: int = 0
    quarantined: int = 0
    seconds: float = 0.0
    generation: str = ""
