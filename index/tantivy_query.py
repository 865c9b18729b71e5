"""index.query said in Tantivy's words."""

from functools import cache

from tantivy import Occur, Query, Schema, SchemaBuilder

from customers.keys import KeyField
from index.query import Clause, Match, Reading
from index.query import Query as WantedQuery

KEY = "key"
BODY = "body"
DIGEST = "digest"
WRITTEN = "written"


@cache
def schema() -> Schema:
    """`key` finds and replaces a document; `body` and `digest` are kept; the key fields are only searched.
    `written` is the order of writing, in which all documents can be read without going to and fro on disk."""
    builder = SchemaBuilder()
    builder.add_text_field(KEY, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(BODY, stored=True)
    builder.add_bytes_field(DIGEST, stored=True)
    builder.add_unsigned_field(WRITTEN, fast=True)
    for field in KeyField:
        builder.add_text_field(field.value, tokenizer_name="whitespace", index_option="basic")
    return builder.build()


def tantivy_query(query: WantedQuery) -> Query:
    """Any of the readings, the best one counting."""
    return Query.disjunction_max_query([_reading(reading) for reading in query])


def _reading(reading: Reading) -> Query:
    words = [
        Query.disjunction_max_query([_clause(clause) for clause in word.clauses]) for word in reading.words
    ]
    if reading.required == len(words):
        return Query.boolean_query([(Occur.Must, word) for word in words])
    return Query.boolean_query(
        [(Occur.Should, word) for word in words], minimum_number_should_match=reading.required
    )


def _clause(clause: Clause) -> Query:
    if clause.match is Match.EXACT:
        query = Query.term_query(schema(), clause.field.value, clause.token, index_option="basic")
        return Query.boost_query(query, clause.weight)
    distance = 0 if clause.match is Match.PREFIX else clause.typos
    prefix = clause.match is not Match.TYPO
    query = Query.fuzzy_term_query(
        schema(), clause.field.value, clause.token, distance=distance, prefix=prefix
    )
    return Query.const_score_query(query, clause.weight)
