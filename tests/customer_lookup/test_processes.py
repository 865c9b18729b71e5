"""`run` and `serve` with several processes."""

import subprocess
from pathlib import Path

import requests

from tests.customer_lookup.conftest import LOOKUP
from tests.customer_lookup.process import COMMAND, running
from tests.customer_lookup.test_running import eventually


def test_run_answers_from_several_processes_what_the_first_one_syncs(lookup_toml: Path) -> None:
    lookup_toml.write_text(LOOKUP + 'processes = 2\napi_keys = ["till:first-key"]\n', encoding="utf-8")
    with running("run", "--config", lookup_toml) as started:

        def statuses(key: str) -> set[int]:
            url, headers = f"{started.url}/customers/C-3", {"X-API-Key": key}
            return {requests.get(url, headers=headers, timeout=30).status_code for _ in range(6)}

        eventually(lambda: statuses("first-key") == {200})
        lookup_toml.write_text(LOOKUP + 'processes = 2\napi_keys = ["till:second-key"]\n', encoding="utf-8")
        started.reload()
        eventually(lambda: statuses("second-key") == {200} and statuses("first-key") == {401})
        assert started.stop() == 0
    assert sum('"listening"' in line for line in started.log) == 1
    assert not [line for line in started.log if "Traceback" in line]


def test_what_is_wrong_is_said_once(lookup_toml: Path) -> None:
    wrong = LOOKUP.replace('host = "127.0.0.1"', 'host = "0.0.0.0"') + "processes = 2\n"
    lookup_toml.write_text(wrong, encoding="utf-8")
    ended = subprocess.run(
        [COMMAND, "serve", "--config", str(lookup_toml)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.count("needs api_keys") == 1
