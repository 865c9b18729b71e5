"""What make does to a checkout in which a merchant works."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
MADE_BY_US = ("var/demo/shop.db", "var/bench/report.json", ".venv/ready", "sync/__pycache__/a.pyc", "build/a")
OF_THE_MERCHANT = (
    "lookup.toml",
    "var/index/live",
    "var/state.db",
    "secrets/search_key",
    "deploy/data/state/a",
)


def test_clean_leaves_the_merchants_own(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in (*MADE_BY_US, *OF_THE_MERCHANT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    subprocess.run(["make", "clean"], cwd=tmp_path, check=True, capture_output=True)
    assert [name for name in MADE_BY_US if (tmp_path / name).exists()] == []
    assert [name for name in OF_THE_MERCHANT if not (tmp_path / name).exists()] == []


def test_the_merchants_own_stays_out_of_the_repository() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/lookup.toml", "/secrets/", "/var/"} <= set(ignored)
