"""init looks into a database and writes a first lookup.toml that works."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from customer_lookup.configuration import load
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
