"""Customer -> the JSON which the POS reads.

One call of orjson for the whole answer; the amounts are put into it as the digits that they are, since no
encoder writes a Decimal to the last one.
"""

import json
from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any, Literal, NamedTuple

import orjson

from customers.customer import Balance, Customer
from service.money import json_number

_FIELDS = tuple(field.name for field in fields(Customer) if field.name not in {"balances", "updated_at"})
_values = attrgetter(*_FIELDS)

BalanceShape = Literal["number", "object"]


class Answer(NamedTuple):
    """A customer with the account to show: the one of the asked currency, None where there is none."""

    customer: Customer
    balance: Balance | None


def json_array(answers: Iterable[Answer], shape: BalanceShape) -> bytes:
    """`answers` as a JSON array of Customer, in UTF-8."""
    return _utf_8([_members(answer, shape) for answer in answers])


def json_object(answer: Answer, shape: BalanceShape) -> bytes:
    """One Customer, in UTF-8. Missing fields are left out."""
    return _utf_8(_members(answer, shape))


def _utf_8(content: Any) -> bytes:
    """A lone surrogate, which UTF-8 does not know but a source may hold, is escaped: that takes the other
    encoder."""
    try:
        return orjson.dumps(content)
    except orjson.JSONEncodeError:
        return orjson.dumps(_escaped(content))


def _escaped(content: Any) -> Any:
    """The same, of which every text is pure ASCII."""
    if isinstance(content, str):
        return orjson.Fragment(json.dumps(content))
    if isinstance(content, dict):
        return {name: _escaped(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_escaped(value) for value in content]
    return content


def _members(answer: Answer, shape: BalanceShape) -> dict[str, Any]:
    customer, account = answer
    members = {
        name: value for name, value in zip(_FIELDS, _values(customer), strict=True) if value is not None
    }
    if code := customer.country_code:
        members["country_code"] = code.lower()  # as in the POS vendor's own example; databases have `DK` too
    if account is not None:
        _add_amounts(members, account, shape)
    return members


def _add_amounts(members: dict[str, Any], account: Balance, shape: BalanceShape) -> None:
    if account.balance is not None and account.balance.is_finite():
        number = orjson.Fragment(json_number(account.balance))
        is_older = shape == "object"
        members["balance"] = {"identifier": members["identifier"], "balance": number} if is_older else number
    if account.balance_overdue is not None and account.balance_overdue.is_finite():
        members["balance_overdue"] = orjson.Fragment(json_number(account.balance_overdue))
    if account.credit_limit is not None and account.credit_limit.is_finite():
        members["credit_limit"] = orjson.Fragment(json_number(account.credit_limit))
