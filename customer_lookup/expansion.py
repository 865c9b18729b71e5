"""`${NAME}` and `${file:PATH}` in the texts of lookup.toml: secrets live in the environment or in files."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from customers.errors import ConfigurationError

_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")
# What stands between `://` and the `@` before the host: user and password.
_CREDENTIALS = re.compile(r"(?<=://)[^@]*(?=@)")


@dataclass(frozen=True)
class Expansion:
    """Puts values where their names are. `folder` is what relative paths start from."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def expand(self, value: Any, where: str) -> Any:
        """`value` with every placeholder in its texts replaced, at any depth. `where` is for the message.
        Raises ConfigurationError, which names the variable or file that is not there, never a value."""
        if isinstance(value, str):
            return self._text(value, where)
        if isinstance(value, list):
            return [self.expand(item, where) for item in value]
        if isinstance(value, dict):
            return {key: self.expand(item, f"{where} {key}") for key, item in value.items()}
        return value

    def _text(self, text: str, where: str) -> str:
        """A password may hold any character, so in a URL's credentials it is percent-encoded."""
        text = _CREDENTIALS.sub(lambda found: self._replaced(found[0], where, in_url=True), text)
        return self._replaced(text, where)

    def _replaced(self, text: str, where: str, *, in_url: bool = False) -> str:
        def value_of(found: re.Match[str]) -> str:
            value = self._value(found[1], where)
            return quote(value, safe="") if in_url else value

        return _PLACEHOLDER.sub(value_of, text)

    def _value(self, name: str, where: str) -> str:
        if not name.strip():
            raise ConfigurationError(
                f"{where}: found ${{{name}}}; allowed: ${{NAME}} for a variable of the environment, or"
                " ${file:PATH} for a secret in a file"
            )
        if name.startswith("file:"):
            return self._secret_file(name.removeprefix("file:"), where)
        if name not in self.environment:
            raise ConfigurationError(
                f"{where}: ${{{name}}} is not in the environment; set the variable {name},"
                " or write ${file:PATH} for a secret in a file"
            )
        return self.environment[name]

    def _secret_file(self, path: str, where: str) -> str:
        """The file's text without the line break that editors put at its end."""
        file = self.folder / path
        try:
            secret = file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
            raise ConfigurationError(f"{where}: cannot read the secret file {file}: {reason}") from None
        if not secret.strip():
            raise ConfigurationError(f"{where}: the secret file {file} is empty; write the secret into it")
        return secret
