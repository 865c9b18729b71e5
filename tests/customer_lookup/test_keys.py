"""customer-lookup keys, against a real Meilisearch."""

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from customer_lookup.commands.keys import keys
from customer_lookup.keys_file import index_place
from customers.errors import ConfigurationError, EngineError
from tests.index.meilisearch_server import MASTER_KEY, SERVER, index_name


@pytest.fixture
def lookup_toml(tmp_path: Path) -> Path:
    """A configuration whose keys are not made yet."""
    file = tmp_path / "lookup.toml"
    file.write_text(
        f'[index]\nengine = "meilisearch"\nurl = "{SERVER.url}"\nname = "{index_name()}"\n'
        'search_key = "${file:secrets/search_key}"\n',
        encoding="utf-8",
    )
    return file


def run(lookup_toml: Path, *arguments: str | Path, master_key: str = MASTER_KEY) -> str:
    words = ["--config", str(lookup_toml), *map(str, arguments)]
    result = CliRunner().invoke(keys, words, env={"MEILI_MASTER_KEY": master_key}, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.meilisearch(replay=False)
def test_keys_are_printed_with_where_to_put_them(lookup_toml: Path) -> None:
    output = run(lookup_toml).splitlines()
    assert output[0] == "[index] search_key (new):"
    assert output[2] == "[index] admin_key (new):"
    again = run(lookup_toml).splitlines()
    assert again[0] == "[index] search_key (there already, as it should be):"
    assert again[1] == output[1]


@pytest.mark.meilisearch(replay=False)
def test_keys_are_written_as_secret_files(lookup_toml: Path, tmp_path: Path) -> None:
    output = run(lookup_toml, "--into", tmp_path / "secrets")
    for name in ("search_key", "admin_key"):
        file = tmp_path / "secrets" / name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.read_text(encoding="ascii").strip() not in output
        assert f'{name} = "${{file:{file}}}"' in output


@pytest.mark.meilisearch(replay=False)
def test_a_file_that_is_written_is_said_to_be(
    lookup_toml: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the server had the key already or not; its path is lookup.toml's, from wherever it is run."""
    run(lookup_toml)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    into = Path("..", "secrets")
    first = run(lookup_toml, "--into", into)
    assert first.count("written, with the key that the server had already; lookup.toml has it as") == 2
    assert 'search_key = "${file:secrets/search_key}"' in first
    assert run(lookup_toml, "--into", into).count("there already, as it should be") == 2
    assert run(lookup_toml, "--into", into, "--rotate").count("written, a new key; 1 older still valid") == 2


@pytest.mark.meilisearch(replay=False)
def test_a_wrong_master_key_is_told_from_the_others(lookup_toml: Path) -> None:
    with pytest.raises(EngineError, match="does not accept the master key") as refused:
        run(lookup_toml, master_key="wrong")
    assert "customer-lookup keys" not in str(refused.value)


@pytest.mark.meilisearch(replay=False)
def test_keys_are_rotated_and_the_old_ones_revoked(lookup_toml: Path) -> None:
    old = run(lookup_toml).splitlines()[1]
    output = run(lookup_toml, "--rotate").splitlines()
    assert output[0] == "[index] search_key (new; 1 older still valid: restart what uses it, then --revoke):"
    assert output[1] != old
    assert run(lookup_toml, "--revoke") == "deleted 2 older keys\n"
    assert run(lookup_toml).splitlines()[1] == output[1]


@pytest.mark.meilisearch(replay=False)
def test_the_master_key_may_be_in_a_file(lookup_toml: Path, tmp_path: Path) -> None:
    (tmp_path / "master").write_text(f"{MASTER_KEY}\n", encoding="utf-8")
    assert "(new)" in run(lookup_toml, "--master-key-file", tmp_path / "master", master_key="wrong")


@pytest.mark.meilisearch(replay=False)
def test_the_master_key_may_come_through_a_pipe(lookup_toml: Path) -> None:
    words = ["--config", str(lookup_toml)]
    result = CliRunner(env={"MEILI_MASTER_KEY": None}).invoke(keys, words, input=f"{MASTER_KEY}\n")
    assert result.exit_code == 0
    assert "(new)" in result.stdout
    assert result.stderr == ""


def test_without_a_terminal_nobody_is_asked(lookup_toml: Path) -> None:
    said = r"^no master key, .*: set the variable MEILI_MASTER_KEY, or name a file with --master-key-file$"
    with pytest.raises(ConfigurationError, match=said):
        CliRunner(env={"MEILI_MASTER_KEY": None}).invoke(
            keys, ["--config", str(lookup_toml)], catch_exceptions=False
        )


def test_where_meilisearch_is_has_defaults(tmp_path: Path) -> None:
    (tmp_path / "lookup.toml").write_text("[source]\n", encoding="utf-8")
    assert index_place(tmp_path / "lookup.toml") == ("http://127.0.0.1:7700", "customers")


def test_where_meilisearch_is_may_be_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEILI_URL", "http://meilisearch:7700")
    (tmp_path / "lookup.toml").write_text('[index]\nurl = "${MEILI_URL}"\n', encoding="utf-8")
    assert index_place(tmp_path / "lookup.toml")[0] == "http://meilisearch:7700"


@pytest.mark.parametrize("content", ["[index", "index = 3"])
def test_a_broken_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "lookup.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"is not TOML with an \[index\]"):
        index_place(tmp_path / "lookup.toml")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        index_place(tmp_path / "missing.toml")
