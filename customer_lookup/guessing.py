"""Guesses which table of a database holds the customers, and which column is what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Inspector, inspect

from customers.errors import ConfigurationError
from sync.connecting import connected
from sync.source_engine import open_source
from sync.source_errors import translated

# Names of columns in the languages of the shops we know, the likeliest first; letters and digits only.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "identifier": (
        "customerno",
        "customernumber",
        "customerid",
        "custno",
        "kundenr",
        "kundenummer",
        "kundnr",
        "accountno",
        "accountnum",
        "debitornr",
        "debitorid",
        "number",
        "identifier",
        "id",
        "no",
    ),
    "name": ("fullname", "customername", "displayname", "companyname", "kundenavn", "navn", "namn", "name"),
    "phone": ("phone", "phonenumber", "telephone", "telefon", "phone1", "mobile", "mobil", "tlf", "tel"),
    "email": ("email", "emailaddress", "mail", "epost", "epostadresse"),
    "street": (
        "street",
        "address",
        "address1",
        "streetaddress",
        "addressline1",
        "adresse",
        "adress",
        "gade",
        "vej",
        "gate",
        "strasse",
    ),
    "city": ("city", "town", "by", "bynavn", "sted", "poststed", "ort", "postort"),
    "postal_code": ("postalcode", "postcode", "zip", "zipcode", "postnr", "postnummer", "plz"),
    "country": ("country", "countryname", "land"),
    "country_code": ("countrycode", "countryiso", "landekode", "landkod"),
    "organization_number": (
        "organizationnumber",
        "orgnr",
        "orgno",
        "cvr",
        "cvrnr",
        "vatno",
        "vatnumber",
        "vatid",
        "registrationno",
        "registration",
    ),
    "additional_info": ("additionalinfo", "note", "notes", "remark", "remarks", "comment", "bemaerkning"),
    "block_sales": ("blocksales", "blocked", "isblocked", "spaerret", "sperret", "locked"),
}
_FIRST_NAMES = ("firstname", "givenname", "fornavn", "fornamn", "vorname", "contactname")
_LAST_NAMES = ("lastname", "surname", "familyname", "efternavn", "etternavn", "efternamn", "nachname")
_UPDATED = (
    "updatedat",
    "modifiedat",
    "modifiedon",
    "lastmodified",
    "changedat",
    "updated",
    "modified",
    "lastupdate",
)
_DELETED = ("isdeleted", "deleted", "slettet")
_TABLES = (
    "customers",
    "customer",
    "kunder",
    "kunde",
    "debitor",
    "debitors",
    "clients",
    "contacts",
    "partners",
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What [source] probably is. `customer` maps a field to a column or an SQL expression."""

    table: str
    customer: dict[str, str]
    updated_at: str | None
    deleted: str | None


def guess(url: str, table: str | None = None) -> Guess:
    """Look into the database at `url`. `table`: where the customers are known to be. Raises
    ConfigurationError where it is not there or nothing looks like a customer's number, SourceUnavailable,
    SourceError."""
    engine = open_source(url)
    try:
        with translated(engine.url), connected(engine, "URL") as connection:
            return _guess(inspect(connection), table)
    finally:
        engine.dispose()


def _guess(inspector: Inspector, table: str | None) -> Guess:
    names = [*inspector.get_table_names(), *inspector.get_view_names()]
    if not names:
        raise ConfigurationError(
            "the database shows no table: name another one, or let its user read the tables"
        )
    if table is not None and table not in names:
        raise ConfigurationError(f"--table: there is no {table}; there are {', '.join(sorted(names))}")
    columns = {name: _columns(inspector, name) for name in names}
    chosen = table or max(names, key=lambda name: _likeness(name, columns[name]))
    mapping = _mapping(inspector, chosen, columns[chosen])
    return Guess(chosen, mapping, _named(columns[chosen], _UPDATED), _named(columns[chosen], _DELETED))


def _columns(inspector: Inspector, table: str) -> list[str]:
    return [column["name"] for column in inspector.get_columns(table)]


def _likeness(table: str, columns: Sequence[str]) -> tuple[bool, int]:
    """First by its name, then by how many columns look like a customer's."""
    return _plain(table) in _TABLES, sum(_named(columns, names) is not None for names in _COLUMNS.values())


def _mapping(inspector: Inspector, table: str, columns: Sequence[str]) -> dict[str, str]:
    found = {field: column for field, names in _COLUMNS.items() if (column := _named(columns, names))}
    primary_key = inspector.get_pk_constraint(table)["constrained_columns"]
    if "identifier" not in found:
        if len(primary_key) != 1:
            raise ConfigurationError(
                f"{table} has no column that looks like a customer's number; use --table"
            )
        found = {"identifier": primary_key[0], **found}
    first, last = _named(columns, _FIRST_NAMES), _named(columns, _LAST_NAMES)
    if first and last and "name" not in found:
        found["name"] = _joined(inspector, first, last)
    return found


def _joined(inspector: Inspector, first: str, last: str) -> str:
    """Both columns and a space; `||` means "or" to MySQL."""
    dialect = inspector.dialect
    first, last = (dialect.identifier_preparer.quote(name) for name in (first, last))
    is_mysql = dialect.name in {"mysql", "mariadb"}
    return f"concat({first}, ' ', {last})" if is_mysql else f"{first} || ' ' || {last}"


def _named(columns: Sequence[str], names: Sequence[str]) -> str | None:
    by_name = {_plain(column): column for column in columns}
    return next((by_name[name] for name in names if name in by_name), None)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
