"""The classes of questions, a file for each kind; importing this registers all of them."""

from bench.relevance.classes import (
    addresses,
    companies,
    emails,
    fresh,
    hostile,
    identifiers,
    names,
    namesakes,
    nicknames,
    nobody,
    parts,
    phones,
    sounds,
    spellings,
    typos,
    useless,
)

__all__ = [
    "addresses",
    "companies",
    "emails",
    "fresh",
    "hostile",
    "identifiers",
    "names",
    "namesakes",
    "nicknames",
    "nobody",
    "parts",
    "phones",
    "sounds",
    "spellings",
    "typos",
    "useless",
]
