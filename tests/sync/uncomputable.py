"""A merchant with values that the database cannot compute, and the ways to read them."""

from collections.abc import Iterator
from dataclasses import replace

from sync.context import SyncContext
from sync.pages import Entry
from sync.quarantine import entries
from sync.settings import SourceSettings
from sync.source import Source
from tests.sync.merchant import Merchant

# What each database makes of a phone of one 0, and cannot make of the other.
GOOD, BAD = "0", "1x"
SUMS = {
    "sqlite": "json_extract(phone, '$')",
    "postgresql": "CAST(phone AS INTEGER)",
    "mysql": "18446744073709551615 + CAST(phone AS UNSIGNED)",
}
CODES = {
    "sqlite": "OperationalError",
    "postgresql": "InvalidTextRepresentation 22P02",
    "mysql": "OperationalError 1690",
}


def computing(settings: SourceSettings, merchant: Merchant) -> SourceSettings:
    sql = SUMS[merchant.engine.dialect.name]
    return replace(settings, customer={"identifier": "number", "name": "name", "postal_code": sql})


def add(merchant: Merchant, number: str, phone: str = GOOD, *, changed: str | None = None) -> None:
    merchant.add(number, "Mette Holm", phone=phone, changed=changed)
    merchant.owe(number, 7)
    merchant.owe(number, 9, "EUR")


def spoil(merchant: Merchant, numbers: Iterator[str] | list[str], phone: str = BAD) -> None:
    moment = merchant.now
    with merchant.at_once():
        for number in numbers:
            merchant.run(
                f"UPDATE customers SET phone = '{phone}', changed = {moment} WHERE number = '{number}'"
            )


def name(place: int) -> str:
    return f"C{place:02}"


def left_out(context: SyncContext) -> dict[str | None, str]:
    return {entry.identifier: entry.reason for entry in entries(context.state)}


def everything(source: Source) -> list[Entry]:
    return [entry for page in source.scan() for entry in page.entries]


def window(source: Source) -> list[Entry]:
    return [entry for page in source.window(0.0, 0.0) for entry in page.entries]
