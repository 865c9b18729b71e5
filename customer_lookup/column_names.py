"""What shops call their tables and columns: letters and digits only, the likeliest first."""

from collections.abc import Sequence

from customers.folding import skeleton, squeezed

# The fields of a customer, in the languages of the shops we know.
COLUMNS: dict[str, tuple[str, ...]] = {
    "identifier": (
        "customerno",
        "customernumber",
        "customerid",
        "custno",
        "kundenr",
        "kundenummer",
        "kundnr",
        "kundnummer",
        "kundennr",
        "kundennummer",
        "kdnr",
        "kundeid",
        "kundenid",
        "klantnr",
        "klantnummer",
        "accountno",
        "accountnum",
        "kontonr",
        "debitornr",
        "debitornummer",
        "debitorennr",
        "debiteurnr",
        "debitorid",
        "number",
        "identifier",
        "id",
        "no",
    ),
    "name": ("fullname", "customername", "displayname", "companyname", "kundenavn", "navn", "namn", "name"),
    "phone": (
        "phone",
        "phonenumber",
        "telephone",
        "telefon",
        "telefoon",
        "telefonnr",
        "telefonnummer",
        "phone1",
        "mobile",
        "mobil",
        "mobilnr",
        "handy",
        "tlf",
        "tel",
    ),
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
        "gata",
        "strasse",
        "straat",
    ),
    "city": ("city", "town", "by", "bynavn", "sted", "poststed", "ort", "postort", "stadt", "plaats"),
    "postal_code": ("postalcode", "postcode", "zip", "zipcode", "postnr", "postnummer", "plz"),
    "country": ("country", "countryname", "land"),
    "country_code": ("countrycode", "countryiso", "landekode", "landkod"),
    "organization_number": (
        "organizationnumber",
        "orgnr",
        "orgno",
        "organisasjonsnummer",
        "organisationsnummer",
        "ustid",
        "ustidnr",
        "kvk",
        "kvknummer",
        "cvr",
        "cvrnr",
        "vatno",
        "vatnumber",
        "vatid",
        "registrationno",
        "registration",
    ),
    "additional_info": ("additionalinfo", "note", "notes", "remark", "remarks", "comment", "bemaerkning"),
    "block_sales": ("blocksales", "blocked", "isblocked", "spaerret", "sperret", "gesperrt", "locked"),
}
# Where there are no names of people.
COMPANY_NAMES = ("firmanavn", "firmanamn", "firmenname", "firmaname", "firma", "bedrijf", "bedrijfsnaam")
FIRST_NAMES = ("firstname", "givenname", "fornavn", "fornamn", "vorname", "contactname")
LAST_NAMES = ("lastname", "surname", "familyname", "efternavn", "etternavn", "efternamn", "nachname")
UPDATED = (
    "updatedat",
    "modifiedat",
    "modifiedon",
    "lastmodified",
    "changedat",
    "updated",
    "modified",
    "lastupdate",
    "aendret",
    "opdateret",
    "rettet",
    "endret",
    "oppdatert",
    "aendrad",
    "uppdaterad",
    "geaendertam",
    "geaendert",
    "gewijzigdop",
)
DELETED = ("isdeleted", "deleted", "slettet", "erslettet", "raderad", "geloescht", "verwijderd")
TABLES = (
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

# Of the names of an identifier, those that another table has for one of its own.
GENERIC = ("number", "identifier", "id", "no")
BALANCE_COLUMNS: dict[str, tuple[str, ...]] = {
    "currency": ("currency", "currencycode", "currencyiso", "valuta", "valutakode", "valutakod", "waehrung"),
    "balance": ("balance", "accountbalance", "currentbalance", "saldo", "saldobelop", "saldobeloeb"),
    "balance_overdue": (
        "balanceoverdue",
        "overdue",
        "overduebalance",
        "overdueamount",
        "forfalt",
        "forfalden",
        "ueberfaellig",
    ),
    "credit_limit": ("creditlimit", "creditmax", "kreditmax", "kreditmaks", "kreditlimit", "kredittgrense"),
}


def named(columns: Sequence[str], names: Sequence[str]) -> str | None:
    """The column that has the likeliest of `names`."""
    by_name = {plain(column): column for column in columns}
    return next((by_name[name] for name in map(plain, names) if name in by_name), None)


def plain(name: str) -> str:
    """A name as it is compared: `Geändert_am` and `geaendert am` are `geandertam`."""
    return skeleton(squeezed(name))
