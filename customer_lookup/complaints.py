"""What is wrong in lookup.toml, in one line: file, table, key, what was found, what is allowed."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields

from customer_lookup.fields import Value

# marshmallow's words.
_UNKNOWN = "Unknown field."
_MISSING = "Missing data"
_LONGEST = 60
# tomllib's words.
_TWICE = re.compile(r"Cannot overwrite a value \(at (?:line (\d+)|end)")
_KEY = re.compile(r"""\s*([\w.-]+|"[^"]*"|'[^']*')\s*=""")


def complaint(file: Path, schema: Schema, error: ValidationError, written: Mapping[str, Any]) -> str:
    """The first fault of `error`. `written` is the file's content before placeholders were replaced, so that
    what is shown is what the file says and not what a variable holds."""
    # A mistyped key is unknown, and the right one is missing: the first of these explains both.
    keys, allowed = min(_faults(error.messages), key=lambda fault: fault[1] != _UNKNOWN)
    if keys[-1:] == ["_schema"]:
        keys = keys[:-1]
    *tables, key = keys or ["the file"]
    where = f"{file}: {_table(tables)}{key}"
    owner = _owner(schema, tables)
    field = _field(owner, key)
    if field is None:
        return f"{where}: unknown {'key' if tables else 'table'}; {_allowed_names(owner, key)}"
    if not _is_written(written, keys):
        return f"{where}: missing; allowed: {_allowed(field, allowed)}"
    found = _shown(field, _written(written, keys))
    return f"{where}: found {found}; allowed: {_allowed(field, allowed)}"


def written_twice(content: str, words: str) -> str | None:
    """Names the key where these `words` are tomllib's for one that is there already, which it does not name.
    They say where the second one ends."""
    place = _TWICE.match(words)
    if place is None:
        return None
    lines = content.split("\n")[: int(place[1]) if place[1] else None]
    key = next((found[1] for line in reversed(lines) if (found := _KEY.match(line))), "a key")
    return f"{key} is written twice in its table, the second time in line {len(lines)}: leave one of them"


def _faults(messages: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[list[str], str]]:
    """Every fault with the keys that lead to it, outermost first."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _faults(inner, (*keys, str(key)))
    else:
        yield list(keys), messages[0] if isinstance(messages, list) else str(messages)


def _table(tables: Sequence[str]) -> str:
    return f"[{'.'.join(tables)}] " if tables else ""


def _owner(schema: Schema, tables: Sequence[str]) -> Schema:
    """The schema of the innermost table."""
    for table in tables:
        nested = schema.fields[table]
        if isinstance(nested, fields.Nested):
            schema = nested.schema
    return schema


def _field(owner: Schema, key: str) -> fields.Field[Any] | None:
    return next((field for field in owner.fields.values() if _name(field) == key), None)


def _name(field: fields.Field[Any]) -> str:
    return field.data_key or str(field.name)


def _allowed_names(owner: Schema, key: str) -> str:
    names = sorted(_name(field) for field in owner.fields.values())
    close = get_close_matches(key.lower(), names, n=1)
    meant = f'did you mean "{close[0]}"? ' if close else ""
    return f"{meant}allowed: {', '.join(names)}"


def _allowed(field: fields.Field[Any], message: str) -> str:
    """The schema's own sentence, or for marshmallow's the field's."""
    if isinstance(field, fields.Nested):
        return 'a table, such as [source.customer] with identifier = "customer_no"'
    return field.allowed if isinstance(field, Value) and message.startswith(_MISSING) else message


def _is_written(written: Any, keys: Sequence[str]) -> bool:
    for key in keys:
        if not isinstance(written, dict) or key not in written:
            return False
        written = written[key]
    return True


def _written(written: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        written = written[key]
    return written


def _shown(field: fields.Field[Any], value: Any) -> str:
    """As it stands in the file, unless it may be a secret."""
    if getattr(field, "secret", False):
        return "something else (not shown, it may be a secret)"
    if isinstance(value, str):
        shown = json.dumps(value[:_LONGEST], ensure_ascii=False)  # on one line, whatever is in it
        return f'{shown[:-1]}…"' if len(value) > _LONGEST else shown
    if isinstance(value, bool):
        return str(value).lower()
    return "a table" if isinstance(value, dict) else str(value)[:_LONGEST]
