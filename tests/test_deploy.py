"""docker-compose.yml, Dockerfile and deploy/: whatever they name is there in the project."""

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from customer_lookup.commands import main
from customer_lookup.configuration import Configuration, load
from index.meilisearch_generations import OLDEST_VERSION
from service.keyring import Keyring

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
OURS = ("api", "worker", "keys")
SECRETS = ("search_key", "admin_key", "api_key", "old_api_key", "state_password", "source_password")


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """A folder in place of /run/secrets, with every secret in it."""
    for name in SECRETS:
        (tmp_path / name).write_text(f"the-{name}-of-this-test\n", encoding="utf-8")
    return tmp_path


def loaded(name: str, secrets: Path) -> Configuration:
    """deploy/NAME.toml as in its container."""
    text = (ROOT / "deploy" / f"{name}.toml").read_text(encoding="utf-8")
    file = secrets / f"{name}.toml"
    file.write_text(text.replace("/run/secrets", str(secrets)), encoding="utf-8")
    return load(file)


def environment_of(service: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = service.get("environment", {})
    return found


@pytest.fixture
def understood() -> dict[str, dict[str, Any]]:
    """The services as Docker Compose itself understands them, every profile and variable filled in. Needs no
    engine."""
    docker = shutil.which("docker")
    command = [docker or "docker", "compose"]
    if docker is None or subprocess.run([*command, "version"], check=False, capture_output=True).returncode:
        pytest.skip("docker-compose.yml is NOT READ by Docker Compose: docker has no plug-in compose")
    command += ["--profile", "*", "config", "--format", "json"]
    variables = os.environ | {"CUSTOMER_LOOKUP_USER": "1234:5678"}
    ran = subprocess.run(command, check=False, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    services: dict[str, dict[str, Any]] = json.loads(ran.stdout)["services"]
    return services


def test_docker_compose_understands_the_file(understood: dict[str, dict[str, Any]]) -> None:
    assert understood.keys() == SERVICES.keys()
    for name, service in understood.items():
        assert service["user"] == "1234:5678"
        assert service["cap_drop"] == ["ALL"]
        assert "healthcheck" in service
        for secret in service["secrets"]:
            assert secret["target"] == f"/run/secrets/{secret['source']}"
        if name in OURS:
            assert service["read_only"] is True
            assert all(needed["condition"] == "service_healthy" for needed in service["depends_on"].values())
    opened = {name: service["ports"] for name, service in understood.items() if "ports" in service}
    [port] = opened.pop("api")
    assert (port["target"], port["published"], port["host_ip"]) == (8080, "8080", "127.0.0.1")
    assert not opened
    *_, script = understood["meilisearch"]["command"]
    assert "$$(cat /run/secrets/master_key)" in script  # for the shell in the container, not for Compose


@pytest.mark.parametrize("name", OURS)
def test_each_command_exists_and_takes_its_options(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    verb, *arguments = SERVICES[name]["command"]
    command = main.get_command(click.Context(main), verb)
    assert command is not None
    options = {option for parameter in command.params for option in parameter.opts}
    assert {argument for argument in arguments if argument.startswith("--")} <= options


def test_the_workers_health_is_a_command() -> None:
    program, verb, option = SERVICES["worker"]["healthcheck"]["test"][1:]
    command = main.get_command(click.Context(main), verb)
    assert program == "customer-lookup"
    assert command is not None
    assert option in {one for parameter in command.params for one in parameter.opts}


def test_the_image_starts_the_command() -> None:
    assert 'ENTRYPOINT ["customer-lookup"]' in DOCKERFILE
    [verb] = re.findall(r'^CMD \["(.*)"\]', DOCKERFILE, re.MULTILINE)
    assert verb in main.list_commands(click.Context(main))
    scripts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'customer-lookup = "customer_lookup.commands:main"' in scripts


def test_the_image_knows_where_the_configuration_is_mounted() -> None:
    [path] = re.findall(r"CUSTOMER_LOOKUP_CONFIG=(\S+)", DOCKERFILE)
    for name in OURS:
        assert any(volume.split(":")[1] == path for volume in SERVICES[name]["volumes"])
    serve = main.get_command(click.Context(main), "serve")
    assert serve is not None
    assert any(parameter.envvar == "CUSTOMER_LOOKUP_CONFIG" for parameter in serve.params)


def test_every_file_that_is_copied_or_mounted_exists() -> None:
    copied = re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
    names = [name for line in copied for name in shlex.split(line)[:-1]]
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for name in names:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in kept
    mounted = [volume.split(":")[0] for name in OURS for volume in SERVICES[name]["volumes"]]
    for path in mounted:
        assert path == "./deploy/secrets" or (ROOT / path).is_file(), path


def test_every_room_is_in_the_image() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert rooms <= set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))


def test_the_image_is_pinned_by_the_lock_and_fetches_nothing_else() -> None:
    installs = re.findall(r"pip (?:install|wheel)[^\\\n]*", DOCKERFILE)
    assert installs
    for install in installs:
        assert "--require-hashes" in install or "--no-index" in install, install


def test_the_image_is_built_by_the_setuptools_of_the_lock() -> None:
    [install] = re.findall(r"pip (install[^\\\n]* setuptools) ", DOCKERFILE)
    assert "--upgrade" in install  # Python 3.11 puts an older one into every venv, which would do otherwise


@pytest.mark.parametrize("name", ["api", "worker"])
def test_the_configurations_are_understood(name: str, secrets: Path) -> None:
    configuration = loaded(name, secrets)
    assert configuration.index.engine == "meilisearch"
    assert configuration.index.search_key == "the-search_key-of-this-test"
    for url in (configuration.index.url, configuration.state_url):
        host = re.sub(r".*[@/]([a-z]+)[:/].*", r"\1", url + "/")
        assert host in SERVICES, url


def test_both_configurations_make_the_same_keys_and_read_the_same_source(secrets: Path) -> None:
    api, worker = loaded("api", secrets), loaded("worker", secrets)
    assert api.search == worker.search
    assert api.source == worker.source
    assert (api.index.name, api.index.url, api.state_url) == (
        worker.index.name,
        worker.index.url,
        worker.state_url,
    )


def test_only_the_worker_may_write(secrets: Path) -> None:
    assert loaded("api", secrets).index.admin_key is None
    assert loaded("worker", secrets).index.admin_key == "the-admin_key-of-this-test"


@pytest.mark.parametrize("name", ["api", "worker"])
def test_a_container_has_the_secrets_that_it_reads_and_no_others(name: str) -> None:
    text = (ROOT / "deploy" / f"{name}.toml").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{file:/run/secrets/(\w+)\}", text)) == set(SERVICES[name]["secrets"])


def test_every_secret_is_a_file_that_git_ignores() -> None:
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert used == COMPOSE["secrets"].keys()
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./deploy/secrets/{name}"}
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/deploy/secrets/", "/deploy/data/"} <= set(ignored)


def test_no_secret_is_in_the_environment() -> None:
    for service in SERVICES.values():
        for variable, value in environment_of(service).items():
            assert not re.search("KEY|PASSWORD$", variable), value


def test_only_the_port_of_the_api_is_open(secrets: Path) -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["api"]
    [published] = SERVICES["api"]["ports"]
    inside = int(published.rpartition(":")[2])
    assert published.startswith("127.0.0.1:")  # whoever opens it to others puts TLS in front
    assert inside == loaded("api", secrets).service.port
    assert f"EXPOSE {inside}" in DOCKERFILE
    assert f":{inside}/health/live" in SERVICES["api"]["healthcheck"]["test"][-1]


def test_nothing_runs_as_root() -> None:
    assert not re.search(r"^USER (root|0)", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^USER \d{4,}:\d{4,}$", DOCKERFILE, re.MULTILINE)
    for service in SERVICES.values():
        assert service["user"] == "${CUSTOMER_LOOKUP_USER:-1000:1000}"
        assert service["cap_drop"] == ["ALL"]


def test_every_container_has_a_healthcheck() -> None:
    for service in SERVICES.values():
        assert service["healthcheck"]


def test_meilisearch_is_pinned_and_new_enough() -> None:
    image = SERVICES["meilisearch"]["image"]
    [version] = re.findall(r"meilisearch:v(\d+\.\d+)\.\d+$", image)
    assert tuple(int(part) for part in version.split(".")) >= OLDEST_VERSION


def test_the_readme_names_only_what_is_there() -> None:
    text = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"`(deploy/[\w.]+)`", text):
        assert (ROOT / name).exists(), name
    made = {name for line in re.findall(r"for name in (.*?); do", text) for name in line.split()}
    made |= set(re.findall(r"> deploy/secrets/(\w+)$", text, re.MULTILINE))
    assert made | {"search_key", "admin_key"} == COMPOSE["secrets"].keys()


def test_the_tills_key_can_be_rotated_as_the_readme_says(secrets: Path) -> None:
    """The files are written over, the keys are read anew: at no time is the tills' key refused."""
    text = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    section = text.partition("## Rotating the tills' key")[2].partition("\n## ")[0]
    scripts = [
        script.replace("deploy/secrets", str(secrets))
        for script in re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    ]
    (secrets / "old_api_key").write_text((secrets / "api_key").read_text(encoding="utf-8"), encoding="utf-8")
    old = "the-api_key-of-this-test"
    opened = [Keyring(loaded("api", secrets).service.api_keys)]
    for script in scripts:
        steps = [line for line in script.splitlines() if "docker compose kill" not in line]
        subprocess.run(["sh", "-ec", "\n".join(steps)], check=True)
        opened.append(Keyring(loaded("api", secrets).service.api_keys))
    new = (secrets / "api_key").read_text(encoding="utf-8").strip()
    assert [ring.name_of(old) for ring in opened] == ["till", "old-till", None]
    assert [ring.name_of(new) for ring in opened] == [None, "till", "till"]
