"""What is wrong, as strangers may know it: the sentences for it say where our parts are."""

import re
from collections.abc import Iterable, Iterator

# A problem of a job of the sync begins with its name.
_OF_A_JOB = re.compile("(sync|verify|reindex|rollback): ")
_LEFT_OUT = "quarantine: "
_MANY = "quarantine: many customers are left out of the index"
_ENGINE = "engine: it cannot answer lookups"
_STATE = "state: what the sync has noted cannot be read, or does not fit the index"
_STALE = "age: the index is older than stale_after, or has never caught up"


def kinds(problems: Iterable[str], *, is_up: bool, is_stale: bool) -> list[str]:
    """One line for each kind of trouble: `problems` are those of the sync. Where the engine is not up, what
    is no job's among them is most likely that too."""
    found = list(dict.fromkeys(_of_the_sync(problems, is_up)))
    if is_stale:
        found.append(_STALE)
    return found if is_up else [*found, _ENGINE]


def _of_the_sync(problems: Iterable[str], is_up: bool) -> Iterator[str]:
    for problem in problems:
        if job := _OF_A_JOB.match(problem):
            yield f"{job[1]}: it fails, or is late"
        elif problem.startswith(_LEFT_OUT):
            yield _MANY
        elif is_up:
            yield _STATE
