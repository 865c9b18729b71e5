"""State databases that are new: made once and copied, in a third of the time that migrating takes."""

import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from sync.state import State


def fresh_state(file: Path) -> str:
    """The URL of an SQLite state database in `file`; made where there is none yet."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_migrated())
    return f"sqlite:///{file}"


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "state.db"
        with closing(State(f"sqlite:///{file}")):
            pass
        return file.read_bytes()
