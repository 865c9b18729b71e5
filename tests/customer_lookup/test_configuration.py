"""lookup.toml is read as it is meant, and what is wrong in it is said in one line."""

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from customer_lookup.configuration import Configuration, load
from customer_lookup.keys_file import index_place
from customer_lookup.schemas import SearchTable, ServiceTable, SyncTable
from customers.errors import ConfigurationError
from customers.settings import SearchSettings
from service.settings import ServiceSettings
from sync.settings import SyncSettings

MINIMAL = """
[source]
url = "sqlite:///shop.db"
from = "customers"

[source.customer]
identifier = "customer_no"
"""

EVERY_KEY = """
[source]
url = "postgresql+psycopg://reader:${ERP_PASSWORD}@erp/erp"
from = "erp.customers"
updated_at = "modified_at"
deleted = "is_deleted"

[source.customer]
identifier = "customer_no"
name = "first_name || ' ' || last_name"
phone = "phone"
street = "street"
city = "city"
postal_code = "postal_code"
country = "country"
country_code = "country_code"
email = "email"
additional_info = "note"
organization_number = "cvr"
block_sales = "blocked"

[source.balances]
from = "customer_balances"
identifier = "customer_no"
currency = "currency_code"
balance = "balance"
balance_overdue = "overdue"
credit_limit = "credit_limit"
updated_at = "modified_at"
owed = "positive"

[index]
engine = "meilisearch"
path = "var/index"
url = "http://127.0.0.1:7700"
search_key = "${MEILI_SEARCH_KEY}"
admin_key = "${file:admin.key}"
name = "customers"

[search]
synonyms = [["vvs", "plumber"]]
leave_out = ["email"]
fuzzy_from = 4
company_forms = ["aps"]
useless_words = []

[state]
url = "sqlite:///var/state.db"

[sync]
interval = "30s"
overlap = "5m"
verify = "1h"
max_source_load = 0.1
keep_previous = "7d"
reindex = "0 3 * * 0"

[service]
host = "0.0.0.0"
port = 8080
api_keys = ["till:${LOOKUP_API_KEY}"]
allow_query_key = true
default_currency = "dkk"
default_region = "no"
limit = 20
balance_shape = "object"
live_balances = true
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERP_PASSWORD", "p@ss/word")
    monkeypatch.setenv("MEILI_SEARCH_KEY", "search-secret")
    monkeypatch.setenv("LOOKUP_API_KEY", "api-secret")


def load_text(folder: Path, text: str) -> Configuration:
    file = folder / "lookup.toml"
    file.write_text(text, encoding="utf-8")
    return load(file)


def complaint(folder: Path, text: str) -> str:
    """What is said about `text`: one line that begins with the file's name."""
    with pytest.raises(ConfigurationError) as raised:
        load_text(folder, text)
    message = str(raised.value)
    assert message.startswith(str(folder / "lookup.toml"))
    assert "\n" not in message
    return message.removeprefix(f"{folder / 'lookup.toml'}: ")


def test_a_minimal_file_gets_the_documented_defaults(tmp_path: Path) -> None:
    configuration = load_text(tmp_path, MINIMAL)
    assert configuration.sync == SyncSettings()
    assert configuration.service == ServiceSettings()
    assert configuration.index.engine == "embedded"
    assert configuration.index.path == tmp_path / "var" / "index"
    assert configuration.state_url == f"sqlite:///{tmp_path}/var/state.db"


def test_every_key_reaches_its_setting(tmp_path: Path) -> None:
    (tmp_path / "admin.key").write_text("admin-secret\n", encoding="utf-8")
    configuration = load_text(tmp_path, EVERY_KEY)
    source, balances = configuration.source, configuration.source.balances
    assert (source.from_, source.updated_at, source.deleted) == ("erp.customers", "modified_at", "is_deleted")
    assert source.customer["name"] == "first_name || ' ' || last_name"
    assert len(source.customer) == 12
    assert balances is not None
    assert (balances.from_, balances.owed) == ("customer_balances", "positive")
    assert configuration.index.admin_key == "admin-secret"
    assert configuration.sync.keep_previous == timedelta(days=7)
    assert configuration.sync.reindex == "0 3 * * 0"
    assert configuration.service.api_keys == ("till:api-secret",)
    assert configuration.service.default_currency == "DKK"
    assert configuration.search == SearchSettings(
        default_region="NO",
        synonyms=(("vvs", "plumber"),),
        leave_out=("email",),
        fuzzy_from=4,
        company_forms=("aps",),
        useless_words=(),
    )


def test_a_password_in_a_url_may_hold_any_character(tmp_path: Path) -> None:
    (tmp_path / "admin.key").write_text("x", encoding="utf-8")
    url = load_text(tmp_path, EVERY_KEY).source.url
    assert url == "postgresql+psycopg://reader:p%40ss%2Fword@erp/erp"


def test_a_whole_url_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERP_URL", "mysql+pymysql://reader:secret@erp:3307/erp")
    configuration = load_text(tmp_path, MINIMAL.replace("sqlite:///shop.db", "${ERP_URL}"))
    assert configuration.source.url == "mysql+pymysql://reader:secret@erp:3307/erp"


def test_sqlite_paths_start_from_the_folder_of_the_file(tmp_path: Path) -> None:
    assert load_text(tmp_path, MINIMAL).source.url == f"sqlite:///{tmp_path}/shop.db"
    absolute = MINIMAL.replace("sqlite:///shop.db", "sqlite:////data/shop.db?mode=ro")
    assert load_text(tmp_path, absolute).source.url == "sqlite:////data/shop.db?mode=ro"


def test_a_port_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    configuration = load_text(tmp_path, MINIMAL + '[service]\nport = "${PORT}"\n')
    assert configuration.service.port == 9000


def test_the_schemas_have_a_key_for_every_setting() -> None:
    service = {field.name for field in fields(ServiceSettings)} | {"default_region"}
    assert set(ServiceTable().fields) == service
    assert {*SearchTable().fields, "default_region"} == {field.name for field in fields(SearchSettings)}
    assert set(SyncTable().fields) == {field.name for field in fields(SyncSettings)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            MINIMAL + '[search]\nleave_out = ["name"]\n',
            "[search] leave_out: found ['name']; allowed: a list with some of additional_info,",
            id="leave-out",
        ),
        pytest.param(
            MINIMAL + '[search]\nsynonyms = ["a"]\n',
            "[search] synonyms: found ['a']; allowed: a list of groups",
            id="synonyms",
        ),
        pytest.param(
            MINIMAL + '[search]\nsynonyms = [["jern og metal", "skrot"]]\n',
            "[search] synonyms: found [['jern og metal', 'skrot']]; allowed: a list of groups of single",
            id="synonyms of several words",
        ),
        pytest.param("[source", "is not TOML: ", id="no-toml"),
        pytest.param(
            MINIMAL + '[sync]\nverify = "1h"\ninterval = "5s"\nverify = "2h"\n',
            "is not TOML: verify is written twice in its table, the second time in line 11: leave one",
            id="key-twice",
        ),
        pytest.param(
            MINIMAL + '[sync]\n"verify" = "1h"\n"verify" = """\n2h"""',
            'is not TOML: "verify" is written twice in its table, the second time in line 11: leave one',
            id="key-twice-at-the-end",
        ),
        pytest.param(
            MINIMAL.replace("sqlite:///shop.db", "postgres://reader:sesame@erp/erp"),
            "[source] url: found something else (not shown, it may be a secret); allowed: postgresql+psycopg://",
            id="postgres",
        ),
        pytest.param("", "source: missing; allowed: a table", id="empty"),
        pytest.param(MINIMAL + "[synk]\n", 'synk: unknown table; did you mean "sync"?', id="unknown-table"),
        pytest.param(
            MINIMAL + '[sync]\nintervall = "30s"\n',
            '[sync] intervall: unknown key; did you mean "interval"? allowed: interval, keep_previous,',
            id="unknown-key",
        ),
        pytest.param(
            MINIMAL.replace("identifier", "identifer"),
            '[source.customer] identifer: unknown key; did you mean "identifier"?',
            id="mistyped-field",
        ),
        pytest.param(
            MINIMAL.replace('identifier = "customer_no"', ""),
            "[source.customer] identifier: missing; allowed: a text",
            id="empty-mapping",
        ),
        pytest.param(
            MINIMAL.split("[source.customer]", maxsplit=1)[0],
            "[source] customer: missing; allowed: a table",
            id="no-mapping",
        ),
        pytest.param(
            MINIMAL.replace('from = "customers"', ""),
            "[source] from: missing; allowed: a table or view",
            id="no-from",
        ),
        pytest.param(
            MINIMAL.replace('from = "customers"', 'from = "customers"\nquery = "select 1"'),
            '[source] query: found "select 1"; allowed: only one of from and query',
            id="from-and-query",
        ),
        pytest.param(
            MINIMAL.replace('"customer_no"', "5"),
            "[source.customer] identifier: found 5; allowed: a text in quotes",
            id="number-for-text",
        ),
        pytest.param(
            MINIMAL.replace('"customer_no"', '" "'),
            '[source.customer] identifier: found " "; allowed: a text in quotes',
            id="blank-text",
        ),
        pytest.param("sync = 3\n" + MINIMAL, "sync: found 3; allowed: a table", id="number-for-table"),
        pytest.param(
            MINIMAL + '[source.balances]\nfrom = "b"\ncurrency = "c"\nbalance = "b"\n',
            "[source.balances] identifier: missing; allowed: the column that holds the customer's identifier",
            id="balances-without-identifier",
        ),
        pytest.param(
            MINIMAL + "[source.balances]\ncurrency = \"'DKK'\"\n",
            "[source.balances] balance: missing; allowed: at least one of balance, balance_overdue",
            id="balances-without-amounts",
        ),
        pytest.param(
            MINIMAL + '[index]\nengine = "solr"\n',
            '[index] engine: found "solr"; allowed: "embedded" or "meilisearch"',
            id="unknown-engine",
        ),
        pytest.param(
            MINIMAL + '[index]\nengine = "meilisearch"\n',
            "[index] url: missing; allowed: the address of the server",
            id="engine-without-address",
        ),
        pytest.param(
            MINIMAL + "[sync]\ninterval = 30\n",
            "[sync] interval: found 30; allowed: a number and s",
            id="bare-30",
        ),
        pytest.param(MINIMAL + '[sync]\ninterval = "0s"\n', '[sync] interval: found "0s"', id="no-interval"),
        pytest.param(
            MINIMAL + '[sync]\nverify = "1 week"\n', '[sync] verify: found "1 week"', id="unknown-unit"
        ),
        pytest.param(
            MINIMAL + "[sync]\nmax_source_load = 10\n", "[sync] max_source_load: found 10", id="load"
        ),
        pytest.param(
            MINIMAL + '[sync]\nreindex = "daily"\n', '[sync] reindex: found "daily"; allowed: five', id="cron"
        ),
        pytest.param(
            MINIMAL + "[service]\nport = 70000\n", "[service] port: found 70000; allowed: a whole", id="port"
        ),
        pytest.param(MINIMAL + "[service]\nport = true\n", "[service] port: found true", id="port-true"),
        pytest.param(MINIMAL + "[service]\nlimit = 1.5\n", "[service] limit: found 1.5", id="limit"),
        pytest.param(
            MINIMAL + "[service]\nlive_balances = 1\n",
            "[service] live_balances: found 1; allowed: true",
            id="flag",
        ),
        pytest.param(
            MINIMAL + '[service]\ndefault_currency = "kr."\n',
            '[service] default_currency: found "kr."',
            id="currency",
        ),
        pytest.param(
            MINIMAL + '[service]\ndefault_region = "Denmark"\n',
            '[service] default_region: found "Denmark"',
            id="region",
        ),
        pytest.param(
            MINIMAL.replace("sqlite:///shop.db", "${NOT_THERE}"),
            "[source] url: ${NOT_THERE} is not in the environment",
            id="no-variable",
        ),
        pytest.param(
            MINIMAL.replace("sqlite:///shop.db", "${file:not-there}"),
            "[source] url: cannot read the secret file ",
            id="no-secret-file",
        ),
        pytest.param(
            MINIMAL + '[index]\npath = "var\\u0000index"\n',
            '[index] path: found "var\\u0000index"; allowed: a text in quotes',
            id="control-character",
        ),
        pytest.param(
            MINIMAL.replace('"customer_no"', '"\\n"'),
            '[source.customer] identifier: found "\\n"; allowed: a text in quotes',
            id="blank-lines",
        ),
        pytest.param(
            MINIMAL + '[index]\nadmin_key = "a\\nb"\n',
            "[index] admin_key: found something else",
            id="key-lines",
        ),
        pytest.param(
            MINIMAL + '[index]\nsearch_key = "\N{SNOWMAN}"\n',
            "[index] search_key: found something else",
            id="key-letters",
        ),
        pytest.param(
            MINIMAL + '[sync]\noverlap = "99999999d"\n',
            '[sync] overlap: found "99999999d"; allowed: a number and s',
            id="overlap-of-ages",
        ),
        pytest.param(
            MINIMAL + '[sync]\ninterval = "3651d"\n',
            '[sync] interval: found "3651d"; allowed: a number and s, m, h or d, such as "30s", "5m", "1h" or'
            ' "7d", at least 1 s, at most 3650 days',
            id="interval-of-years",
        ),
        pytest.param(
            MINIMAL + '[service]\ncors_origins = ["*"]\n',
            "[service] cors_origins: found ['*']; allowed: a list of origins, such as [\"https://pos.example\"]",
            id="any-origin",
        ),
        pytest.param(
            MINIMAL + '[service]\ncors_origins = ["https://pos.example/"]\n',
            "[service] cors_origins: found ['https://pos.example/']",
            id="origin-with-a-path",
        ),
        pytest.param(
            MINIMAL + '[service]\npath_prefix = "/a b?"\n',
            '[service] path_prefix: found "/a b?"; allowed: a path, such as "/customers-api"',
            id="path-prefix",
        ),
        pytest.param(
            MINIMAL.replace("sqlite:///shop.db", "${}"),
            "[source] url: found ${}; allowed: ${NAME} for a variable of the environment, or ${file:PATH}",
            id="nameless-variable",
        ),
        pytest.param(
            MINIMAL + '[state]\nurl = "sqlite://"\n',
            "[state] url: found SQLite in memory; allowed: a file, such as sqlite:///var/state.db",
            id="state-in-memory",
        ),
        pytest.param(
            MINIMAL + '[service]\napi_keys = ["good-key", "sha256:xx"]\n',
            "[service] api_keys: key 2 starts with sha256: but 64 hex digits do not follow",
            id="digest",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    assert complaint(tmp_path, text).startswith(said)


def test_a_file_saved_by_windows_notepad_is_read(tmp_path: Path) -> None:
    file = tmp_path / "lookup.toml"
    file.write_text(MINIMAL, encoding="utf-8-sig")
    assert load(file).source.from_ == "customers"
    assert index_place(file) == ("http://127.0.0.1:7700", "customers")


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("sqlite:///shop.db", "sqlite:///shop.db"),
        ("sqlite:///shop.db", "sqlite:///var/../shop.db?timeout=3"),
        ("postgresql+psycopg://reader:a@erp/erp", "postgresql+psycopg://keeper:b@erp:5432/erp"),
        ("mysql+pymysql://reader:a@localhost/erp", "mariadb+pymysql://keeper:b@127.0.0.1:3306/erp"),
    ],
)
def test_the_state_is_not_kept_in_the_merchants_database(tmp_path: Path, source: str, state: str) -> None:
    text = MINIMAL.replace("sqlite:///shop.db", source) + f'[state]\nurl = "{state}"\n'
    said = complaint(tmp_path, text)
    assert said.startswith("[state] url: found the same database as [source] url; allowed: another one")


def test_the_state_may_be_on_the_merchants_server(tmp_path: Path) -> None:
    source, state = "postgresql://reader:a@erp/erp", "postgresql://keeper:b@erp/lookup"
    text = MINIMAL.replace("sqlite:///shop.db", source) + f'[state]\nurl = "{state}"\n'
    assert load_text(tmp_path, text).state_url == state


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such file"):
        load(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(MINIMAL + '[service]\napi_keys = ["${LOOKUP_API_KEY}", " "]\n', id="from-a-variable"),
        pytest.param(MINIMAL + '[service]\napi_keys = ["api-secret", ""]\n', id="in-the-file"),
        pytest.param(MINIMAL + '[index]\nsearch_key = ["search-secret"]\n', id="of-the-engine"),
        pytest.param(MINIMAL.replace('"sqlite:///shop.db"', '["mysql://u:api-secret@h"]'), id="in-a-url"),
        pytest.param(
            MINIMAL.replace('from = "customers"', 'from = ["${ERP_PASSWORD}"]'), id="where-none-belongs"
        ),
    ],
)
def test_no_message_shows_a_secret(tmp_path: Path, text: str) -> None:
    said = complaint(tmp_path, text)
    assert not [secret for secret in ("api-secret", "search-secret", "p@ss") if secret in said]


def test_a_configuration_can_be_printed_without_its_secrets(tmp_path: Path) -> None:
    (tmp_path / "admin.key").write_text("admin-secret", encoding="utf-8")
    configuration = load_text(tmp_path, EVERY_KEY)
    shown = repr((configuration.service, configuration.index))
    assert "secret" not in shown
