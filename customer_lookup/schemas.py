"""The tables of lookup.toml and their keys. What is not here is not allowed there."""

from dataclasses import fields as fields_of
from datetime import timedelta
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validates_schema

from customer_lookup.engines import ENGINES
from customer_lookup.fields import (
    Choice,
    Chosen,
    Cron,
    Currency,
    Duration,
    Flag,
    Groups,
    Number,
    Region,
    Secrets,
    Share,
    Text,
    Texts,
    Whole,
    Words,
)
from customer_lookup.wire_fields import DatabaseUrl, Key, Origins, PathPrefix
from customers.customer import Customer
from customers.settings import FIELDS_TO_LEAVE_OUT

# What a mapping may fill: every field of a customer that is a column, not an account or a time.
CUSTOMER_FIELDS = tuple(
    field.name for field in fields_of(Customer) if field.name not in {"balances", "updated_at"}
)
_A_TABLE = "a table of lookup.toml, such as [{}]"


class Table(Schema):
    """One table. Unknown keys are errors."""

    class Meta:
        unknown = RAISE

    @pre_load
    def only_tables(self, data: Any, **_options: Any) -> Any:
        """`source = "x"` instead of `[source]` gets our message, not marshmallow's."""
        if not isinstance(data, dict):
            raise ValidationError('a table of keys, such as [sync] followed by interval = "30s"')
        return data


CustomerTable = Table.from_dict(
    {name: Text(required=name == "identifier") for name in CUSTOMER_FIELDS}, name="CustomerTable"
)


class BalancesTable(Table):
    """[source.balances]"""

    from_ = Text(data_key="from")
    query = Text()
    identifier = Text()
    currency = Text(required=True)
    balance = Text()
    balance_overdue = Text()
    credit_limit = Text()
    updated_at = Text()
    owed = Choice("negative", "positive")

    @validates_schema
    def one_way_to_the_rows(self, data: dict[str, Any], **_options: Any) -> None:
        """Accounts come from a table, from a query, or from the customer row itself."""
        if "from_" in data and "query" in data:
            raise ValidationError("only one of from and query", "query")
        if ("from_" in data or "query" in data) and "identifier" not in data:
            raise ValidationError("the column that holds the customer's identifier", "identifier")
        if not {"balance", "balance_overdue", "credit_limit"} & data.keys():
            raise ValidationError("at least one of balance, balance_overdue and credit_limit", "balance")


class SourceTable(Table):
    """[source]"""

    url = DatabaseUrl(required=True)
    from_ = Text(data_key="from")
    query = Text()
    updated_at = Text()
    deleted = Text()
    customer = fields.Nested(CustomerTable, required=True)
    balances = fields.Nested(BalancesTable)

    @validates_schema
    def one_way_to_the_rows(self, data: dict[str, Any], **_options: Any) -> None:
        """Customers come from a table or from a query."""
        if "from_" in data and "query" in data:
            raise ValidationError("only one of from and query", "query")
        if "from_" not in data and "query" not in data:
            raise ValidationError("a table or view, or in its place a key query with a select", "from")


class IndexTable(Table):
    """[index]. The keys of the engine that is not chosen may stay in the file."""

    engine = Choice(*ENGINES)
    path = Text()
    url = Text()
    search_key = Key()
    admin_key = Key()
    allow_powerful_search_key = Flag()
    name = Text()

    @validates_schema
    def reachable(self, data: dict[str, Any], **_options: Any) -> None:
        """A server has an address."""
        if data.get("engine") == "meilisearch" and "url" not in data:
            raise ValidationError('the address of the server, such as "http://127.0.0.1:7700"', "url")


class SearchTable(Table):
    """[search]"""

    synonyms = Groups()
    leave_out = Chosen(*FIELDS_TO_LEAVE_OUT)
    fuzzy_from = Whole(1, 20)
    company_forms = Texts()
    useless_words = Words()


class StateTable(Table):
    """[state]"""

    url = DatabaseUrl()


class SyncTable(Table):
    """[sync]"""

    interval = Duration(least=timedelta(seconds=1))
    overlap = Duration()
    verify = Duration(least=timedelta(seconds=1))
    max_source_load = Share()
    keep_previous = Duration()
    reindex = Cron()


class ServiceTable(Table):
    """[service]"""

    host = Text()
    port = Whole(0, 65535)
    api_keys = Secrets()
    allow_query_key = Flag()
    default_currency = Currency()
    default_region = Region()
    limit = Whole(1, 100)
    balance_shape = Choice("number", "object")
    live_balances = Flag()
    requests_per_second = Number(0)
    deadline = Duration(least=timedelta(milliseconds=100))
    stale_after = Duration(least=timedelta(seconds=1))
    trusted_proxies = Texts()
    path_prefix = PathPrefix()
    cors_origins = Origins()
    processes = Whole(1, 64)
    threads = Whole(1, 256)
    queue = Whole(0, 10_000)


class File(Table):
    """All of lookup.toml."""

    source = fields.Nested(SourceTable, required=True)
    index = fields.Nested(IndexTable)
    search = fields.Nested(SearchTable)
    state = fields.Nested(StateTable)
    sync = fields.Nested(SyncTable)
    service = fields.Nested(ServiceTable)
