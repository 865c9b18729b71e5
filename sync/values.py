"""How a value of the merchant's database becomes a value of a Customer: every type's way in, in one place.

Each function takes what a database driver hands over and returns what the Customer keeps, or None where the
database has nothing to say. Where a value cannot be meant, it raises ValueError; its message names the type
that was found and never the value, since it is shown to people who may not see customers.
"""

import math
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

YES = frozenset({"1", "t", "true", "y", "yes", "on", "j", "ja", "x"})
NO = frozenset({"", "0", "f", "false", "n", "no", "off", "nej", "nei", "nein"})

# Above this a text of digits cannot be seconds since 1970 within the next 3,000 years, so it is milliseconds.
LARGEST_SECONDS = 10**11
LARGEST_MILLISECONDS = 10**14
# What MySQL keeps, and its drivers hand over as text, where nobody gave a date.
ZERO_DATE = "0000-00-00"


def is_nameless(value: object) -> bool:
    """Whether a row whose identifier this is has none."""
    return value is None or value in ("", b"")


def to_identifier(value: object) -> str:
    """The identifier as text, exactly as the database has it: blanks count. Raises ValueError where empty."""
    text = value if isinstance(value, str) else _written(value)
    if text is None or text == "":
        raise ValueError("identifier is empty")
    return text


def to_text(value: object) -> str | None:
    """Any scalar as a person would write it, without blanks around it; a blank one is None."""
    if value is None:
        return None
    text = value if isinstance(value, str) else _written(value)
    return (text.strip() or None) if text is not None else None


def to_amount(value: Any) -> Decimal | None:
    """A number, exactly: a float by its shortest decimal writing, since that is what the merchant typed."""
    if value.__class__ is Decimal and value.is_finite():  # nearly always, and there are many
        return value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueError(f"is {type(value).__name__}, not a number")  # noqa: TRY004 - a value like others here
    try:
        amount = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except InvalidOperation:
        raise ValueError("is text that is not a number like 1234.56") from None
    if not amount.is_finite():
        raise ValueError("is not a finite number")
    return amount


def to_boolean(value: object) -> bool | None:
    """Yes or no in the writings that databases use: booleans, numbers, Y/N, true/false, ja/nej."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return to_amount(value) != 0
    if isinstance(value, bytes) and len(value) == 1 and value[0] < 2:
        return value == b"\x01"  # MySQL's BIT(1)
    word = (to_text(value) or "").lower()
    if word == "":
        return None
    if word in YES or word in NO:
        return word in YES
    raise ValueError(f"is {type(value).__name__} that is neither yes nor no")


def to_deleted(value: object) -> bool:
    """Whether the `deleted` column or condition says so: a yes, or anything but a no, such as a time."""
    if _is_zero_date(value):
        return False
    try:
        return bool(to_boolean(value))
    except ValueError:
        return True


def to_currency(value: object) -> str:
    """An ISO 4217 code in upper case. Raises ValueError for what cannot be one."""
    code = (to_text(value) or "").upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise ValueError("is not a currency code of three letters (ISO 4217)")
    return code


def to_time(value: object) -> datetime | None:
    """A moment, aware and in UTC. A time without a zone is taken as UTC; a number as seconds since 1970 (or
    milli- or microseconds, by its size). MySQL's zero date is none."""
    if value is None or _is_zero_date(value) or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, datetime):
        return _aware(value)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    if isinstance(value, str):
        return _aware(parsed_time(value))
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _since_1970(float(value))
    raise ValueError(f"is {type(value).__name__}, not a time")


def _is_zero_date(value: object) -> bool:
    return isinstance(value, str) and value.startswith(ZERO_DATE)


def _since_1970(number: float) -> datetime:
    try:
        return datetime.fromtimestamp(number / unit_of(number), UTC)
    except (ValueError, OverflowError, OSError):
        raise ValueError("is a number that is no time") from None


def parsed_time(text: str) -> datetime:
    """A moment from ISO 8601, with or without its zone. Raises ValueError."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError("is text that is not a time like 2024-12-31 23:59:59") from None


def unit_of(number: float) -> int:
    """How many of this number's units make a second: 1, 1,000 or 1,000,000."""
    if abs(number) < LARGEST_SECONDS:
        return 1
    return 1_000 if abs(number) < LARGEST_MILLISECONDS else 1_000_000


def _aware(moment: datetime) -> datetime:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is a time outside the years 1 to 9999") from None


def _written(value: object) -> str | None:
    """Text of what is not text. Whole numbers have no decimals, whatever their type: a postal code that a
    spreadsheet made a float is still 2100."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | UUID):
        return str(value)
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return _bytes(bytes(value))
    raise ValueError(f"is {type(value).__name__}, which has no one way to be text; write an SQL expression")


def _number(value: float | Decimal) -> str:
    if not math.isfinite(value):
        raise ValueError("is not a finite number")
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    return str(int(exact)) if exact == exact.to_integral_value() else format(exact, "f")


def _bytes(value: bytes) -> str:
    """Bytes that are readable text are that text; others, such as a binary UUID, become hexadecimal."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()
    return text if text.isprintable() else value.hex()
