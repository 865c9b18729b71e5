"""Generations and what is told of them, whatever the engine."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from customers.errors import EngineError, KeysVersionMismatch, NoLiveGeneration
from customers.settings import SearchSettings
from customers.term import understand
from index.interface import CustomerIndex
from tests.index.contract.steps import SETTINGS, documents, found, write
from tests.index.engines import EngineFactory
from tests.people import EVERYONE, KRISTIAN, LARS


def test_nothing_is_live_before_a_promote(empty: CustomerIndex) -> None:
    assert empty.generations() == []
    with pytest.raises(NoLiveGeneration):
        found(empty, "lars")
    empty.create("first")
    write(empty, "first", LARS)
    with pytest.raises(NoLiveGeneration):
        empty.get(LARS.identifier)
    with pytest.raises(NoLiveGeneration):
        empty.check()
    empty.promote("first")
    assert empty.get(LARS.identifier) == LARS
    empty.check()


def test_generations_are_listed_oldest_first(index: CustomerIndex) -> None:
    index.create("second")
    write(index, "second", LARS)
    listed = [(one.name, one.documents, one.live) for one in index.generations()]
    assert listed == [("first", len(EVERYONE), True), ("second", 1, False)]


def test_a_generation_that_is_not_live_does_not_show(index: CustomerIndex) -> None:
    index.create("second")
    write(index, "second", replace(LARS, name="Somebody Else"))
    assert index.get(LARS.identifier) == LARS
    assert found(index, "somebody") == []


def test_promote_is_a_switch_and_its_own_repetition(index: CustomerIndex) -> None:
    index.create("second")
    write(index, "second", KRISTIAN)
    for _ in range(2):
        index.promote("second")
        assert found(index, "lars hansen") == []
        assert index.get(KRISTIAN.identifier) == KRISTIAN
    assert [(one.name, one.live) for one in index.generations()] == [("first", False), ("second", True)]


def test_promoting_the_previous_generation_rolls_back(index: CustomerIndex) -> None:
    index.create("second")
    write(index, "second", KRISTIAN)
    index.promote("second")
    index.promote("first")
    assert index.get(LARS.identifier) == LARS
    index.promote("second")
    assert index.get(LARS.identifier) is None


def test_the_live_generation_can_be_written(index: CustomerIndex) -> None:
    index.create("second")
    index.promote("second")
    write(index, "second", LARS)
    assert found(index, "lars") == [LARS.identifier]


def test_a_removed_generation_is_gone(index: CustomerIndex) -> None:
    index.create("second")
    index.promote("second")
    index.remove("first")
    index.remove("first")
    assert [one.name for one in index.generations()] == ["second"]
    index.create("first")
    assert dict(index.digests("first")) == {}


def test_the_live_generation_cannot_be_removed(index: CustomerIndex) -> None:
    with pytest.raises(EngineError, match="live"):
        index.remove("first")
    assert index.get(LARS.identifier) == LARS


def test_a_name_is_taken_only_once(index: CustomerIndex) -> None:
    with pytest.raises(EngineError, match="first"):
        index.create("first")


@pytest.mark.parametrize("name", ["", "UPPER", "a/b", "..", "a" * 65, "é"])
def test_what_cannot_be_a_name_is_refused(index: CustomerIndex, name: str) -> None:
    with pytest.raises(EngineError):
        index.create(name)


def test_what_is_not_there_cannot_be_promoted_or_written(index: CustomerIndex) -> None:
    with pytest.raises(EngineError, match="missing"):
        index.promote("missing")
    with pytest.raises(EngineError, match="missing"):
        index.writer("missing")
    assert index.get(LARS.identifier) == LARS


def stamps(index: CustomerIndex) -> dict[str, int]:
    found = {one.name: one.stamp for one in index.generations()}
    return {name: stamp for name, stamp in found.items() if stamp is not None}


def test_a_stamp_grows_with_every_flush_that_changed_anything(index: CustomerIndex) -> None:
    before = stamps(index)["first"]
    with index.writer("first") as writer:
        writer.write(documents(replace(LARS, city="Vejle")))
        writer.flush()
        written = stamps(index)["first"]
        writer.delete([LARS.identifier])
        writer.flush()
    assert before < written < stamps(index)["first"]


def test_a_stamp_stays_while_nothing_is_written(
    engine: EngineFactory, index: CustomerIndex, tmp_path: Path
) -> None:
    before = stamps(index)["first"]
    index.create("second")
    write(index, "second", KRISTIAN)
    write(index, "first")
    found(index, "lars hansen")
    dict(index.digests("first"))
    index.check()
    second = stamps(index)["second"]
    for name in ("second", "first", "first", "second"):
        index.promote(name)
        assert stamps(index) == {"first": before, "second": second}
    other = engine(tmp_path, SETTINGS)
    assert stamps(other) == {"first": before, "second": second}
    other.close()
    index.remove("first")
    assert stamps(index) == {"second": second}


def test_another_opening_sees_what_is_written_and_promoted(
    engine: EngineFactory, index: CustomerIndex, tmp_path: Path
) -> None:
    reader = engine(tmp_path, SETTINGS)
    assert reader.get(LARS.identifier) == LARS
    write(index, "first", replace(LARS, city="Vejle"))
    assert reader.get(LARS.identifier) == replace(LARS, city="Vejle")
    index.create("second")
    index.promote("second")
    assert reader.get(LARS.identifier) is None
    reader.close()


def test_keys_of_another_version_are_said_and_still_answer(
    engine: EngineFactory, index: CustomerIndex, tmp_path: Path
) -> None:
    other = engine(tmp_path, SearchSettings(default_region="SE"))
    with pytest.raises(KeysVersionMismatch, match="reindex"):
        other.check()
    with pytest.raises(KeysVersionMismatch):
        other.writer("first")
    assert found(other, "lars hansen")[0] == LARS.identifier
    other.close()


def test_a_search_during_promotes_is_never_empty_nor_mixed(index: CustomerIndex) -> None:
    for name in ("blue", "green"):
        index.create(name)
        write(index, name, *(replace(LARS, identifier=f"N-{number}", city=name) for number in range(5)))
    index.promote("blue")
    wrong: list[Sequence[str | None]] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            cities = [hit.customer.city for hit in index.search(understand("lars hansen", SETTINGS), 20)]
            if cities not in (["blue"] * 5, ["green"] * 5):
                wrong.append(cities)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(30):
        index.promote("green" if turn % 2 == 0 else "blue")
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
