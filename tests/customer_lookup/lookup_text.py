"""The shortest lookup.toml, what is read from one, and what is said about it."""

from pathlib import Path

import pytest

from customer_lookup.configuration import Configuration, load
from customers.errors import ConfigurationError

MINIMAL = """
[source]
url = "sqlite:///shop.db"
from = "customers"

[source.customer]
identifier = "customer_no"
"""


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
