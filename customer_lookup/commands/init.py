"""customer-lookup init"""

from pathlib import Path

import click

from customer_lookup.first_file import PASSWORD, first_file, portable
from customer_lookup.guessing import guess
from customers.errors import ConfigurationError


@click.command()
@click.argument("url")
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    default="lookup.toml",
    show_default=True,
    envvar="CUSTOMER_LOOKUP_CONFIG",
    show_envvar=True,
    help="The file to write. One that is there is never overwritten.",
)
@click.option("--table", help="The table with the customers; else the likeliest one.")
def init(url: str, file: Path, table: str | None) -> None:
    """Look into the database at URL and write a first lookup.toml with a guessed mapping.

    URL is SQLAlchemy's. Its password is not written: the file takes it from the variable SOURCE_PASSWORD.

    \b
    Example:
      customer-lookup init postgresql+psycopg://reader:secret@erp/erp
    """
    if file.exists():
        raise ConfigurationError(
            f"{file}: is there already and is not overwritten; name another with --config"
        )
    written = portable(url, file.parent)
    text = first_file(written, guess(url, table))
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except OSError as error:
        raise ConfigurationError(
            f"{file}: cannot be written ({error.strerror}); name another with --config"
        ) from None
    if PASSWORD in written:
        click.echo(f"set the variable {PASSWORD} to the database's password")
    click.echo(f"{file} is written; read it through, then run `customer-lookup doctor --config {file}`")
