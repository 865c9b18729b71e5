"""The tables and views that a database has, by the names that `from` takes: `schema.table` where they are in
another schema than the default one."""

from collections.abc import Sequence
from difflib import get_close_matches

from sqlalchemy import Inspector

# What a database keeps of its own. PostgreSQL's others are left out by SQLAlchemy.
_OWN_SCHEMAS = {"information_schema", "mysql", "performance_schema", "pg_catalog", "sys", "system", "guest"}


def tables_of(inspector: Inspector, schema: str | None = None) -> list[str]:
    """Those of one schema, of the default one where none is named."""
    names = [*inspector.get_table_names(schema), *inspector.get_view_names(schema)]
    return names if schema is None else [f"{schema}.{name}" for name in names]


def other_tables(inspector: Inspector) -> list[str]:
    """Those of all other schemas, but the database's own."""
    schemas = [name for name in inspector.get_schema_names() if name.lower() not in _OWN_SCHEMAS]
    others = [name for name in schemas if name != inspector.default_schema_name]
    return [table for schema in others for table in tables_of(inspector, schema)]


def parted(table: str) -> tuple[str | None, str]:
    """The schema, where `table` names one, and the name in it."""
    *schemas, name = table.split(".")
    return schemas[-1] if schemas else None, name


def closest(table: str, names: Sequence[str]) -> str:
    """The one of `names` that is closest, whatever its schema, as the end of a sentence."""
    by_name = {parted(name)[1].lower(): name for name in reversed(names)}
    close = get_close_matches(parted(table)[1].lower(), by_name, n=1)
    return f'; did you mean "{by_name[close[0]]}"?' if close else ""
