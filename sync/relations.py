"""The merchant's tables, queries and expressions as SQL that can be built upon."""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Dialect, TextClause, case, literal_column, text

# What SQLite quotes, so that a name in double quotes is not looked for in a text, a comment, or another name.
_QUOTED = re.compile(
    r"""'[^']*'|"(?P<name>(?:[^"]|"")*)"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?(?:\*/|\Z)""", re.DOTALL
)


def relation(from_: str | None, query: str | None, dialect: Dialect) -> TextClause:
    """What stands after FROM: a table or view (`schema.table` too), or the merchant's own query."""
    if from_ is not None:
        return text(_escaped(table_name(from_, dialect)))
    statement = _named((query or "").strip().rstrip(";"), dialect)
    # The line break ends a comment in the query's last line; AS before the alias is not allowed everywhere.
    return text(_escaped(f"({statement}\n) source"))


def table_name(from_: str, dialect: Dialect) -> str:
    """`schema.table` quoted where it must be; a name that is quoted already is left alone."""
    if not re.fullmatch(r"[^\"'`\[\]()]+", from_):
        return from_
    return ".".join(dialect.identifier_preparer.quote(part) for part in from_.strip().split("."))


def expression(sql: str, columns: Sequence[str], dialect: Dialect) -> ColumnElement[object]:
    """A mapped value: the column where `sql` is exactly a column's name, however odd; otherwise SQL as is."""
    if sql in columns:
        return literal_column(_named(dialect.identifier_preparer.quote(sql), dialect))
    return literal_column(enclosed(_named(sql, dialect)))


def condition(sql: str, dialect: Dialect) -> ColumnElement[int]:
    """A condition as a number, since not every database can select a condition."""
    return case((literal_column(enclosed(_named(sql, dialect))), 1), else_=0)


def enclosed(sql: str) -> str:
    """SQL that reaches no further than it should: its own comma, alias or comment would take in what follows,
    and the wrong key would be blamed for it."""
    return f"({sql}\n)"


def _named(sql: str, dialect: Dialect) -> str:
    """SQL in which a name in double quotes is a name. SQLite takes one that it does not know for a text: with
    the column dropped, all customers would have its name. In backticks it never does."""
    return _QUOTED.sub(_in_backticks, sql) if dialect.name == "sqlite" else sql


def _in_backticks(found: re.Match[str]) -> str:
    name = found["name"]
    return found[0] if name is None else "`{}`".format(name.replace('""', '"').replace("`", "``"))


def _escaped(sql: str) -> str:
    """SQL for text(), which would take a colon for the start of a parameter."""
    return sql.replace(":", r"\:")
