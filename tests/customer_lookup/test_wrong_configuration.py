"""What is wrong outside lookup.toml: one clear line, its exit code, and no traceback."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.customer_lookup.conftest import LOOKUP, Invoke


def complaint(invoke: Invoke, command: str, file: Path, exit_code: int) -> str:
    result = invoke(command, "--config", file)
    lines = result.stderr.splitlines()
    assert result.exit_code == exit_code, result.output
    assert "Traceback" not in result.output
    assert [line for line in lines if line.startswith("customer-lookup: ")] == lines[-1:]
    return lines[-1]


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("command", ["sync", "reindex", "run", "doctor"])
@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param(
            'from = "customers"', 'from = "custmers"', '[source] from: table or view "custmers"', id="table"
        ),
        pytest.param('"phone"', '"phnoe"', '[source.customer] phone: column "phnoe"', id="column"),
        pytest.param('name = "name"', 'name = "name ||"', "[source.customer] name: ", id="expression"),
        pytest.param(
            '"modified_at"', '"modifed_at"', '[source] updated_at: column "modifed_at"', id="updated-at"
        ),
        pytest.param('balance = "-12.50"', 'balance = "blnce"', "[source.balances] balance: ", id="balance"),
        pytest.param(
            "sqlite:///shop",
            "sqlte:///shop",
            '[source] url: not a database URL that can be used (no dialect "sqlte" is installed); write it',
            id="dialect",
        ),
        pytest.param(
            "sqlite:///shop",
            "postgresql+psycopg4:///shop",
            '[source] url: not a database URL that can be used (no dialect "postgresql+psycopg4" is',
            id="driver",
        ),
        pytest.param(
            "sqlite:///shop.db",
            "sqlite://",
            "[source] url: found SQLite in memory; allowed: a file",
            id="none",
        ),
        pytest.param(
            "shop.db", ":memory:", "[source] url: found SQLite in memory; allowed: a file", id="memory"
        ),
        pytest.param("sqlite:///shop", "oracle://shop", "[source] url: the driver", id="driver"),
    ],
)
def test_a_wrong_mapping_is_named(
    lookup_toml: Path, invoke: Invoke, *, command: str, right: str, wrong: str, said: str
) -> None:
    assert right in LOOKUP
    lookup_toml.write_text(LOOKUP.replace(right, wrong), encoding="utf-8")
    if command == "doctor":
        result = invoke("doctor", "--config", lookup_toml)
        assert result.exit_code == 2
        assert f"wrong   source: {lookup_toml}: {said}" in result.stdout
    else:
        assert complaint(invoke, command, lookup_toml, 2).startswith(
            f"customer-lookup: {lookup_toml}: {said}"
        )


@pytest.mark.parametrize(
    ("wrong", "closest"),
    [("custmers", "customers"), ("custoner", "customers")],
    ids=["letter", "two-letters"],
)
def test_the_closest_table_is_named(lookup_toml: Path, invoke: Invoke, wrong: str, closest: str) -> None:
    lookup_toml.write_text(LOOKUP.replace('from = "customers"', f'from = "{wrong}"'), encoding="utf-8")
    assert complaint(invoke, "sync", lookup_toml, 2).endswith(f'did you mean "{closest}"?')


def test_the_closest_column_is_named(lookup_toml: Path, invoke: Invoke) -> None:
    lookup_toml.write_text(LOOKUP.replace('"phone"', '"phnoe"'), encoding="utf-8")
    assert complaint(invoke, "sync", lookup_toml, 2).endswith('did you mean "phone"?')


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://u:sesame@127.0.0.1:1/erp", "mysql+pymysql://u:sesame@127.0.0.1:1/erp"]
)
def test_a_source_that_cannot_be_reached(lookup_toml: Path, invoke: Invoke, url: str) -> None:
    lookup_toml.write_text(LOOKUP.replace("sqlite:///shop.db", url), encoding="utf-8")
    said = complaint(invoke, "sync", lookup_toml, 1)
    assert "127.0.0.1:1/erp" in said
    assert "it is tried again" not in said
    assert said.endswith(
        "; see that it runs and that [source] url is right; only `run` and `worker` try again by themselves"
    )
    assert "sesame" not in said


def test_a_sqlite_source_that_is_not_there_is_not_made(
    folder: Path, lookup_toml: Path, invoke: Invoke
) -> None:
    lookup_toml.write_text(LOOKUP.replace("shop.db", "shp.db"), encoding="utf-8")
    complaint(invoke, "sync", lookup_toml, 2)
    assert not (folder / "shp.db").exists()


@pytest.mark.parametrize("command", ["sync", "status"])
def test_a_state_database_that_cannot_be_reached(lookup_toml: Path, invoke: Invoke, command: str) -> None:
    url = "postgresql+psycopg://u:sesame@127.0.0.1:1/state"
    lookup_toml.write_text(LOOKUP.replace("sqlite:///state.db", url), encoding="utf-8")
    said = complaint(invoke, command, lookup_toml, 1)
    place = "postgresql+psycopg://127.0.0.1:1/state"
    assert said.startswith(f"customer-lookup: {lookup_toml}: [state] url: {place}: ")
    assert "cannot be reached or did not answer (Connection refused); see that it runs" in said
    assert "sesame" not in said


def test_a_state_that_is_no_database(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    (folder / "state.db").write_text(
        "a letter to my grandmother, and no database at all" * 9, encoding="utf-8"
    )
    said = complaint(invoke, "sync", lookup_toml, 1)
    assert said.startswith(f"customer-lookup: {lookup_toml}: [state] url: sqlite:///{folder}/state.db: ")
    assert said.endswith(
        ": the file is no SQLite database; name another one, which is made if it is not there"
    )


def test_a_state_that_is_a_folder(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    (folder / "state.db").mkdir()
    said = complaint(invoke, "sync", lookup_toml, 1)
    assert said.startswith(f"customer-lookup: {lookup_toml}: [state] url: sqlite:///{folder}/state.db: ")
    assert said.endswith(
        ": the file cannot be opened; see that it may be read and written, or name another one"
    )


@pytest.mark.parametrize("command", ["sync", "search", "status", "run"])
def test_an_index_that_is_a_file(folder: Path, lookup_toml: Path, invoke: Invoke, command: str) -> None:
    (folder / "index").touch()
    arguments = ("search", "lars") if command == "search" else (command,)
    result = invoke(*arguments, "--config", lookup_toml)
    assert result.exit_code == 2, result.output
    assert result.stderr.splitlines()[-1] == (
        f"customer-lookup: {lookup_toml}: [index] path: {folder}/index is not a folder; name one, which is"
        " made if it is not there"
    )


@pytest.mark.parametrize(
    ("place", "what_to_do"),
    [
        ("/proc/index", "; name a folder where this user may write"),
        ("shop.db/index", "shop.db is not a folder; name one, which is made if it is not there"),
        ("a" * 300, " cannot be looked at (File name too long); name a folder where this user may write"),
    ],
)
def test_an_index_that_cannot_be_made(lookup_toml: Path, invoke: Invoke, place: str, what_to_do: str) -> None:
    lookup_toml.write_text(LOOKUP.replace('path = "index"', f'path = "{place}"'), encoding="utf-8")
    said = complaint(invoke, "sync", lookup_toml, 2)
    assert said.startswith(f"customer-lookup: {lookup_toml}: [index] path: ")
    assert said.endswith(what_to_do)


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_port_in_use(lookup_toml: Path, invoke: Invoke, command: str, busy_port: int) -> None:
    lookup_toml.write_text(LOOKUP.replace("port = 0", f"port = {busy_port}"), encoding="utf-8")
    result = invoke(command, "--config", lookup_toml)
    assert result.exit_code in {1, 2}
    assert result.stderr.splitlines()[-1].endswith(
        f"cannot listen on 127.0.0.1:{busy_port}: stop what is using it, or choose another port"
    )


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("203.0.113.9", "this machine has no such address; name one of its own, or 127.0.0.1"),
        ("nowhere.invalid", "the name leads to no address; name one of this machine, or 127.0.0.1"),
    ],
)
def test_an_address_of_another_machine(lookup_toml: Path, invoke: Invoke, host: str, why: str) -> None:
    changed = LOOKUP.replace('"127.0.0.1"', f'"{host}"').replace("port = 0", "port = 18099")
    lookup_toml.write_text(changed + 'api_keys = ["till:one-two-three-four"]\n', encoding="utf-8")
    said = complaint(invoke, "serve", lookup_toml, 2)
    assert said.endswith(f"[service] host, port: cannot listen on {host}:18099: {why}")


@pytest.mark.parametrize("command", ["run", "serve"])
def test_an_open_address_without_keys(lookup_toml: Path, invoke: Invoke, command: str) -> None:
    lookup_toml.write_text(LOOKUP.replace("127.0.0.1", "0.0.0.0"), encoding="utf-8")
    said = complaint(invoke, command, lookup_toml, 2)
    assert said.startswith(f"customer-lookup: {lookup_toml}: [service] host: '0.0.0.0' can be reached")


def test_an_index_made_by_another_version_of_the_keys(lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    lookup_toml.write_text(LOOKUP + 'default_region = "NO"\n', encoding="utf-8")
    said = invoke("search", "lars", "--config", lookup_toml)
    assert said.exit_code == 1
    assert "reindex" in said.stderr.splitlines()[-1]
    assert invoke("sync", "--config", lookup_toml).exit_code == 0
    assert invoke("search", "lars", "--config", lookup_toml).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("init", "sqlite:///shop.db", "--config", "nowhere/lookup.toml"), "cannot be written (No such file"),
        (("init", "mysql+pymysql://u:sesame@127.0.0.1:1/x?nosuch=1"), "URL: the driver refuses an option"),
        (("init", "postgresql+psycopg://u:sesame@h:port/x"), "URL: not a database URL"),
        (("demo", "--config", "/proc/demo/lookup.toml"), "cannot be written (No such file"),
        (("demo", "--config", "shop.db/lookup.toml"), "cannot be written (File exists"),
        (("keys", "--master-key-file", "key", "--config", "shop.toml"), "key: cannot be read (not UTF-8"),
    ],
)
def test_a_file_or_url_of_the_command_line(
    folder: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    (folder / "key").write_bytes(b"\xff")
    (folder / "lookup.toml").rename(folder / "shop.toml")
    monkeypatch.chdir(folder)
    result = invoke(*arguments)
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    assert line.startswith("customer-lookup: ")
    assert said in line
    assert "sesame" not in line


def test_keys_are_not_lost_where_they_cannot_be_written(folder: Path, invoke: Invoke) -> None:
    """They are made only after their folder."""
    (folder / "master").write_text("a-master-key", encoding="utf-8")
    arguments = ("--master-key-file", folder / "master", "--into", folder / "shop.db" / "secrets")
    result = invoke("keys", "--config", folder / "lookup.toml", *arguments)
    assert result.exit_code == 2
    assert "--into: " in result.stderr
    assert "cannot be made (Not a directory); name a folder where this user may write" in result.stderr


def test_an_identifier_that_is_no_text_is_nobodys(lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    assert invoke("forget", "\udcff", "--config", lookup_toml).exit_code == 0
