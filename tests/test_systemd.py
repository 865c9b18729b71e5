"""deploy/customer-lookup.service and the document that installs it: what they name is there, and agrees."""

import re
import shlex
import tomllib
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from customer_lookup.commands import main
from customers.errors import ConfigurationError

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "operations" / "systemd.md").read_text(encoding="utf-8")


@pytest.fixture
def unit() -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd tells capitals from small letters
    parser.read_string((ROOT / "deploy" / "customer-lookup.service").read_text(encoding="utf-8"))
    return parser


def test_the_unit_runs_a_command_that_there_is(unit: ConfigParser) -> None:
    program, verb, *arguments = shlex.split(unit["Service"]["ExecStart"])
    command = main.get_command(click.Context(main), verb)
    assert command is not None
    options = {option for parameter in command.params for option in parameter.opts}
    assert {argument for argument in arguments if argument.startswith("--")} <= options
    folder = str(Path(program).parent)
    assert f"python3 -m venv {Path(folder).parent}\n" in DOCUMENT
    assert f"{folder}/pip install" in DOCUMENT
    assert f"{program} doctor {' '.join(arguments)}" in DOCUMENT


def test_the_unit_stops_as_long_as_the_service_takes_and_does_not_repeat_a_mistake(
    unit: ConfigParser,
) -> None:
    assert int(unit["Service"]["TimeoutStopSec"]) > 10
    assert int(unit["Service"]["RestartPreventExitStatus"]) == ConfigurationError.exit_code


def test_what_is_written_goes_where_the_unit_lets_it(unit: ConfigParser) -> None:
    folder = f"/var/lib/{unit['Service']['StateDirectory']}"
    [block] = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    content = tomllib.loads(block)
    assert content["index"]["path"].startswith(f"{folder}/")
    assert content["state"]["url"].startswith(f"sqlite:///{folder}/")
    user = unit["Service"]["User"]
    assert f"-o {user} -g {unit['Service']['Group']} {folder}\n" in DOCUMENT
    assert re.search(rf"^useradd .* {user}$", DOCUMENT, re.MULTILINE)


def test_the_image_of_another_driver_is_built_on_ours() -> None:
    [added] = re.findall(r"```dockerfile\n(.*?)```", DOCUMENT, re.DOTALL)
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    [environment] = re.findall(r"--python (\S+)/bin/python ", added)
    assert f"COPY --from=wheels {environment} {environment}" in dockerfile
    users = re.findall(r"^USER (\S+)$", added, re.MULTILINE)
    assert users == ["root", *re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE)]
