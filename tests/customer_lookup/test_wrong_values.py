"""A value that a key of [index], [search], [state], [sync] or [service] may not have is named."""

from pathlib import Path

import pytest

from tests.customer_lookup.lookup_text import MINIMAL, complaint, load_text


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
        pytest.param(
            MINIMAL + '[search]\nsynonyms = [["anne-marie", "ami"]]\n',
            "[search] synonyms: found [['anne-marie', 'ami']]; allowed: a list of groups of single",
            id="synonyms that are searched for as several words",
        ),
        pytest.param(
            MINIMAL + '[search]\nsynonyms = [["..", "x"]]\n',
            "[search] synonyms: found [['..', 'x']]; allowed: a list of groups of single",
            id="synonyms without a letter",
        ),
        pytest.param(
            MINIMAL + '[search]\nuseless_words = ["den gode"]\n',
            "[search] useless_words: found ['den gode']; allowed: a list of single words",
            id="useless words that are several",
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
            MINIMAL + '[index]\npath = "var\\u0000index"\n',
            '[index] path: found "var\\u0000index"; allowed: a text in quotes',
            id="control-character",
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
