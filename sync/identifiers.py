"""A customer's identifier as the database has it.

Values of several types may become the same text: in SQLite 1, '1' and x'31', and of bytes x'ff' and 'ff'. To
the database they are different keys; to a till they are one customer.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sync.mapping import Row
from sync.values import is_nameless, to_identifier

# What a database compares with text by itself only as long as the text is such a value. The first that fits a
# value counts: a bool is an int too, and a datetime a date.
KINDS: tuple[tuple[type, Callable[[str], Any]], ...] = (
    (bool, {"true": True, "false": False}.get),
    (int, int),
    (UUID, UUID),
    (float, float),
    (Decimal, Decimal),
    (datetime, datetime.fromisoformat),
    (date, date.fromisoformat),
)
# SQLite's whole numbers end here.
LARGEST = 2**63 - 1
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def named(values: Iterable[Any]) -> list[str]:
    """The identifiers among these values."""
    return [identifier for value in values if (identifier := name_of(value)) is not None]


def name_of(value: Any) -> str | None:
    """The identifier that a value is; a row is nobody's whose value is none, or cannot be one."""
    return None if is_nameless(value) else _written(value)


def reason_of(value: Any) -> str | None:
    """Why a value is no identifier; None: it is one."""
    if value is None:
        return "identifier is NULL"
    try:
        to_identifier(value)
    except ValueError as error:
        return "identifier is empty" if is_nameless(value) else f"identifier {error}"
    return None


def is_ambiguous(*samples: Any) -> bool:
    """Whether different values of a column, of which these are samples, may be the same identifier."""
    types = {float if isinstance(sample, int | float) else type(sample) for sample in samples}
    return bytes in types or len(types - {type(None)}) > 1


def raw_forms(identifier: str, sample: Any, *, of_any_type: bool) -> list[Any]:
    """The values of which `identifier` may be the text, in the order of the database. `sample` is a value of
    the column; `of_any_type`: others may have other types. Text that no database can have is nobody's."""
    if _LONE_SURROGATE.search(identifier):
        return []
    if of_any_type:
        number = _form(int, identifier)
        if number is None or abs(number) > LARGEST:
            number = _form(float, identifier)
        return [*([] if number is None else [number]), identifier, *_bytes(identifier)]
    if isinstance(sample, bytes):
        return _bytes(identifier)
    for kind, parse in KINDS:
        if isinstance(sample, kind):
            form = _form(parse, identifier)
            return [] if form is None else [form]
    return [identifier]


def gathered(rows: Iterable[Row], identifiers: Sequence[str]) -> list[Sequence[Row]]:
    """The rows of each of `identifiers` that has any, wherever they stand."""
    groups: dict[str, list[Row]] = {identifier: [] for identifier in identifiers}
    for row in rows:
        group = groups.get(_written(row[0]) or "")
        if group is not None:
            group.append(row)
    return [group for group in groups.values() if group]


def _bytes(identifier: str) -> list[bytes]:
    forms = (_form(str.encode, identifier), _form(bytes.fromhex, identifier))
    return sorted(form for form in forms if form is not None)


def _form(parse: Callable[[str], Any], identifier: str) -> Any:
    """`identifier` as `parse` has it, or None where it is not exactly the text of that."""
    try:
        form = parse(identifier)
    except (ArithmeticError, ValueError):
        return None
    return form if _written(form) == identifier else None


def _written(value: Any) -> str | None:
    try:
        return to_identifier(value)
    except ValueError:
        return None
