"""Every type's way from a database into a Customer."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.values import (
    to_amount,
    to_boolean,
    to_currency,
    to_deleted,
    to_identifier,
    to_text,
    to_time,
)

UUID_VALUE = UUID("12345678-1234-5678-1234-567812345678")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", None),
        ("  \t", None),
        (" Lars Hansen ", "Lars Hansen"),
        (2**63 + 1, "9223372036854775809"),
        (2100.0, "2100"),
        (0.1, "0.1"),
        (Decimal("2100.00"), "2100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("12.50"), "12.50"),
        (True, "true"),
        (UUID_VALUE, str(UUID_VALUE)),
        (b"Lars", "Lars"),
        (memoryview(b"Lars"), "Lars"),
        (UUID_VALUE.bytes, UUID_VALUE.bytes.hex()),
        (b"\xff\x00", "ff00"),
        (date(2024, 2, 29), "2024-02-29"),
        (datetime(2024, 2, 29, 12, 30, tzinfo=UTC), "2024-02-29T12:30:00+00:00"),
        (time(8, 5), "08:05:00"),
    ],
)
def test_text(value: object, text: str | None) -> None:
    assert to_text(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), [1], {"a": 1}])
def test_what_has_no_text_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"is "):
        to_text(value)


@pytest.mark.parametrize(
    ("value", "identifier"), [(" C1 ", " C1 "), (10023, "10023"), (2**70, str(2**70)), (Decimal(7), "7")]
)
def test_an_identifier_is_kept_as_it_is(value: object, identifier: str) -> None:
    assert to_identifier(value) == identifier


@pytest.mark.parametrize("value", [None, "", b""])
def test_an_identifier_is_not_empty(value: object) -> None:
    with pytest.raises(ValueError, match="identifier is empty"):
        to_identifier(value)


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (None, None),
        (" ", None),
        (0, Decimal(0)),
        (0.1, Decimal("0.1")),
        (-1234.56, Decimal("-1234.56")),
        ("1234.50", Decimal("1234.50")),
        (Decimal("0.10"), Decimal("0.10")),
    ],
)
def test_amounts(value: object, amount: Decimal | None) -> None:
    assert to_amount(value) == amount


@pytest.mark.parametrize(
    "value", ["1.234,50", "kr 5", float("nan"), "Infinity", True, b"5", date(2024, 1, 1)]
)
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"^is ") as refused:
        to_amount(value)
    assert str(value) not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (None, None),
        ("", None),
        (True, True),
        (0, False),
        (1, True),
        (Decimal(0), False),
        ("Y", True),
        (" n ", False),
        ("true", True),
        ("F", False),
        ("Ja", True),
        ("nej", False),
        ("0", False),
        (b"\x01", True),
        (b"\x00", False),
    ],
)
def test_yes_and_no(value: object, answer: bool | None) -> None:
    assert to_boolean(value) is answer


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(ValueError, match="neither yes nor no"):
        to_boolean("perhaps")


@pytest.mark.parametrize(
    ("value", "deleted"),
    [
        (None, False),
        (0, False),
        ("N", False),
        ("", False),
        (1, True),
        (datetime.now(UTC), True),
        ("2024", True),
        ("0000-00-00 00:00:00", False),  # MySQL's, where the column must not be NULL
        ("0000-00-00", False),
    ],
)
def test_deleted_is_a_yes_or_a_time(value: object, deleted: bool) -> None:
    assert to_deleted(value) is deleted


def test_currencies() -> None:
    assert to_currency(" dkk") == "DKK"
    for value in ("DK", None, "kroner", "1€2"):
        with pytest.raises(ValueError, match="ISO 4217"):
            to_currency(value)


MOMENT = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        MOMENT,
        MOMENT.replace(tzinfo=None),
        MOMENT.astimezone(timezone(timedelta(hours=2))),
        "2024-02-29 12:00:00",
        "2024-02-29T12:00:00Z",
        "2024-02-29T14:00:00+02:00",
        int(MOMENT.timestamp()),
        int(MOMENT.timestamp() * 1000),
        int(MOMENT.timestamp() * 1_000_000),
        Decimal(int(MOMENT.timestamp())),
    ],
)
def test_times_are_utc(value: object) -> None:
    found = to_time(value)
    assert found == MOMENT
    assert found is not None
    assert found.utcoffset() == timedelta()


def test_a_date_is_its_midnight() -> None:
    assert to_time(date(2024, 2, 29)) == datetime(2024, 2, 29, tzinfo=UTC)


@pytest.mark.parametrize("value", ["yesterday", "Lars Hansen", True, b"2024"])
def test_what_is_no_time_is_refused_without_quoting_it(value: object) -> None:
    with pytest.raises(ValueError, match=r"^is ") as refused:
        to_time(value)
    assert "Hansen" not in str(refused.value)


@given(st.text(min_size=1))
def test_any_text_is_an_identifier(text: str) -> None:
    assert to_identifier(text) == text


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_every_decimal_is_itself(amount: Decimal) -> None:
    assert to_amount(amount) == amount
    assert to_amount(str(amount)) == amount


@given(st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.binary(), st.decimals(), st.booleans()))
def test_no_value_breaks_the_reading(value: object) -> None:
    for convert in (to_text, to_amount, to_boolean, to_deleted, to_time, to_currency, to_identifier):
        try:
            convert(value)
        except ValueError:
            continue
