"""Reads from lookup.toml where Meilisearch is, before there are keys for it."""

import tomllib
from pathlib import Path

from customer_lookup.expansion import Expansion
from customers.errors import ConfigurationError


def index_place(file: Path) -> tuple[str, str]:
    """[index] url and name, with their defaults. Nothing else is read: what is missing elsewhere in the
    file may be what is about to be made. Raises ConfigurationError."""
    try:
        index = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("index", {})
        place = {"url": index.get("url", "http://127.0.0.1:7700"), "name": index.get("name", "customers")}
    except OSError as error:
        raise ConfigurationError(
            f"{file}: cannot be read: {error.strerror}; name it with --config"
        ) from error
    except (AttributeError, ValueError) as error:
        raise ConfigurationError(f"{file}: is not TOML with an [index]: {error}") from error
    expanded = Expansion(file.absolute().parent).expand(place, f"{file}: [index]")
    return str(expanded["url"]), str(expanded["name"])
