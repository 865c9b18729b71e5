"""The page and the picture of the docs, from result files."""

import json
from pathlib import Path
from typing import Any

from bench.relevance.report import main


def result(first: float) -> dict[str, Any]:
    score = {"asked": 10, "first": first, "top_three": 1.0, "reciprocal_rank": first, "failures": 0}
    times = {"p50": 1.0, "p95": 2.0, "p99": 3.0, "keystrokes": 6.0, "keystrokes_share": 0.4}
    return {
        "classes": {"name-exact": score},
        "groups": {"name": score},
        "languages": {"da": score},
        "overall": score,
        **times,
    }


def test_files_of_one_seed_and_size_become_one_table(tmp_path: Path) -> None:
    files = []
    for engine, first in (("pg_trgm", 0.5), ("embedded", 0.9)):
        files.append(tmp_path / f"{engine}.json")
        files[-1].write_text(
            json.dumps({"seed": "report", "size": 10_000, "engines": {engine: result(first)}})
        )
    page, picture = tmp_path / "relevance.md", tmp_path / "relevance.svg"
    main([str(page), str(picture), *map(str, files)])
    assert "|  | embedded | pg_trgm |" in page.read_text()
    assert "| name-exact | 0.90 / 1.00 | 0.50 / 1.00 |" in page.read_text()
    assert picture.read_text().count('fill-opacity="0.85"') == 2
