"""The words for a key of the mapping that the database does not take."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy.exc import DBAPIError

from customers.errors import ConfigurationError
from sync.source_errors import code_of, first_line, is_forbidden

# How the databases say that there is no such column.
_NO_COLUMN = re.compile(
    r"""no such column: (?P<sqlite>\w+)$|column "(?P<postgresql>[^"]+)" does not exist"""
    r"""|Unknown column '(?P<mysql>[^'.]+)' in"""
)
# More of a long expression, or of a wide table, would hide the rest of the sentence.
LONGEST = 120
MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Place:
    """What stands after FROM, and the columns that it has."""

    from_: str | None
    query: str | None
    columns: Sequence[str]

    @property
    def name(self) -> str:
        """How it is called in a message."""
        return self.from_ or "query"


@dataclass(frozen=True, slots=True)
class Mapped:
    """A key of the mapping: its name, what it says, and the place whose columns it may use. `is_condition`:
    it says yes or no."""

    key: str
    sql: str
    place: Place
    is_condition: bool = False


def refused(mapped: Mapped, error: DBAPIError) -> ConfigurationError:
    """For an expression that the database refuses without having touched a row."""
    if is_forbidden(error):
        return forbidden(mapped.key, mapped.sql, error)
    words = first_line(error)
    if (column := _missing_column(mapped.sql, words, mapped.place.columns)) is not None:
        return unknown_column(mapped, column)
    return wrong(mapped, words)


def wrong(mapped: Mapped, why: str) -> ConfigurationError:
    """For an expression that will not do."""
    other = "a condition" if mapped.is_condition else "an SQL expression that gives one value for each row"
    return ConfigurationError(
        f"{mapped.key}: found {shown(mapped.sql)}: {why}; allowed: a column of"
        f' "{mapped.place.name}", or {other}'
    )


def forbidden(key: str, sql: str, error: DBAPIError) -> ConfigurationError:
    """For what is there, and not for us."""
    return ConfigurationError(
        f"{key}: found {shown(sql)}: may not be read ({code_of(error)}); grant SELECT on it to the user of"
        " [source] url"
    )


def unknown_column(mapped: Mapped, column: str) -> ConfigurationError:
    """For a column that is not there."""
    place = mapped.place
    close = suggestion(column, place.columns) or _what_it_has(place.columns)
    return ConfigurationError(f'{mapped.key}: column "{column}" is not in "{place.name}"{close}')


def suggestion(name: str, names: Sequence[str]) -> str:
    """The closest of `names`, as the end of a sentence."""
    lowered = {known.lower(): known for known in names}
    close = get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return f'; did you mean "{lowered[close[0]]}"?' if close else ""


def _what_it_has(columns: Sequence[str]) -> str:
    more = ", …" if len(columns) > MOST_COLUMNS else ""
    return f"; it has {', '.join(columns[:MOST_COLUMNS])}{more}"


def _missing_column(sql: str, words: str, columns: Sequence[str]) -> str | None:
    """The column that the database misses, if it is one that should be in the place."""
    known = {column.lower() for column in columns}
    if re.fullmatch(r"\w+", sql.strip()) and sql.strip().lower() not in known:
        return sql.strip()
    found = _NO_COLUMN.search(words)
    if found is None or re.search(r"\bselect\b", sql, re.IGNORECASE):
        return None
    column = next(name for name in found.groups() if name)
    return None if column in columns else column


def shown(sql: str) -> str:
    """An expression in a message: on one line, and not endless."""
    line = " ".join(sql.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
