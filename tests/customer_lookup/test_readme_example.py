"""What the README shows of the sample shop is what a reader gets."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from customer_lookup.demo.shop import make_shop
from sync.progress import Silent
from tests.customer_lookup.conftest import Invoke

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def demo(tmp_path: Path, invoke: Invoke) -> Path:
    """The sample shop, indexed: its lookup.toml."""
    file = tmp_path / "lookup.toml"
    make_shop(file, Silent())
    assert invoke("reindex", "--config", file).exit_code == 0
    return file


def test_the_first_answer_is_the_one_that_is_shown(demo: Path, invoke: Invoke) -> None:
    def found(term: str) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = json.loads(invoke("search", term, "--config", demo).stdout)
        return answers

    [asked, again] = re.findall(r"lookup\?search_term=([^&']+)", README)
    [shown] = re.findall(r"```json\n\[(\{.*?\}), …\]", README, flags=re.DOTALL)
    customer = json.loads(shown)
    assert found(asked.replace("+", " "))[0] == customer
    assert customer["balance"] < 0
    [terms] = re.findall(r"Other terms to try: (.*?)\.\n", README, flags=re.DOTALL)
    firsts = {term: found(term)[0]["identifier"] for term in re.findall("`(.+?)`", terms)}
    assert set(firsts.values()) == {customer["identifier"]}
    [change] = re.findall(r"c\.execute\(\\\"(.+?)\\\"\)", README)
    assert found(again) == []
    with closing(sqlite3.connect(demo.with_name("shop.db"))) as shop, shop:
        shop.execute(change)
    assert invoke("sync", "--config", demo).exit_code == 0
    assert [answer["identifier"] for answer in found(again)] == [customer["identifier"]]
