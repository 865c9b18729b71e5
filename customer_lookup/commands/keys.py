"""customer-lookup keys"""

import os
import sys
from pathlib import Path

import click

from customer_lookup.keys_file import index_place
from customers.errors import ConfigurationError
from index.meilisearch_keys import KeyReport, Keys


@click.command()
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    default="lookup.toml",
    show_default=True,
    envvar="CUSTOMER_LOOKUP_CONFIG",
    show_envvar=True,
    help="The configuration. Only [index] url and name are read: the keys may still be missing.",
)
@click.option(
    "--master-key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with Meilisearch's master key; else the variable MEILI_MASTER_KEY, else it is asked for, or"
    " read from a pipe.",
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write each key to a file in this folder, readable by you alone, in place of printing it.",
)
@click.option("--rotate", is_flag=True, help="Make new keys; the older ones stay valid until --revoke.")
@click.option("--revoke", is_flag=True, help="Delete all but the newest of each key.")
def keys(file: Path, master_key_file: Path | None, into: Path | None, rotate: bool, revoke: bool) -> None:
    """Make, check or rotate the two keys for Meilisearch, each with the least that does.

    The search key may only search the index; it is for `serve`. The admin key may write indexes; it is for
    `worker`, `sync` and the like. Only this command needs the master key.

    \b
    Example:
      customer-lookup keys --master-key-file master.key --into secrets
    """
    url, name = index_place(file)
    if into is not None:
        _make_folder(into)
    server = Keys(url, _master_key(master_key_file), name)
    try:
        if revoke:
            click.echo(f"deleted {server.revoke()} older keys")
            return
        for key in server.rotate() if rotate else server.ensure():
            click.echo(_printed(key) if into is None else _written(key, into, file.parent))
    finally:
        server.close()


def _master_key(file: Path | None) -> str:
    """Never an argument: those can be read by everyone on the machine."""
    from_environment = os.environ.get("MEILI_MASTER_KEY")
    key = _read(file).strip() if file is not None else from_environment or _asked()
    if not key:
        raise ConfigurationError("the master key is empty: Meilisearch has none without one")
    return key


def _asked() -> str:
    """From whoever is there: a person at a terminal, or a program through a pipe."""
    if sys.stdin.isatty():
        return str(click.prompt("Meilisearch's master key", hide_input=True))
    key = sys.stdin.readline().strip()
    if not key:
        raise ConfigurationError(
            "no master key, and no terminal where to ask for it: set the variable MEILI_MASTER_KEY, or name a"
            " file with --master-key-file"
        )
    return key


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigurationError(
            f"--master-key-file: {file}: cannot be read ({reason}); name the file with the key alone"
        ) from None


def _make_folder(folder: Path) -> None:
    """Before any key is made: one that cannot be written is lost."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"--into: {folder} cannot be made ({error.strerror}); name a folder where this user may write"
        ) from None


def _printed(key: KeyReport) -> str:
    """The key, and where to put it."""
    state = "new" if key.new else "there already, as it should be"
    return f"[index] {key.setting} ({state}{_older(key)}):\n{key.secret}"


def _written(key: KeyReport, into: Path, beside: Path) -> str:
    """The key is in its file; what to do with that. `beside` is where lookup.toml is."""
    path = into / key.setting
    content = key.secret + "\n"
    if key.new:
        state = "written, a new key"
    elif path.is_file() and path.read_bytes() == content.encode("ascii"):
        state = "there already, as it should be"
    else:
        state = "written, with the key that the server had already"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(content, encoding="ascii")
    named = path if path.is_absolute() else Path(os.path.relpath(path, beside))
    return (
        f'{path}: {state}{_older(key)}; lookup.toml has it as {key.setting} = "${{file:{named.as_posix()}}}"'
    )


def _older(key: KeyReport) -> str:
    return f"; {key.older} older still valid: restart what uses it, then --revoke" if key.older else ""
