"""doctor says what is fine, what could be better, and what is wrong."""

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from customer_lookup.missing_indexes import missing_indexes
from sync.settings import BalanceSettings, SourceSettings
from tests.customer_lookup.conftest import LOOKUP, Invoke


def test_all_is_well(lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    result = invoke("doctor", "--config", lookup_toml)
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["ok"] * 11 + ["advice"]
    assert "3 customers" in result.stdout


def test_nothing_indexed_yet_is_no_fault(lookup_toml: Path, invoke: Invoke) -> None:
    result = invoke("doctor", "--config", lookup_toml)
    assert result.exit_code == 0
    assert "advice  index: nothing is indexed" in result.stdout
    assert "run customer-lookup reindex; `run` and `worker` do so by themselves" in result.stdout
    assert not (lookup_toml.parent / "index").exists()


def test_a_missing_index_comes_with_its_statement(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute("DROP INDEX customers_modified_at")
    statement = "CREATE INDEX customers_modified_at ON customers (modified_at, customer_no)"
    assert (
        f"advice  source indexes: a sync reads whole tables; make one: {statement}"
        in invoke("doctor", "--config", lookup_toml).stdout
    )
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute(statement)
    assert "ok      source indexes" in invoke("doctor", "--config", lookup_toml).stdout


@pytest.mark.parametrize(
    ("moment", "is_doubted"),
    [
        ("datetime('now', '-5 hours')", True),
        ("datetime('now')", False),
        ("datetime('now', '+2 hours')", False),
        ("datetime('now', '-2 days')", False),
        ("strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-5 hours')", False),
        ("date('now')", False),
    ],
)
def test_times_of_another_zone_are_doubted(
    folder: Path, lookup_toml: Path, invoke: Invoke, moment: str, is_doubted: bool
) -> None:
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute(f"UPDATE customers SET modified_at = {moment}")
    said = "advice  source: [source] updated_at: the newest is 5.0 hours behind the database's clock"
    result = invoke("doctor", "--config", lookup_toml)
    assert (said in result.stdout) is is_doubted
    assert ("ok      source:" in result.stdout) is not is_doubted


@pytest.mark.parametrize(
    ("moment", "is_doubted"),
    [
        ("20241231", True),
        ("1241231", True),
        ("20241231235959", True),
        ("202412312359", True),
        ("20241231235959999", True),
        ("45657.5", True),
        ("strftime('%s', 'now')", False),
        ("1000 * strftime('%s', 'now')", False),
        ("1000000 * strftime('%s', 'now')", False),
        ("253402300799", False),  # never: the end of 9999
        ("0", False),
    ],
)
def test_numbers_that_are_dates_are_doubted(
    folder: Path, lookup_toml: Path, invoke: Invoke, moment: str, is_doubted: bool
) -> None:
    """Read as seconds they are of 1970: a sync found no change, and nobody said so."""
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute("ALTER TABLE customers ADD number NUMERIC")
        shop.execute(f"UPDATE customers SET number = {moment}")
    lookup_toml.write_text(LOOKUP.replace('updated_at = "modified_at"', 'updated_at = "number"', 1))
    result = invoke("doctor", "--config", lookup_toml)
    said = "advice  source: [source] updated_at: the newest is a number that does not count seconds"
    assert (said in result.stdout) is is_doubted
    assert ("ok      source:" in result.stdout) is not is_doubted


PLAIN = ("customers", "no", "changed")
ODD = ("Order", "No", "Changed at")
LONG = ("customers_of_all_the_shops_in_the_country", "no", "changed_at_the_till_or_in_the_office")


@pytest.mark.parametrize(
    ("there", "mapped"),
    [
        pytest.param(PLAIN, PLAIN, id="plain"),
        pytest.param(PLAIN, ("customers", "NO", "Changed"), id="other case"),
        pytest.param(PLAIN, ("customers", "upper(no)", "changed"), id="expression"),
        pytest.param(ODD, ODD, id="odd"),
        pytest.param(ODD, (ODD[0], ODD[1], "{0}Changed at{0}"), id="quoted"),
        pytest.param(PLAIN, ("{1}.customers", "no", "changed"), id="schema"),
        pytest.param(ODD, ("{0}{1}{0}.{0}Order{0}", ODD[1], ODD[2]), id="quoted schema"),
        pytest.param(LONG, LONG, id="long"),
    ],
)
def test_the_statements_work_in_every_database(
    database_url: str, there: tuple[str, str, str], mapped: tuple[str, str, str]
) -> None:
    engine = create_engine(database_url)
    mark = "`" if engine.dialect.name == "mysql" else '"'
    table, no, changed = (name.format(mark, inspect(engine).default_schema_name) for name in mapped)
    balances = BalanceSettings(currency="currency", identifier="no", updated_at="changed", from_="accounts")
    settings = SourceSettings(
        url=database_url, from_=table, customer={"identifier": no}, updated_at=changed, balances=balances
    )
    columns = "{mark}{}{mark} ({mark}{}{mark} VARCHAR(20) PRIMARY KEY, {mark}{}{mark} TIMESTAMP)"
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE {columns.format(*there, mark=mark)}"))
        connection.execute(text("CREATE TABLE accounts (no INT, currency CHAR(3), changed TIMESTAMP)"))
    statements = missing_indexes(settings)
    assert len(statements) == 2
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
    assert missing_indexes(settings) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param("[index]", '[index]\nname = "x"', "ok      index", id="name"),
        pytest.param(
            "port = 0",
            'port = 0\napi_keys = ["short"]',
            "advice  api keys: an api key is shorter",
            id="short",
        ),
        pytest.param(
            'updated_at = "modified_at"', "", "advice  source indexes: no updated_at", id="no-updated-at"
        ),
    ],
)
def test_what_is_found_is_said(lookup_toml: Path, invoke: Invoke, right: str, wrong: str, said: str) -> None:
    lookup_toml.write_text(LOOKUP.replace(right, wrong), encoding="utf-8")
    invoke("sync", "--config", lookup_toml)
    assert said in invoke("doctor", "--config", lookup_toml).stdout


def test_a_missing_sqlite_file_is_not_made(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    (folder / "shop.db").unlink()
    result = invoke("doctor", "--config", lookup_toml)
    assert result.exit_code == 2
    assert "wrong   source: " in result.stdout
    assert "source indexes" not in result.stdout
    assert not (folder / "shop.db").exists()


def fill(folder: Path, *, faulty: int, right: int) -> None:
    """A table of customers of which some have no word for yes or no in `blocked`."""
    rows = [(f"K-{number}", "perhaps") for number in range(faulty)]
    rows += [(f"R-{number}", "no") for number in range(right)]
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute("DELETE FROM customers")
        shop.executemany("INSERT INTO customers (customer_no, blocked) VALUES (?, ?)", rows)


@pytest.mark.parametrize(
    ("faulty", "right", "verdict", "exit_code"),
    [
        pytest.param(1, 30, "advice", 0, id="one"),
        pytest.param(5, 10, "advice", 0, id="a-third"),
        pytest.param(30, 10, "wrong", 1, id="most"),
        pytest.param(2, 0, "advice", 0, id="two-in-all"),
    ],
)
def test_rows_that_make_no_customers_are_noticed(
    folder: Path, lookup_toml: Path, invoke: Invoke, *, faulty: int, right: int, verdict: str, exit_code: int
) -> None:
    """In the source itself, before anything is indexed; and in the index then."""
    fill(folder, faulty=faulty, right=right)
    why = f"{faulty} for this reason: block_sales: is str that is neither yes nor no; correct the mapping"
    tried = invoke("doctor", "--config", lookup_toml)
    said = f"{faulty} of the {faulty + right} that were tried would be left out of the index, {why}"
    assert f"{verdict:<7} source rows: {said}" in tried.stdout
    assert tried.exit_code == exit_code
    assert "ok      quarantine: nothing is indexed yet" in tried.stdout
    invoke("reindex", "--config", lookup_toml)
    indexed = invoke("doctor", "--config", lookup_toml)
    said = f"{faulty} of {faulty + right} customers are left out of the index, {why}"
    assert f"{verdict:<7} quarantine: {said}" in indexed.stdout
    assert indexed.exit_code == exit_code
    assert "K-" not in tried.stdout + indexed.stdout
    assert "perhaps" not in tried.stdout + indexed.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "said", "exit_code"),
    [
        pytest.param(
            'host = "127.0.0.1"',
            'host = "0.0.0.0"',
            "wrong   service: {file}: [service] host: '0.0.0.0' can be reached from other machines",
            2,
            id="open-to-all",
        ),
        pytest.param(
            "port = 0",
            'port = 0\ntrusted_proxies = ["the proxy"]',
            "wrong   service: {file}: [service] trusted_proxies: 'the proxy' is neither an address nor",
            2,
            id="no-network",
        ),
        pytest.param(
            "port = 0",
            'port = 0\ntrusted_proxies = ["127.0.0.1"]',
            "wrong   service: [service] trusted_proxies without api_keys: nothing that a proxy passes on",
            1,
            id="proxy-without-keys",
        ),
        pytest.param(
            '[source.balances]\ncurrency = "\'DKK\'"\nbalance = "-12.50"',
            "[service]\nlive_balances = true",
            "advice  service: [service] live_balances without [source.balances]",
            0,
            id="no-balances",
        ),
        pytest.param(
            'host = "127.0.0.1"',
            'host = "192.0.2.1"\napi_keys = ["0123456789abcdef"]',
            "wrong   port: {file}: [service] host, port: cannot listen on 192.0.2.1:0: this machine",
            2,
            id="address-of-another",
        ),
        pytest.param(
            'path = "index"',
            'path = "/proc/index"',
            "wrong   index: {file}: [index] path: /proc/index cannot be made",
            2,
            id="no-place-for-an-index",
        ),
    ],
)
def test_what_serve_would_refuse_is_said(
    lookup_toml: Path, invoke: Invoke, *, right: str, wrong: str, said: str, exit_code: int
) -> None:
    text = LOOKUP.replace(right, wrong)
    if wrong.startswith("[service]"):
        text = text.replace('[service]\nhost = "127.0.0.1"\nport = 0', "")
    lookup_toml.write_text(text, encoding="utf-8")
    result = invoke("doctor", "--config", lookup_toml)
    assert said.format(file=lookup_toml) in result.stdout
    assert result.exit_code == exit_code


def test_a_port_in_use_is_fine(lookup_toml: Path, invoke: Invoke) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        lookup_toml.write_text(LOOKUP.replace("port = 0", f"port = {port}"), encoding="utf-8")
        result = invoke("doctor", "--config", lookup_toml)
    assert f"advice  port: 127.0.0.1:{port} is in use; fine if" in result.stdout
    assert result.exit_code == 0


def test_rows_are_tried_in_every_database(database_url: str, lookup_toml: Path, invoke: Invoke) -> None:
    """More than the page that is looked at, of a cursor that is closed before its end."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE customers (no INT PRIMARY KEY, owed VARCHAR(20))"))
        rows = [{"no": number, "owed": "1,5" if number % 10 == 0 else "1.5"} for number in range(3_000)]
        connection.execute(text("INSERT INTO customers VALUES (:no, :owed)"), rows)
    engine.dispose()
    url = engine.url.render_as_string(hide_password=False)
    lookup_toml.write_text(
        f'[source]\nurl = "{url}"\nfrom = "customers"\n[source.customer]\nidentifier = "no"\n'
        '[source.balances]\ncurrency = "\'DKK\'"\nbalance = "owed"\n[service]\nport = 0\n',
        encoding="utf-8",
    )
    result = invoke("doctor", "--config", lookup_toml)
    said = (
        "advice  source rows: 100 of the 1,000 that were tried would be left out of the index, 100 for this"
    )
    assert said in result.stdout
    assert result.exit_code == 0
