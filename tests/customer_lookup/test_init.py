"""init looks into a database and writes a first lookup.toml that works."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from customer_lookup.configuration import load
from sync.settings import BalanceSettings
from tests.customer_lookup.conftest import Invoke

DANISH = """
CREATE TABLE varer (id INTEGER PRIMARY KEY, navn TEXT);
CREATE TABLE Kunder (
    Kundenr TEXT PRIMARY KEY, Fornavn TEXT, Efternavn TEXT, Telefon TEXT, Adresse TEXT, Postnr TEXT,
    Bynavn TEXT, Email TEXT, CVR TEXT, Slettet INTEGER, updated_at TEXT
);
INSERT INTO Kunder (Kundenr, Fornavn, Efternavn, Slettet, updated_at)
VALUES ('77', 'Karen', 'Blixen', 0, '2024-01-01 00:00:00');
"""


@pytest.fixture
def shop(tmp_path: Path) -> Callable[[str], str]:
    """Makes a SQLite database of a script; its URL."""

    def make(script: str) -> str:
        with closing(sqlite3.connect(tmp_path / "erp.db")) as connection, connection:
            connection.executescript(script)
        return f"sqlite:///{tmp_path / 'erp.db'}"

    return make


def test_the_guess_works_as_it_is(shop: Callable[[str], str], tmp_path: Path, invoke: Invoke) -> None:
    file = tmp_path / "lookup.toml"
    result = invoke("init", shop(DANISH), "--config", file)
    assert result.exit_code == 0, result.output
    source = load(file).source
    assert (source.from_, source.updated_at, source.deleted) == ("Kunder", "updated_at", "Slettet")
    assert source.customer["name"] == '"Fornavn" || \' \' || "Efternavn"'
    assert source.customer["organization_number"] == "CVR"
    assert invoke("sync", "--config", file).exit_code == 0
    found = json.loads(invoke("search", "karen blixen", "--config", file).stdout)
    assert [hit["identifier"] for hit in found] == ["77"]


@pytest.mark.parametrize(
    ("columns", "mapped", "updated_at", "deleted", "left"),
    [
        (
            [
                "kundennummer",
                "Vorname",
                "Nachname",
                "Straße",
                "HausNr",
                "Handy",
                "USt_ID",
                "gesperrt",
                "Geändert_am",
                "gelöscht",
            ],
            {"identifier": "kundennummer", "phone": "Handy", "street": "Straße", "block_sales": "gesperrt"}
            | {"organization_number": "USt_ID", "name": '"Vorname" || \' \' || "Nachname"'},
            "Geändert_am",
            "gelöscht",
            '# Not mapped: "HausNr"',
        ),
        (
            ["kunde_id", "firmanavn", "mobil", "spærret", "ændret", "er_slettet", "afdeling", "type"],
            {"identifier": "kunde_id", "name": "firmanavn", "phone": "mobil", "block_sales": "spærret"},
            "ændret",
            "er_slettet",
            '# Not mapped: "afdeling", "type"',
        ),
        (
            ["KundenNr", "Firma", "geaendert_am", "geloescht"],
            {"identifier": "KundenNr", "name": "Firma"},
            "geaendert_am",
            "geloescht",
            None,
        ),
    ],
    ids=["german", "danish", "companies"],
)
def test_columns_are_known_in_other_languages_and_the_rest_is_named(
    shop: Callable[[str], str],
    tmp_path: Path,
    invoke: Invoke,
    *,
    columns: list[str],
    mapped: dict[str, str],
    updated_at: str,
    deleted: str,
    left: str | None,
) -> None:
    file = tmp_path / "lookup.toml"
    names = ", ".join(f'"{column}" TEXT' for column in columns)
    assert invoke("init", shop(f"CREATE TABLE kunden ({names});"), "--config", file).exit_code == 0
    source = load(file).source
    assert source.customer == mapped
    assert (source.updated_at, source.deleted) == (updated_at, deleted)
    [*said] = (line for line in file.read_text(encoding="utf-8").splitlines() if "Not mapped" in line)
    assert said == ([left] if left else [])


def test_half_a_name_is_not_mapped_and_named(
    shop: Callable[[str], str], tmp_path: Path, invoke: Invoke
) -> None:
    file = tmp_path / "lookup.toml"
    url = shop("CREATE TABLE kunden (kundennr TEXT, Vorname TEXT, Email TEXT);")
    assert invoke("init", url, "--config", file).exit_code == 0
    assert '# Not mapped: "Vorname"' in file.read_text(encoding="utf-8")


def test_a_table_without_a_customers_number_says_what_it_has(
    shop: Callable[[str], str], tmp_path: Path, invoke: Invoke
) -> None:
    result = invoke("init", shop("CREATE TABLE kunder (navn TEXT, tlf TEXT);"), "--config", tmp_path / "x")
    assert result.exit_code == 2
    assert "kunder has no column that looks like a customer's number" in result.stderr
    assert "it has navn, tlf: name another table with --table" in result.stderr


def test_what_is_there_is_never_overwritten(lookup_toml: Path, invoke: Invoke) -> None:
    before = lookup_toml.read_text(encoding="utf-8")
    result = invoke("init", f"sqlite:///{lookup_toml.with_name('shop.db')}", "--config", lookup_toml)
    assert result.exit_code == 2
    assert "not overwritten" in result.stderr
    assert lookup_toml.read_text(encoding="utf-8") == before


def test_a_table_may_be_named(shop: Callable[[str], str], tmp_path: Path, invoke: Invoke) -> None:
    url, file = shop(DANISH), tmp_path / "lookup.toml"
    assert (
        "there is no Kunde; there are Kunder, varer"
        in invoke("init", url, "--table", "Kunde", "--config", file).stderr
    )
    assert invoke("init", url, "--table", "varer", "--config", file).exit_code == 0
    assert load(file).source.customer == {"identifier": "id", "name": "navn"}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("erp", "URL: not a database URL", id="no-url"),
        pytest.param(
            "postgres://u:sesame@erp/erp", "URL: write postgresql+psycopg:// in place", id="postgres"
        ),
        pytest.param("sqlite:////nowhere/erp.db", "URL: there is no file /nowhere/erp.db", id="no-file"),
        pytest.param(
            "postgresql+psycopg://u:sesame@127.0.0.1:1/erp", "cannot be reached", id="not-reachable"
        ),
    ],
)
def test_what_cannot_be_looked_into_is_named(tmp_path: Path, invoke: Invoke, url: str, said: str) -> None:
    result = invoke("init", url, "--config", tmp_path / "lookup.toml")
    assert result.exit_code in {1, 2}
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert "sesame" not in result.stderr
    assert not (tmp_path / "lookup.toml").exists()


def test_an_empty_database_is_named(shop: Callable[[str], str], tmp_path: Path, invoke: Invoke) -> None:
    result = invoke("init", shop(""), "--config", tmp_path / "lookup.toml")
    assert (result.exit_code, "shows no table" in result.stderr) == (2, True)


@pytest.mark.postgresql
def test_other_schemas_are_looked_into(
    postgresql_url: str, tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_PASSWORD", "")
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA crm"))
        connection.execute(text("CREATE TABLE crm.kund (kundnr INT PRIMARY KEY, namn TEXT)"))
        connection.execute(text("CREATE TABLE crm.kund_saldo (kundnr INT, valuta CHAR(3), saldo NUMERIC)"))
        connection.execute(text("INSERT INTO crm.kund VALUES (7, 'Selma Ottilia')"))
        connection.execute(text("INSERT INTO crm.kund_saldo VALUES (7, 'SEK', -12.5)"))
    url = engine.url.render_as_string(hide_password=False)
    files = [tmp_path / "found.toml", tmp_path / "named.toml"]
    for file, arguments in zip(files, [[], ["--table", "crm.kund"]], strict=True):
        assert invoke("init", url, "--config", file, *arguments).exit_code == 0
        source = load(file).source
        assert (source.from_, source.customer) == ("crm.kund", {"identifier": "kundnr", "name": "namn"})
        assert source.balances is not None
        assert source.balances.from_ == "crm.kund_saldo"
    assert invoke("sync", "--config", files[0]).exit_code == 0
    assert '"balance":-12.5' in invoke("search", "selma", "--currency", "SEK", "--config", files[0]).stdout
    refused = invoke("init", url, "--config", tmp_path / "new.toml", "--table", "crm.kunder")
    assert (
        'there is no crm.kunder; there are crm.kund, crm.kund_saldo; did you mean "crm.kund"?'
        in refused.stderr
    )
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE public.clients (no INT PRIMARY KEY)"))
    engine.dispose()
    file = tmp_path / "default.toml"
    assert invoke("init", url, "--config", file).exit_code == 0
    assert load(file).source.from_ == "clients", "what another program has in its schema comes second"


README_TABLES = """
CREATE TABLE customers (customer_no TEXT PRIMARY KEY, first_name TEXT, last_name TEXT, modified_at TEXT);
CREATE TABLE customer_balances (customer_no TEXT, currency_code TEXT, balance TEXT{more});
INSERT INTO customers VALUES ('77', 'Karen', 'Blixen', '2024-01-01 00:00:00');
INSERT INTO customer_balances (customer_no, currency_code, balance) VALUES ('77', 'DKK', '-12.50');
"""


def test_a_clear_table_of_balances_is_taken(
    shop: Callable[[str], str], tmp_path: Path, invoke: Invoke
) -> None:
    file = tmp_path / "lookup.toml"
    more = ", credit_limit TEXT, overdue TEXT, updated_at TEXT"
    assert invoke("init", shop(README_TABLES.format(more=more)), "--config", file).exit_code == 0
    assert load(file).source.balances == BalanceSettings(
        from_="customer_balances",
        identifier="customer_no",
        currency="currency_code",
        balance="balance",
        balance_overdue="overdue",
        credit_limit="credit_limit",
        updated_at="updated_at",
        owed="negative",
    )
    assert invoke("sync", "--config", file).exit_code == 0
    assert '"balance":-12.5' in invoke("search", "blixen", "--currency", "DKK", "--config", file).stdout


@pytest.mark.parametrize(
    ("script", "identifier"),
    [
        pytest.param(
            "CREATE TABLE saldi (kunde INT REFERENCES kunder (id), valuta, saldo)", "kunde", id="key"
        ),
        pytest.param("CREATE TABLE saldi (customer_id INT, valuta, saldo)", "customer_id", id="of-an-id"),
        pytest.param("CREATE TABLE saldi (konto INT, valuta, saldo)", None, id="of-something-else"),
        pytest.param("CREATE TABLE saldi (customer_id INT, saldo)", None, id="no-currency"),
        pytest.param("CREATE TABLE orders (customer_id INT, currency, amount)", None, id="no-balance"),
        pytest.param(
            "CREATE TABLE a (kundenr INT, valuta, saldo); CREATE TABLE b (kundenr INT, valuta, saldo)",
            None,
            id="two-of-them",
        ),
    ],
)
def test_what_is_not_clear_is_left_to_a_person(
    shop: Callable[[str], str], tmp_path: Path, invoke: Invoke, script: str, identifier: str | None
) -> None:
    file = tmp_path / "lookup.toml"
    url = shop(f"CREATE TABLE kunder (id INTEGER PRIMARY KEY, navn TEXT); {script};")
    assert invoke("init", url, "--config", file).exit_code == 0
    balances = load(file).source.balances
    assert (balances and balances.identifier) == identifier
    if identifier is None:
        head, block, rest = re.split(
            r"(?=# \[source\.balances\])|(?=\n\[index\])", file.read_text(encoding="utf-8")
        )
        file.write_text(head + re.sub("^# ", "", block, flags=re.MULTILINE) + rest, encoding="utf-8")
        assert load(file).source.balances, "what is left out may be filled in"


@pytest.mark.mariadb
def test_the_password_stays_out_of_the_file(
    mariadb_url: str, tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(mariadb_url)
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE customer (id INT PRIMARY KEY, first_name TEXT, last_name TEXT)")
        )
        connection.execute(text("INSERT INTO customer VALUES (7, 'Selma', 'Ottilia')"))
        connection.execute(text("CREATE USER IF NOT EXISTS reader@'%' IDENTIFIED BY 'ses@me'"))
        connection.execute(text("GRANT SELECT ON *.* TO reader@'%'"))
    engine.dispose()
    file = tmp_path / "lookup.toml"
    url = make_url(mariadb_url).set(username="reader", password="ses@me")
    assert invoke("init", url.render_as_string(hide_password=False), "--config", file).exit_code == 0
    assert "ses" not in file.read_text(encoding="utf-8")
    monkeypatch.setenv("SOURCE_PASSWORD", "ses@me")
    assert invoke("sync", "--config", file).exit_code == 0
    assert "Selma Ottilia" in invoke("search", "selma", "--config", file).stdout
