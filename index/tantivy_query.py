"""index.query said in Tantivy's words, and the fields that it is asked of."""

import json
from collections.abc import Set
from functools import cache
from pathlib import Path

import tantivy
from tantivy import Occur, Query, Schema, SchemaBuilder

from customers.keys import KeyField
from customers.order import MOST_OTHERS, ORDER_BITS
from index.query import Clause, Match, Reading, WantedWord
from index.query import Query as WantedQuery

KEY = "key"
BODY = "body"
DIGEST = "digest"
WRITTEN = "written"
ORDER = "order"
NAME_ORDER = "name_order"

# In this order, since Tantivy knows them by their number: a new one comes last, so that an index without it
# can still be read.
FIELDS = [KEY, BODY, DIGEST, WRITTEN, *KeyField, ORDER, NAME_ORDER]

# Where words may be missing, how many fit counts more than how surely one of them does: weights are raised to
# this power, which leaves their order.
_FLATTENED = 0.25


@cache
def schema() -> Schema:
    """`key` finds and replaces a document; `body` and `digest` are kept; the key fields are only searched.
    `written` is the order of writing, in which all documents can be read without going to and fro on disk;
    `order` is who comes first of equals, and `name_order` of those who have a word in their name."""
    builder = SchemaBuilder()
    builder.add_text_field(KEY, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(BODY, stored=True)
    builder.add_bytes_field(DIGEST, stored=True)
    builder.add_unsigned_field(WRITTEN, fast=True)
    for field in KeyField:
        builder.add_text_field(field.value, tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field(ORDER, fast=True)
    builder.add_unsigned_field(NAME_ORDER, fast=True)
    return builder.build()


def opened(folder: Path) -> tantivy.Index:
    """The index in `folder`, also one of an earlier version, without our last fields. Raises as Tantivy."""
    try:
        return tantivy.Index(schema(), path=str(folder))
    except ValueError:
        if not _is_earlier(fields_in(folder)):
            raise
        return tantivy.Index.open(str(folder))


def fields_in(folder: Path) -> list[str]:
    """The names of the fields of the index in `folder`; none where that cannot be told."""
    try:
        return [field["name"] for field in json.loads((folder / "meta.json").read_bytes())["schema"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _is_earlier(names: list[str]) -> bool:
    return names != FIELDS and FIELDS[: len(names)] == names and {*KeyField} <= {*names}


def name_order(others: int, order: int) -> int:
    """Both in one number, since Tantivy orders by one: the higher, the earlier."""
    return (MOST_OTHERS + 1 - others << ORDER_BITS) + order


def order_field(reading: Reading, fields: Set[str]) -> str | None:
    """What tells who comes first of those whom the reading finds, as far as an index of these fields does."""
    wanted = (NAME_ORDER, ORDER) if reading.is_name else (ORDER,)
    return next((field for field in wanted if field in fields), None)


def tantivy_query(query: WantedQuery) -> Query:
    """Any of the readings, the best one counting."""
    return Query.disjunction_max_query([_reading(reading) for reading in query])


def _reading(reading: Reading) -> Query:
    if reading.required == len(reading.words):
        return Query.boolean_query([(Occur.Must, _word(word, scored=True)) for word in reading.words])
    # Where words may be missing, how many fit counts, not how rare the one is that does.
    words = [(Occur.Should, _word(word, scored=False)) for word in reading.words]
    return Query.boolean_query(words, minimum_number_should_match=reading.required)


def _word(word: WantedWord, *, scored: bool) -> Query:
    return Query.disjunction_max_query([_clause(clause, scored=scored) for clause in word.clauses])


def _clause(clause: Clause, *, scored: bool) -> Query:
    if clause.match is Match.EXACT:
        query = Query.term_query(schema(), clause.field.value, clause.token, index_option="basic")
        if scored:
            return Query.boost_query(query, clause.weight)
    else:
        distance = 0 if clause.match is Match.PREFIX else clause.typos
        prefix = clause.match is not Match.TYPO
        query = Query.fuzzy_term_query(
            schema(), clause.field.value, clause.token, distance=distance, prefix=prefix
        )
    return Query.const_score_query(query, clause.weight if scored else clause.weight**_FLATTENED)
