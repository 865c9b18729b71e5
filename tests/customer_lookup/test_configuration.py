"""lookup.toml is read as it is meant, and nothing shows its secrets."""

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from customer_lookup.configuration import load
from customer_lookup.keys_file import index_place
from customer_lookup.schemas import SearchTable, ServiceTable, SyncTable
from customers.settings import SearchSettings
from service.settings import ServiceSettings
from sync.settings import SyncSettings
from tests.customer_lookup.lookup_text import MINIMAL, complaint, load_text

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


def test_origins_are_as_browsers_send_them(tmp_path: Path) -> None:
    """They name no port that is the scheme's own, and no capitals: such an origin was never allowed."""
    origins = (
        '["https://POS.example:443", "http://pos.example:80", "https://pos.example:80", "http://[::1]:8080"]'
    )
    text = MINIMAL + f"[service]\ncors_origins = {origins}\n"
    assert load_text(tmp_path, text).service.cors_origins == (
        "https://pos.example",
        "http://pos.example",
        "https://pos.example:80",
        "http://[::1]:8080",
    )


def test_a_file_saved_by_windows_notepad_is_read(tmp_path: Path) -> None:
    file = tmp_path / "lookup.toml"
    file.write_text(MINIMAL, encoding="utf-8-sig")
    assert load(file).source.from_ == "customers"
    assert index_place(file) == ("http://127.0.0.1:7700", "customers")


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
