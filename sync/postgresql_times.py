"""PostgreSQL's times that Python does not have: infinity, and years before 1 and after 9999."""

from psycopg import Connection, DataError
from psycopg.abc import AdaptContext, Buffer, Loader
from psycopg.pq import Format

TYPES = ("date", "timestamp", "timestamptz")


def as_text_where_odd(connection: Connection) -> None:
    """Have `connection` hand over such a time as PostgreSQL writes it. The driver would give up the whole
    answer for it; as text it is no time, and leaves out its own row."""
    adapters = connection.adapters
    for name in TYPES:
        oid = adapters.types[name].oid
        usual = adapters.get_loader(oid, Format.TEXT)
        if usual is not None:
            adapters.register_loader(oid, _lenient(usual))


def _lenient(usual: type[Loader]) -> type[Loader]:
    class Lenient:
        format = Format.TEXT

        def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
            self._usual = usual(oid, context)

        def load(self, data: Buffer) -> object:
            try:
                return self._usual.load(data)
            except DataError:
                return bytes(data).decode()

    return Lenient
