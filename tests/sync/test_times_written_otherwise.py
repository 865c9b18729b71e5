"""Times of one column that are written in several ways, and the hour that daylight saving skips: none of it
hides a change, and what is older is not read again."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text

from sync.clock import read_clock, zone_at
from sync.settings import SourceSettings
from sync.source import Source
from tests.sync.merchant import Merchant, dated

SINCE = datetime(2026, 3, 8, 12, 0, 5, tzinfo=UTC).timestamp()
BEFORE = ["2026-03-08T12:00:00", "2026-03-08 12:00:00", "2026-03-08T12:00:00Z", "2026-03-08T14:00:00+02:00"]
AFTER = [
    "2026-03-08T12:00:10",
    "2026-03-08 12:00:10",
    "2026-03-08T12:00:10.125Z",
    "2026-03-08T14:00:10+02:00",
    "2026-03-08 06:00:10-06:00",
    "2026-03-09T01:00:10+13:00",
]
# Daylight saving began in New York at 07:00 UTC: the clock went from 01:59:59 to 03:00:00.
LAST_PASS = datetime(2026, 3, 8, 6, 54, 40, tzinfo=UTC).timestamp()
SUMMER = -4 * 3600.0


def plain(merchant: Merchant) -> SourceSettings:
    return replace(dated(merchant.url), balances=None, deleted=None)


def changed(source: Source, since: float, zone: float) -> set[str | None]:
    return {entry.identifier for page in source.window(since, zone) for entry in page.entries}


@pytest.mark.parametrize("greatest", [*BEFORE, *AFTER])
def test_a_time_that_is_written_otherwise_than_others(sqlite_merchant: Merchant, greatest: str) -> None:
    """Whichever of them the column shows as its greatest."""
    for moment in (*BEFORE, *AFTER):
        sqlite_merchant.add(moment, "Lars Hansen", changed=f"'{moment}'")
    sqlite_merchant.add("later", "Ida Ny", changed=f"'{greatest.replace('2026-03-0', '2026-03-1')}'")
    with closing(Source(plain(sqlite_merchant))) as source:
        assert changed(source, SINCE, 0.0) == {*AFTER, "later"}
        assert changed(source, SINCE, 2 * 3600.0) == {*AFTER, "later"}


def test_what_sqlite_does_not_read_as_a_time_is_not_passed_over(sqlite_merchant: Merchant) -> None:
    sqlite_merchant.add("C1", "Lars Hansen", changed="'2026-03-08T12:00:10+0200'")
    with closing(Source(plain(sqlite_merchant))) as source:
        assert changed(source, SINCE, 0.0) == {"C1"}


@contextmanager
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process, whose clock is SQLite's."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


def add_around_the_change(merchant: Merchant) -> None:
    merchant.add("C1", "Lars Hansen", changed="'2026-03-08 01:50:00'")
    merchant.add("C2", "Ida Ny", changed="'2026-03-08 01:59:55'")
    merchant.add("C3", "Odd Dahl", changed="'2026-03-08 03:00:05'")


def test_the_hour_that_sqlite_skips_hides_nothing(
    sqlite_merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_around_the_change(sqlite_merchant)
    with in_new_york(monkeypatch), closing(Source(plain(sqlite_merchant))) as source:
        assert changed(source, LAST_PASS, SUMMER) == {"C2", "C3"}


@pytest.mark.postgresql
def test_the_hour_that_postgresql_skips_hides_nothing(postgresql_url: str) -> None:
    with closing(Merchant(postgresql_url)) as merchant:
        merchant.run(f"ALTER DATABASE {merchant.engine.url.database} SET timezone = 'America/New_York'")
        merchant.run("ALTER TABLE customers ALTER changed TYPE TIMESTAMP")
        add_around_the_change(merchant)
        with closing(Source(plain(merchant))) as source:
            assert changed(source, LAST_PASS, SUMMER) == {"C2", "C3"}


@pytest.mark.mariadb
def test_the_hour_that_mariadb_skips_hides_nothing(mariadb_url: str) -> None:
    engine = create_engine(mariadb_url)
    with engine.connect() as connection:
        connection.execute(text("SET time_zone = '-05:00'"))
        assert zone_at(connection, LAST_PASS) == -5 * 3600.0
    engine.dispose()


def test_the_zone_of_now_is_the_clocks(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        reading = read_clock(connection)
        assert zone_at(connection, reading.now) == reading.zone
        assert isinstance(zone_at(connection, -300.0), float)
    engine.dispose()
