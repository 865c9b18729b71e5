"""Customer <-> document: what an engine keeps of a customer, and how the customer comes back out of it."""

import hashlib
import json
from binascii import b2a_base64
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any

import orjson

from customers.any_json import loads
from customers.customer import Balance, Customer
from customers.keys import SearchKeys, keys_version, name_words, search_keys
from customers.order import order_number, others_in_name
from customers.settings import SearchSettings

_TEXT_FIELDS = tuple(
    field.name for field in fields(Customer) if field.name not in {"balances", "updated_at", "block_sales"}
)
_texts_of = attrgetter(*_TEXT_FIELDS)


@dataclass(slots=True)
class Document:
    """A customer ready for an engine.

    `body` is the customer as JSON, from which `customer_from_json` makes it again. `digest` is that of the
    body and of the version of the search keys, which are made of nothing else: equal digests need no writing.
    `keys` are made when first asked for, since an unchanged customer never needs them.
    """

    identifier: str
    digest: str
    body: str
    customer: Customer
    settings: SearchSettings
    _keys: SearchKeys | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def keys(self) -> SearchKeys:
        """What the customer can be found by."""
        if self._keys is None:
            self._keys = search_keys(self.customer, self.settings)
        return self._keys

    @property
    def order(self) -> int:
        """Who comes first of equals: see `order_number`."""
        return order_number(self.customer, self.settings)

    @property
    def others_in_name(self) -> int:
        """Who comes first of those who have a word in their name, before `order`: see `others_in_name`."""
        return others_in_name(name_words(self.customer))


def to_document(customer: Customer, settings: SearchSettings) -> Document:
    """The document of `customer`; equal customers give equal documents, byte for byte."""
    return to_documents([customer], settings)[0]


def to_documents(customers: Iterable[Customer], settings: SearchSettings) -> list[Document]:
    """The documents of many, in their order."""
    begun = hashlib.blake2b(f"{keys_version(settings)}\n".encode(), digest_size=16)
    made = []
    for customer in customers:
        body = customer_to_json(customer)
        digest = begun.copy()
        digest.update(body.encode())
        made.append(Document(customer.identifier, digest.hexdigest(), body, customer, settings))
    return made


@lru_cache(maxsize=32_768)
def identifier_key(identifier: str) -> str:
    """A key of any text, short and always as long: what an engine may keep to find and replace a document.

    Of UTF-16 because a lone surrogate, which UTF-8 does not know, is a code unit there, as it is in JSON.
    96 bits in 16 characters: two of a million identifiers meet with a probability under 10^-16. Remembered,
    since the engine and the ledger ask for the same one shortly after each other.
    """
    key = _KEY.copy()
    key.update(identifier.encode("utf-16-le", "surrogatepass"))
    return b2a_base64(key.digest(), newline=False).translate(_URL_SAFE).decode()


_KEY = hashlib.blake2b(digest_size=12)  # to copy: quicker than to make
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def customer_to_json(customer: Customer) -> str:
    """`customer` as JSON: fields in their order, missing ones left out, amounts as strings to the last
    digit."""
    texts = zip(_TEXT_FIELDS, _texts_of(customer), strict=True)
    content: dict[str, Any] = {name: text for name, text in texts if text is not None}
    if customer.block_sales is not None:
        content["block_sales"] = customer.block_sales
    if customer.balances:
        content["balances"] = [_balance_to_list(balance) for balance in customer.balances]
    if customer.updated_at is not None:
        content["updated_at"] = customer.updated_at
    return _dump(content)


def _dump(content: dict[str, Any]) -> str:
    """JSON that can always be stored as UTF-8. A lone surrogate cannot, so orjson refuses it: escape it."""
    try:
        return orjson.dumps(content).decode()
    except orjson.JSONEncodeError:
        return json.dumps(content, separators=(",", ":"), allow_nan=False, default=datetime.isoformat)


def _balance_to_list(balance: Balance) -> list[str | None]:
    amounts = (balance.balance, balance.balance_overdue, balance.credit_limit)
    return [balance.currency, *(None if amount is None else str(amount) for amount in amounts)]


def customer_from_json(body: str) -> Customer:
    """The customer that `customer_to_json` wrote. Raises ValueError for anything else."""
    try:
        content = loads(body)
        balances = tuple(_balance_from_list(balance) for balance in content.pop("balances", ()))
        changed = content.pop("updated_at", None)
        updated_at = None if changed is None else datetime.fromisoformat(changed)
        return Customer(**content, balances=balances, updated_at=updated_at)
    except (ArithmeticError, AttributeError, TypeError) as error:
        raise ValueError("this is not a customer that customer-lookup wrote: reindex") from error


def identifier_from_json(body: str) -> str:
    """The identifier of the customer that `customer_to_json` wrote, much quicker than the whole customer.
    Raises ValueError for anything else."""
    try:
        return str(loads(body)["identifier"])
    except (KeyError, TypeError) as error:
        raise ValueError("this is not a customer that customer-lookup wrote: reindex") from error


def _balance_from_list(content: list[str | None]) -> Balance:
    currency, *amounts = content
    decimals = (None if amount is None else Decimal(amount) for amount in amounts)
    return Balance(str(currency), *decimals)
