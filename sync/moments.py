"""The values of an `updated_at` column: which of them are times, and so how it writes one."""

from collections.abc import Generator
from contextlib import closing
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sync.conditions import is_number
from sync.statements import Statements
from sync.values import to_time

# So many different values, and not one of them a time, are no slips in a column of times but another column.
ANOTHER_COLUMN = 2
# Fewer seconds since 1970 are before 1974: a number such as 20241231 is a date, or days since some other day.
FEWEST_SECONDS = 10**8
# Dates with a time in digits: as many as a number of milliseconds or microseconds has.
_DIGITS = {12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S", 17: "%Y%m%d%H%M%S%f"}


def greatest_time(connection: Connection, statements: Statements, *, of_balance: bool = False) -> Any:
    """The greatest value that is a time; None where none is."""
    greatest = connection.scalar(statements.greatest("updated_at", of_balance=of_balance))
    if greatest is None or _is_time(greatest):
        return greatest
    with closing(_values(connection, statements, of_balance=of_balance)) as values:
        return next(filter(_is_time, values), None)


def complaint(connection: Connection, statements: Statements, *, of_balance: bool = False) -> str | None:
    """Why this is no column of times; None where it is one, or may yet become one."""
    if greatest_time(connection, statements, of_balance=of_balance) is not None:
        return None
    reasons: list[str] = []
    with closing(_values(connection, statements, of_balance=of_balance)) as values:
        for value in values:
            try:
                to_time(value)
            except ValueError as error:
                reasons.append(str(error))
    return reasons[0] if len(reasons) >= ANOTHER_COLUMN else None


def counts_something_else(newest: Any) -> bool:
    """Whether the greatest time of a column is a number that can hardly count from 1970."""
    if not is_number(newest):
        return False
    digits = str(int(newest))
    if len(digits) not in _DIGITS:
        return 0 < newest < FEWEST_SECONDS
    try:
        datetime.strptime(digits, _DIGITS[len(digits)])  # noqa: DTZ007 - whether it is one is all that counts
    except ValueError:
        return False
    return True


def _values(connection: Connection, statements: Statements, *, of_balance: bool) -> Generator[Any]:
    """Each different value, the greatest first."""
    streaming = connection.execution_options(stream_results=True)
    with streaming.execute(statements.moments(of_balance=of_balance)) as rows:
        for row in rows:
            yield row[0]


def _is_time(value: Any) -> bool:
    try:
        return to_time(value) is not None
    except ValueError:
        return False
