"""What only the embedded engine has: files, processes, segments."""

import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.customer import Customer
from customers.document import to_document
from customers.errors import EngineError, KeysVersionMismatch
from customers.settings import SearchSettings
from customers.term import understand
from index import tantivy_writer
from index.seen import SeenKeys
from index.tantivy_engine import TantivyIndex
from index.tantivy_folder import About, Folder
from index.tantivy_query import opened
from tests.people import EVERYONE, LARS

SETTINGS = SearchSettings()
# Tantivy's own: so many of about one size are merged into one.
MOST_SEGMENTS = 8
IN_A_NEW_PROCESS = multiprocessing.get_context("spawn")


def live(folder: Path, customers: Iterable[Customer]) -> TantivyIndex:
    """An index whose live generation holds them."""
    index = TantivyIndex(folder, SETTINGS)
    index.create("first")
    with index.writer("first") as writer:
        writer.write([to_document(customer, SETTINGS) for customer in customers])
        writer.flush()
    index.promote("first")
    return index


def filled(path: Path) -> TantivyIndex:
    return live(path, EVERYONE)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyIndex]:
    """An index that no test changes."""
    index = filled(tmp_path_factory.mktemp("shared"))
    yield index
    index.close()


@settings(deadline=None)
@given(text=st.text(alphabet=st.characters(), max_size=300))
def test_any_term_is_harmless(shared: TantivyIndex, text: str) -> None:
    for hit in shared.search(understand(text, SETTINGS), 20):
        assert hit.customer in EVERYONE


@settings(deadline=None)
@given(text=st.text(alphabet="()[]{}*?+-^~:\"'\\/|&!<>=, lars12\0", max_size=60))
def test_no_query_syntax_reaches_the_engine(shared: TantivyIndex, text: str) -> None:
    shared.search(understand(text, SETTINGS), 20)


def test_a_mistyped_email_is_not_crowded_out_by_its_provider(tmp_path: Path) -> None:
    """More customers begin and end alike than are ranked."""
    meant = replace(LARS, identifier="meant", email="f.vandenbosch@post.example")
    others = [replace(LARS, identifier=str(n), email=f"f.van{n}@post.example") for n in range(100, 200)]
    index = live(tmp_path, [*others, meant])
    hits = index.search(understand("f.vandnebosch@post.example", SETTINGS), 5)
    assert [hit.customer for hit in hits] == [meant]


def test_a_mistyped_name_is_not_crowded_out_by_names_that_sound_alike(tmp_path: Path) -> None:
    meant = Customer("meant", name="Marika Johansson")
    alike = [Customer(f"alike {n}", name="Jason Wester") for n in range(70)]
    others = [Customer(f"other {n}", name="Karin Lund") for n in range(1_000)]
    index = live(tmp_path, [*alike, *others, meant])
    hits = index.search(understand("johassson", SETTINGS), 5)
    assert hits[0].customer == meant


def test_a_long_load_commits_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy_writer, "MOST_PENDING", 10)
    index = TantivyIndex(tmp_path, SETTINGS)
    index.create("first")
    with index.writer("first") as writer:
        for start in range(0, 30, 6):
            customers = [replace(LARS, identifier=str(number)) for number in range(start, start + 6)]
            writer.write([to_document(customer, SETTINGS) for customer in customers])
        assert writer.confirmed == 24
        writer.write([to_document(replace(LARS, identifier="1", city="Vejle"), SETTINGS)])
        assert writer.flush().written == 31
        assert writer.confirmed == 31
    assert len(dict(index.digests("first"))) == 30


def write_and_wait(path: str, ready: "multiprocessing.synchronize.Event") -> None:
    with TantivyIndex(Path(path), SETTINGS).writer("first") as writer:
        writer.write([to_document(replace(LARS, city="Vejle"), SETTINGS)])
        writer.flush()
        writer.write([to_document(replace(LARS, city="Ribe"), SETTINGS)])
        ready.set()
        threading.Event().wait()


def test_another_process_writes_and_is_killed(tmp_path: Path) -> None:
    index = filled(tmp_path)
    ready = IN_A_NEW_PROCESS.Event()
    process = IN_A_NEW_PROCESS.Process(target=write_and_wait, args=(str(tmp_path), ready))
    process.start()
    assert ready.wait(60)
    assert index.get(LARS.identifier) == replace(LARS, city="Vejle")
    with pytest.raises(EngineError, match="another process"):
        index.writer("first")
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert index.get(LARS.identifier) == replace(LARS, city="Vejle")
    with index.writer("first") as writer:
        writer.delete([LARS.identifier])
        writer.flush()
    assert index.get(LARS.identifier) is None


def test_a_generation_half_made_is_none(tmp_path: Path) -> None:
    index = filled(tmp_path)
    (tmp_path / "generations" / "half").mkdir()
    assert [one.name for one in index.generations()] == ["first"]
    index.remove("half")
    index.create("half")


def test_a_generation_of_another_schema_asks_for_a_reindex(tmp_path: Path) -> None:
    index = filled(tmp_path)
    folder = tmp_path / "generations" / "first"
    meta = json.loads((folder / "meta.json").read_text())
    meta["schema"] = meta["schema"][:3]
    (folder / "meta.json").write_text(json.dumps(meta))
    (folder / "about.json").write_text(
        json.dumps({"keys": "0-old", "created_at": "2026-01-01T00:00:00+00:00"})
    )
    index.close()
    with pytest.raises(KeysVersionMismatch, match="customer-lookup reindex"):
        index.search(understand("lars", SETTINGS), 20)


@pytest.mark.parametrize("file", ["meta.json", "about.json"])
def test_a_broken_file_is_said(tmp_path: Path, file: str) -> None:
    filled(tmp_path).close()
    (tmp_path / "generations" / "first" / file).write_text("broken")
    with pytest.raises(EngineError, match="first"):
        TantivyIndex(tmp_path, SETTINGS).check()


def test_a_pointer_to_nothing_is_said(tmp_path: Path) -> None:
    filled(tmp_path).close()
    (tmp_path / "live").write_text("gone\n")
    with pytest.raises(EngineError, match="gone"):
        TantivyIndex(tmp_path, SETTINGS).check()


@given(st.lists(st.text(), unique=True, max_size=50))
def test_a_key_that_was_added_is_seen(keys: list[str]) -> None:
    seen = SeenKeys()
    for key in keys:
        seen.add(key)
    assert all(seen.add(key) for key in keys)


def test_nearly_all_new_keys_are_new() -> None:
    seen = SeenKeys()
    assert sum(seen.add(f"C-{number}") for number in range(20_000)) < 20


def test_what_a_process_left_that_was_killed_while_it_committed_is_in_nobodys_way(tmp_path: Path) -> None:
    index = filled(tmp_path / "index")
    meta = next((tmp_path / "index").rglob("meta.json"))
    before = meta.read_bytes()

    def delete_lars() -> None:
        with index.writer("first") as writer:
            writer.delete([LARS.identifier])
            writer.flush()

    delete_lars()
    meta.write_bytes(before)  # as it is until the very end of a commit, when the files of deletes are there
    delete_lars()
    assert index.get(LARS.identifier) is None
    index.close()


def test_a_generation_of_another_tantivy_is_named_and_does_not_hide_the_others(tmp_path: Path) -> None:
    index = filled(tmp_path)
    (tmp_path / "generations" / "first" / "meta.json").write_text("{ this is nothing of ours")
    index = TantivyIndex(tmp_path, SETTINGS)
    with pytest.raises(EngineError, match=r"first in .* cannot be read: .*; run customer-lookup reindex"):
        index.search(understand("lars", SETTINGS), 5)
    index.create("second")
    assert {(found.name, found.keys == "unreadable") for found in index.generations()} == {
        ("first", True),
        ("second", False),
    }


@pytest.mark.parametrize("step", ["listed", "described", "opened"])
def test_a_generation_that_is_removed_meanwhile_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Others are asked for beside a reindex, which removes what nobody needs any more."""
    index = filled(tmp_path)
    index.create("second")

    def removed(generation: str) -> None:
        Folder(tmp_path).remove(generation)

    names, about = Folder.names, Folder.about
    with monkeypatch.context() as patch:
        if step == "listed":
            listed = names(Folder(tmp_path))
            removed("second")
            answers = iter([listed])
            patch.setattr(Folder, "names", lambda folder: next(answers, None) or names(folder))
        elif step == "described":

            def described(folder: Folder, name: str) -> About:
                found = about(folder, name)
                if name == "second":
                    removed(name)
                return found

            patch.setattr(Folder, "about", described)
        else:

            def open_and_remove(folder: Path) -> tantivy.Index:
                found = opened(folder)
                if folder.name == "second":
                    removed("second")
                return found

            patch.setattr("index.tantivy_engine.opened", open_and_remove)
        assert [found.name for found in index.generations()] == ["first"]
    index.close()


def test_what_a_generation_is_is_never_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its description is on disk before it has its name, in a power cut too; then its name is."""
    index = filled(tmp_path)
    seen: list[int] = []
    to_disk = os.fsync

    def seen_first(handle: int) -> None:
        seen.append(len(index.generations()))
        to_disk(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", seen_first)
        index.create("second")
    assert seen == [1, 2]
    index.close()


def test_segments_of_many_passes_are_merged_and_the_stamp_stays(tmp_path: Path) -> None:
    """Each commit makes a segment, and each lookup looks into all of them."""
    index = filled(tmp_path)
    meta = tmp_path / "generations" / "first" / "meta.json"
    for number in range(30):
        with index.writer("first") as writer:
            writer.write([to_document(replace(LARS, identifier=f"N-{number}"), SETTINGS)])
            writer.flush()
            flushed = index.generations()
        assert index.generations() == flushed
        assert len(json.loads(meta.read_text())["segments"]) < MOST_SEGMENTS
    index.close()


def test_a_generation_that_cannot_be_read_has_no_stamp(tmp_path: Path) -> None:
    index = filled(tmp_path)
    (tmp_path / "generations" / "first" / "meta.json").write_text("{}")
    [found] = index.generations()
    assert (found.documents, found.stamp) == (0, None)
    index.close()
