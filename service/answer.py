"""Customer -> the JSON which the POS reads.

Texts go through the C encoder of `json`; the amounts are put beside them as the digits that they are, since
that encoder knows no Decimal.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Literal

from customers.customer import Balance, Customer
from service.money import json_number

_FIELDS = tuple(field.name for field in fields(Customer) if field.name not in {"balances", "updated_at"})
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False
).encode
_SURROGATE = re.compile("[\ud800-\udfff]")

BalanceShape = Literal["number", "object"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A customer with the account to show: the one of the asked currency, None where there is none."""

    customer: Customer
    balance: Balance | None


def json_array(answers: Iterable[Answer], shape: BalanceShape) -> bytes:
    """`answers` as a JSON array of Customer, in UTF-8."""
    return _utf_8(f"[{','.join(_object(answer, shape) for answer in answers)}]")


def json_object(answer: Answer, shape: BalanceShape) -> bytes:
    """One Customer, in UTF-8. Missing fields are left out."""
    return _utf_8(_object(answer, shape))


def _utf_8(body: str) -> bytes:
    """A lone surrogate, which UTF-8 does not know but a source may hold, is escaped: in JSON it is a
    character inside a string and nowhere else."""
    try:
        return body.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", body).encode()


def _object(answer: Answer, shape: BalanceShape) -> str:
    customer = answer.customer
    texts = {name: value for name in _FIELDS if (value := getattr(customer, name)) is not None}
    amounts = "" if answer.balance is None else _amounts(answer.balance, customer.identifier, shape)
    return _encode(texts)[:-1] + amounts + "}"


def _amounts(account: Balance, identifier: str, shape: BalanceShape) -> str:
    """The members for the amounts, each with a comma before it."""
    written = ""
    if account.balance is not None and account.balance.is_finite():
        number = json_number(account.balance)
        if shape == "object":
            number = f'{{"identifier":{_encode(identifier)},"balance":{number}}}'
        written += f',"balance":{number}'
    if account.balance_overdue is not None and account.balance_overdue.is_finite():
        written += f',"balance_overdue":{json_number(account.balance_overdue)}'
    if account.credit_limit is not None and account.credit_limit.is_finite():
        written += f',"credit_limit":{json_number(account.credit_limit)}'
    return written
