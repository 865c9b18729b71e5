"""A wrong mapping gets one line that names the key, and the closest name there is."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from customers.errors import ConfigurationError, SourceError, SourceUnavailable
from sync.settings import BalanceSettings, SourceSettings
from sync.source import Source
from tests.databases import free_port
from tests.sync.merchant import BALANCES, CUSTOMER, Merchant, dated, undated


@pytest.fixture
def settings(merchant: Merchant) -> SourceSettings:
    """A mapping that is right."""
    return dated(merchant.url)


def complaint(settings: SourceSettings) -> str:
    with closing(Source(settings)) as source, pytest.raises(ConfigurationError) as refused:
        source.check()
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_right_mapping_passes(merchant: Merchant) -> None:
    for settings in (dated(merchant.url), undated(merchant.url)):
        with closing(Source(settings)) as source:
            source.check()


def test_a_wrong_table_names_the_closest(settings: SourceSettings) -> None:
    words = complaint(replace(settings, from_="custommers"))
    assert words.startswith('[source] from: table or view "custommers" is not in the database')
    assert words.endswith('did you mean "customers"?')


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("from_", "said"),
    [
        ("kund", 'table or view "kund" is not in the database; did you mean "crm.kund"?'),
        ("crm.kundd", 'table or view "crm.kundd" is not in the database; did you mean "crm.kund"?'),
        ("cmr.kund", 'schema "cmr" is not in the database; did you mean "crm"?'),
        ("shop.kund", 'schema "shop" is not in the database; did you mean "crm.kund"?'),
    ],
)
def test_a_table_of_another_schema_is_named_with_it(postgresql_url: str, from_: str, said: str) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.run("CREATE SCHEMA crm")
        merchant.run("CREATE TABLE crm.kund (number INT)")
        assert complaint(replace(dated(postgresql_url), from_=from_)) == f"[source] from: {said}"


def test_a_wrong_column_names_the_closest(settings: SourceSettings) -> None:
    words = complaint(replace(settings, customer={**CUSTOMER, "name": "nmae"}))
    assert words == '[source.customer] name: column "nmae" is not in "customers"; did you mean "name"?'


def test_a_wrong_column_in_an_expression_names_the_closest(settings: SourceSettings) -> None:
    words = complaint(replace(settings, customer={**CUSTOMER, "name": "upper(nmae)"}))
    assert words == '[source.customer] name: column "nmae" is not in "customers"; did you mean "name"?'


def test_the_other_keys_are_named_too(settings: SourceSettings) -> None:
    suggestion = 'column "chagned" is not in "customers"; did you mean "changed"?'
    assert complaint(replace(settings, updated_at="chagned")) == f"[source] updated_at: {suggestion}"
    assert complaint(replace(settings, deleted="chagned")) == f"[source] deleted: {suggestion}"


def test_a_wrong_expression_is_shown(settings: SourceSettings) -> None:
    words = complaint(replace(settings, customer={**CUSTOMER, "name": "upper(name"}))
    assert words.startswith("[source.customer] name: found upper(name: ")
    assert words.endswith("an SQL expression that gives one value for each row")


def test_a_wrong_query_is_named(settings: SourceSettings) -> None:
    words = complaint(replace(settings, from_=None, query="SELEKT * FROM customers"))
    assert words.startswith("[source] query: ")


def test_wrong_balances_are_named(settings: SourceSettings) -> None:
    words = complaint(replace(settings, balances=replace(BALANCES, balance="ammount")))
    assert words == '[source.balances] balance: column "ammount" is not in "balances"; did you mean "amount"?'
    words = complaint(replace(settings, balances=replace(BALANCES, from_="balance")))
    assert words.startswith('[source.balances] from: table or view "balance" is not in the database')


def test_balances_in_the_customers_row_are_checked_there(settings: SourceSettings) -> None:
    unused = BalanceSettings(currency="'DKK'", balance="blocked", identifier="number", updated_at="changed")
    with closing(Source(replace(settings, balances=unused, updated_at=None))) as source:
        source.check(thorough=True)
    own = BalanceSettings(currency="'DKK'", balance="blockd")
    words = complaint(replace(settings, balances=own))
    assert (
        words == '[source.balances] balance: column "blockd" is not in "customers"; did you mean "blocked"?'
    )


@pytest.mark.postgresql
def test_identifiers_of_two_types_cannot_be_joined(postgresql_url: str) -> None:
    with closing(Merchant(postgresql_url)):
        numbers = replace(BALANCES, identifier="length(number)")
        words = complaint(replace(dated(postgresql_url), balances=numbers))
    assert words.startswith("[source.balances] identifier: ")
    assert words.endswith("cast it to the type of the customer's identifier")


@pytest.mark.parametrize("url", ["nonsense", "nosuch://host/database", "postgresql+nosuch://host/database"])
def test_a_url_that_is_none_is_a_configuration_error(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"\[source\] url"):
        Source(SourceSettings(url=url, from_="customers", customer={"identifier": "id"}))


def test_a_server_that_is_not_there_is_unavailable_and_no_secret_is_told() -> None:
    url = f"postgresql+psycopg://reader:s3cret@127.0.0.1:{free_port()}/erp"
    settings = SourceSettings(url=url, from_="customers", customer={"identifier": "id"})
    with closing(Source(settings)) as source, pytest.raises(SourceUnavailable) as refused:
        source.check()
    assert "127.0.0.1" in str(refused.value)
    assert "s3cret" not in str(refused.value)
    assert "reader" not in str(refused.value)


def test_a_database_that_says_no_is_not_quoted(sqlite_merchant: Merchant) -> None:
    with closing(Source(dated(sqlite_merchant.url))) as source:
        source.count()
        sqlite_merchant.run("DROP TABLE customers")
        with pytest.raises(SourceError, match="OperationalError") as refused:
            source.count()
    assert not refused.value.retryable


@pytest.mark.parametrize("scheme", ["mysql+pymysql", "postgresql+psycopg"])
def test_an_option_that_the_driver_does_not_take_is_said(scheme: str) -> None:
    settings = SourceSettings(
        url=f"{scheme}://reader:s3cret@127.0.0.1:1/erp?nosuch=1", from_="a", customer={"identifier": "id"}
    )
    words = complaint(settings)
    assert words.startswith("[source] url: the driver refuses an option behind the ? (")
    assert "s3cret" not in words


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"a letter to my grandmother" * 99, "is no SQLite database"), (None, "cannot be opened")],
)
def test_a_file_that_is_no_database_is_said(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "shop.db"
    file.mkdir() if content is None else file.write_bytes(content)
    settings = SourceSettings(url=f"sqlite:///{file}", from_="customers", customer={"identifier": "id"})
    with closing(Source(settings)) as source, pytest.raises(SourceError, match=said) as refused:
        source.check()
    assert not refused.value.retryable
    assert "doctor" not in str(refused.value)


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"username": "nobody"}, 'FATAL: role "nobody" does not exist'),
        ({"database": "nowhere"}, 'FATAL: database "nowhere" does not exist'),
    ],
)
def test_postgresql_says_why_it_lets_nobody_in(
    postgresql_url: str, change: dict[str, str], said: str
) -> None:
    url = make_url(postgresql_url).set(**change)  # type: ignore[arg-type]
    settings = SourceSettings(
        url=url.render_as_string(hide_password=False), from_="customers", customer={"identifier": "id"}
    )
    with closing(Source(settings)) as source, pytest.raises(SourceError) as refused:
        source.check()
    assert not isinstance(refused.value, SourceUnavailable)
    assert f"let nobody in ({said}); see that user, password and database" in str(refused.value)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("127.0.0.1:1", "(Connection refused); see that it runs"),
        ("nowhere.invalid", "(failed to resolve host 'nowhere.invalid'"),
    ],
)
def test_a_postgresql_that_is_not_there_is_told_apart(place: str, said: str) -> None:
    url = f"postgresql+psycopg://u:sesame@{place}/erp"
    settings = SourceSettings(url=url, from_="customers", customer={"identifier": "id"})
    with closing(Source(settings)) as source, pytest.raises(SourceUnavailable) as missing:
        source.check()
    assert said in str(missing.value)
    assert "sesame" not in str(missing.value)


@pytest.mark.mariadb
@pytest.mark.parametrize("change", [{"password": "wrong"}, {"database": "nowhere"}])
def test_a_server_that_lets_nobody_in_is_said(mariadb_url: str, change: dict[str, str]) -> None:
    name = "nobody" if "password" in change else "root"
    url = make_url(mariadb_url).set(username=name, **change)  # type: ignore[arg-type]
    settings = SourceSettings(
        url=url.render_as_string(hide_password=False), from_="customers", customer={"identifier": "id"}
    )
    with closing(Source(settings)) as source, pytest.raises(SourceError) as refused:
        source.check()
    assert str(refused.value).endswith("see that user, password and database in [source] url are right")
