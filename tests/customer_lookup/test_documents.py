"""What the documents name exists, and what exists is named in them."""

import re
from pathlib import Path

import pytest
from marshmallow import Schema, fields

from customer_lookup.commands.group import INTERRUPTED, QUARANTINED, VERBS
from customer_lookup.configuration import load
from customer_lookup.schemas import File
from customer_lookup.wsgi import create
from customers.errors import ConfigurationError, CustomerLookupError
from tests.customer_lookup.conftest import Invoke

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def tables(schema: Schema, name: str = "") -> dict[str, set[str]]:
    """Every table of lookup.toml with its keys."""
    found: dict[str, set[str]] = {}
    keys = set()
    for field in schema.fields.values():
        key = field.data_key or str(field.name)
        if isinstance(field, fields.Nested):
            found |= tables(field.schema, f"{name}.{key}".lstrip("."))
        else:
            keys.add(key)
    return found | ({name: keys} if name else {})


def documented_tables() -> dict[str, set[str]]:
    sections = re.split(r"^## \[(.+)\]$", CONFIGURATION, flags=re.MULTILINE)[1:]
    pairs = zip(sections[::2], sections[1::2], strict=True)
    return {name: set(_keys(body)) for name, body in pairs}


def _keys(section: str) -> list[str]:
    rows = re.findall(r"^\| (`.+?) \|", section, flags=re.MULTILINE)
    return [key for row in rows for key in re.findall(r"`(\w+)`", row)]


def test_every_key_of_lookup_toml_is_documented_and_no_other() -> None:
    assert documented_tables() == tables(File())


def test_every_command_is_in_the_readme_and_no_other() -> None:
    assert set(re.findall(r"`customer-lookup (\w+)", README)) == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_in_the_readme_exists(verb: str, invoke: Invoke) -> None:
    named = re.findall(rf"^\| `customer-lookup {verb}(.*?)`", README, flags=re.MULTILINE)
    text = invoke(verb, "--help").stdout
    assert [option for option in re.findall(r"--[a-z-]+", "".join(named)) if option not in text] == []


@pytest.mark.parametrize(
    "code", [0, CustomerLookupError.exit_code, ConfigurationError.exit_code, QUARANTINED, INTERRUPTED]
)
def test_every_exit_code_is_explained(code: int, invoke: Invoke) -> None:
    for text in (README, invoke("--help").stdout):
        assert re.search(rf"Exit\scodes:[^`]*\b{code}\s", text)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_and_make_target_in_a_document_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"`(?:\.venv/bin/)?customer-lookup ([a-z]+)", text)) <= set(VERBS)
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", text)) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_endpoints_in_the_readme_are_those_of_the_service(
    lookup_toml: Path, monkeypatch: pytest.MonkeyPatch, process_restored: None
) -> None:
    monkeypatch.setenv("CUSTOMER_LOOKUP_CONFIG", str(lookup_toml))
    app = create()
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    rows = [line for line in README.splitlines() if line.startswith(("| `GET", "| `POST"))]
    named = {path for row in rows for path in re.findall(r"`(?:GET|POST) ([^?`]+)", row)}
    assert named == {rule for rule in rules if "/static/" not in rule}
    app.extensions["customer_lookup.opened"].close()


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.toml")), ids=lambda path: path.name)
def test_every_example_can_be_read(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NORTHWIND_URL", "postgresql+psycopg://reader@erp/northwind")
    assert load(example).file == example


def test_the_readme_mapping_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERP_PASSWORD", "sesame")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "till_key").write_text("sesame\n", encoding="ascii")
    blocks = re.findall(r"```toml\n(.*?)```", README, flags=re.DOTALL)
    assert len(blocks) == 2
    text = "\n".join(blocks).replace("sha256:…", f"sha256:{'0' * 64}")  # the reader's own digest
    (tmp_path / "lookup.toml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "lookup.toml").source.balances
