"""Files of the embedded index that are not as they were written: an error of ours, whatever Tantivy says."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from customers.errors import EngineError
from customers.settings import SearchSettings
from customers.term import understand
from index.tantivy_engine import UNREADABLE, TantivyIndex
from tests.people import LARS
from tests.service.desk import indexed

SETTINGS = SearchSettings()
KINDS = ("fast", "fieldnorm", "idx", "pos", "store", "term")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of Lars."""
    folder = tmp_path_factory.mktemp("whole")
    indexed(folder / "index", [LARS]).close()
    return folder / "index"


def damaged(whole: Path, folder: Path, kind: str, damage: Callable[[Path], object]) -> TantivyIndex:
    """A copy of the index in which the files of a kind are damaged."""
    shutil.copytree(whole, folder / "index")
    for file in (folder / "index").rglob(f"*.{kind}"):
        damage(file)
    return TantivyIndex(folder / "index", SETTINGS)


@pytest.mark.parametrize("length", [0, 5, 30])
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_short(whole: Path, tmp_path: Path, kind: str, length: int) -> None:
    """Over one of fewer than eight bytes Tantivy panics, which ended the thread that asked."""
    index = damaged(whole, tmp_path, kind, lambda file: file.write_bytes(file.read_bytes()[:length]))
    for look in (
        lambda: index.search(understand("lars", SETTINGS), 5),
        lambda: index.get(LARS.identifier),
        index.check,
        lambda: list(index.digests("first")),
    ):
        with pytest.raises(EngineError, match=r"cannot be read: .*; run customer-lookup reindex"):
            look()
    assert [found.keys for found in index.generations()] == [UNREADABLE]


@pytest.mark.parametrize("kind", ["pos", "store"])
def test_a_file_whose_damage_shows_when_it_is_read(whole: Path, tmp_path: Path, kind: str) -> None:
    def damage(file: Path) -> None:
        if kind == "pos":
            file.unlink()
        else:
            content = bytearray(file.read_bytes())
            content[:8] = b"\xff" * 8
            file.write_bytes(content)

    index = damaged(whole, tmp_path, kind, damage)
    with pytest.raises(EngineError, match="it is damaged; run customer-lookup reindex"):
        index.search(understand("lars hansen", SETTINGS), 5)
