"""The option that every command takes."""

from pathlib import Path
from typing import Any

import click

from customer_lookup.configuration import Configuration, load


class ConfigurationFile(click.ParamType[Configuration]):
    """A path, read as a Configuration."""

    name = "file"

    def convert(self, value: Any, *_context: Any) -> Configuration:
        """See click.ParamType.convert. Raises ConfigurationError."""
        return value if isinstance(value, Configuration) else load(Path(value))


config_option = click.option(
    "--config",
    "configuration",
    type=ConfigurationFile(),
    default="lookup.toml",
    show_default=True,
    envvar="CUSTOMER_LOOKUP_CONFIG",
    show_envvar=True,
    help="The configuration.",
)
