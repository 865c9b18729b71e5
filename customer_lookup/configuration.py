"""lookup.toml: all that a merchant sets, read once at start."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from customer_lookup.complaints import complaint, written_twice
from customer_lookup.engines import IndexSettings
from customer_lookup.expansion import Expansion
from customer_lookup.same_database import is_same_database
from customer_lookup.schemas import File
from customers.errors import ConfigurationError
from customers.settings import SearchSettings
from service.keyring import Keyring
from service.settings import ServiceSettings
from sync.settings import BalanceSettings, SourceSettings, SyncSettings

# What stands before the file in a SQLite URL.
SQLITE_FILE = "///"


@dataclass(frozen=True, slots=True)
class Configuration:
    """One lookup.toml. `file` is where it stands; paths in the settings are absolute."""

    file: Path
    source: SourceSettings
    index: IndexSettings
    state_url: str = field(repr=False)
    sync: SyncSettings
    service: ServiceSettings
    search: SearchSettings


def load(path: Path) -> Configuration:
    """Read `path`. Raises ConfigurationError: one line with the file, the table, the key, what was found
    there and what is allowed, never a secret."""
    file = path.absolute()
    written = _read(file)
    expansion = Expansion(file.parent)
    expanded = {name: expansion.expand(value, f"{file}: [{name}]") for name, value in written.items()}
    schema = File()
    try:
        content = schema.load(expanded)
    except ValidationError as error:
        raise ConfigurationError(complaint(file, schema, error, written)) from None
    _check_keys(file, content.get("service", {}).get("api_keys", ()))
    return _configuration(file, content)


def _read(file: Path) -> dict[str, Any]:
    content = ""
    try:
        content = file.read_text(encoding="utf-8-sig")  # Notepad puts a mark before the text
        return tomllib.loads(content)
    except FileNotFoundError:
        raise ConfigurationError(
            f"{file}: there is no such file; name it with --config, or write one with"
            " `customer-lookup init URL`"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{file}: is not UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{file}: is not TOML: {written_twice(content, str(error)) or error}; see https://toml.io"
        ) from None


def _check_keys(file: Path, keys: Sequence[str]) -> None:
    """A digest that is none opens for nobody: said by every command, not first by the one that serves."""
    try:
        Keyring(keys)
    except ConfigurationError as error:
        raise ConfigurationError(f"{file}: {error}") from None


def _configuration(file: Path, content: Mapping[str, Any]) -> Configuration:
    folder = file.parent
    service = dict(content.get("service", {}))
    search = dict(content.get("search", {}))
    if "default_region" in service:
        search["default_region"] = service.pop("default_region")
    index = dict(content.get("index", {}))
    index["path"] = folder / index.get("path", "var/index")
    source = _source(folder, content["source"])
    state_url = _absolute(folder, content.get("state", {}).get("url", "sqlite:///var/state.db"))
    if state_url.partition("?")[0] in {"sqlite://", "sqlite:///", "sqlite:///:memory:"}:
        raise ConfigurationError(
            f"{file}: [state] url: found SQLite in memory; allowed: a file, such as sqlite:///var/state.db"
        )
    if is_same_database(source.url, state_url):
        raise ConfigurationError(
            f"{file}: [state] url: found the same database as [source] url; allowed: another one, such as"
            " sqlite:///var/state.db, since nothing is ever written into the merchant's"
        )
    return Configuration(
        file=file,
        source=source,
        index=IndexSettings(**index),
        state_url=state_url,
        sync=SyncSettings(**content.get("sync", {})),
        service=ServiceSettings(**service),
        search=SearchSettings(**search),
    )


def _source(folder: Path, content: Mapping[str, Any]) -> SourceSettings:
    rest = {name: value for name, value in content.items() if name not in {"url", "balances"}}
    balances = content.get("balances")
    return SourceSettings(
        url=_absolute(folder, content["url"]),
        balances=None if balances is None else BalanceSettings(**balances),
        **rest,
    )


def _absolute(folder: Path, url: str) -> str:
    """A SQLite URL with a relative file, made relative to the folder instead of to where we were started."""
    scheme, slashes, file = url.partition(SQLITE_FILE)
    if not scheme.startswith("sqlite") or not slashes or not file or file.startswith((":memory:", "file:")):
        return url
    path, question, options = file.partition("?")
    return f"{scheme}{slashes}{folder / path}{question}{options}"
