"""What is no TOML, missing, unknown or wrong in [source] of lookup.toml is named."""

from pathlib import Path

import pytest

from customer_lookup.configuration import load
from customers.errors import ConfigurationError
from tests.customer_lookup.lookup_text import MINIMAL, complaint


@pytest.mark.parametrize(
    ("text", "said"),
    [
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
            MINIMAL.replace('"customer_no"', '"\\n"'),
            '[source.customer] identifier: found "\\n"; allowed: a text in quotes',
            id="blank-lines",
        ),
        pytest.param(
            MINIMAL.replace("sqlite:///shop.db", "${}"),
            "[source] url: found ${}; allowed: ${NAME} for a variable of the environment, or ${file:PATH}",
            id="nameless-variable",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    assert complaint(tmp_path, text).startswith(said)


@pytest.mark.parametrize("content", ["", "\n", "  \n"])
@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('[service]\napi_keys = ["till:${file:key}"]\n', "[service] api_keys"),
        (
            '[index]\nengine = "meilisearch"\nurl = "http://x"\nsearch_key = "${file:key}"\n',
            "[index] search_key",
        ),
    ],
)
def test_an_empty_secret_file_is_named(tmp_path: Path, content: str, more: str, key: str) -> None:
    (tmp_path / "key").write_text(content, encoding="utf-8")
    said = complaint(tmp_path, MINIMAL + more)
    assert said == f"{key}: the secret file {tmp_path / 'key'} is empty; write the secret into it"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such file"):
        load(tmp_path / "nowhere.toml")
