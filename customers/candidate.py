"""A candidate: a customer in the form in which the words of a term are held against it."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Generic, TypeVar, overload

from customers.codes import code_keys, email_keys, registration_keys
from customers.common_words import company_forms
from customers.customer import Customer
from customers.document import customer_from_json
from customers.folding import folded_words, pairs, squeezed, words
from customers.keys import (
    findable,
    joined_words,
    phone_region,
    place_pairs,
    place_words,
)
from customers.order import order_number
from customers.phone import phone_numbers
from customers.settings import SearchSettings

WITHOUT_ZEROS = "identifier without its zeros"
SHORTER = "shorter identifier"

# Candidates that are remembered: key after key, and till after till, the same ones are found. About 5 kB
# each.
REMEMBERED = 4_096

Value = TypeVar("Value")


class _Lazy(Generic[Value]):
    """An attribute that is made when first asked for. `functools.cached_property` takes a lock for that in
    Python 3.11, which is longer than making most of these."""

    def __init__(self, make: Callable[["Candidate"], Value]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, candidate: None, owner: type) -> "_Lazy[Value]": ...
    @overload
    def __get__(self, candidate: "Candidate", owner: type) -> Value: ...
    def __get__(self, candidate: "Candidate | None", owner: type) -> "_Lazy[Value] | Value":
        if candidate is None:
            return self
        value = candidate.__dict__[self._name] = self._make(candidate)
        return value


class Candidate:
    """A customer, and what of it can be found.

    The `…_text` attributes hold all words of a kind, each between line ends: one look into such a text tells
    at the price of a hash whether any word of the kind is worth a look. `findable` is the customer without
    what the merchant leaves out.
    """

    def __init__(self, customer: Customer, settings: SearchSettings) -> None:
        self.customer = customer
        self.findable = findable(customer, settings)
        self._settings = settings

    @_Lazy
    def name(self) -> str:
        """The name, of several spaces one."""
        return " ".join(self.findable.name.split()) if self.findable.name else ""

    @_Lazy
    def names(self) -> list[tuple[str, str]]:
        """(skeleton, plain) of the words of the name."""
        return folded_words(self.name)

    @_Lazy
    def name_pairs(self) -> list[str]:
        """The letter pair with which each of `names` begins, however it is written."""
        return pairs(self.name)

    @_Lazy
    def telling_names(self) -> frozenset[int]:
        """The places of the words of the name that are no company form: `Åsa` is none, though `ASA` is, and
        `Aas` is no `A/S`."""
        forms = company_forms(self._settings)
        if forms.isdisjoint([name for _, name in self.names]):
            return frozenset(range(len(self.names)))
        chunks = [chunk for chunk in self.name.split() for _ in folded_words(chunk)]
        named = zip(self.names, chunks, strict=True)
        return frozenset(
            [at for at, ((_, name), chunk) in enumerate(named) if not (chunk.isascii() and name in forms)]
        )

    @_Lazy
    def joined(self) -> dict[str, range]:
        """Neighbouring words of the name written as one, and the places of those."""
        return joined_words([name for name, _ in self.names])

    @_Lazy
    def joined_text(self) -> str:
        """`joined`, to look into."""
        return _lines(self.joined)

    @_Lazy
    def places(self) -> list[str]:
        """The words of the address and of the additional information."""
        return place_words(self.findable)

    @_Lazy
    def place_pairs(self) -> list[str]:
        """The letter pair with which each of `places` begins, however it is written, nothing of the last
        ones, which are not of the address."""
        found = place_pairs(self.findable)
        return found + [""] * (len(self.places) - len(found))

    @_Lazy
    def street_size(self) -> int:
        """How many of `places`, the first ones, are of the street."""
        return _size(self.findable.street)

    @_Lazy
    def cities(self) -> range:
        """Which of `places` are words of the city; before them are the street and the postal code."""
        before = self.street_size + _size(self.findable.postal_code)
        return range(before, before + _size(self.findable.city))

    @_Lazy
    def address_size(self) -> int:
        """How many of `places`, the first ones, are not of the additional information."""
        return self.cities.stop + _size(self.findable.country)

    @_Lazy
    def place_text(self) -> str:
        """`places`, to look into."""
        return _lines(self.places)

    @_Lazy
    def codes(self) -> list[tuple[str, str]]:
        """(what it is, the code) of everything that is one word, whatever its punctuation."""
        customer = self.findable
        whole, number, without_zeros, *shorter = code_keys(customer.identifier)
        codes = [("identifier", whole), ("identifier", number)]
        if without_zeros != number:
            codes.append((WITHOUT_ZEROS, without_zeros))
        codes += [(SHORTER, code) for code in shorter]
        if customer.organization_number:
            codes += [("organization number", key) for key in registration_keys(customer.organization_number)]
        codes += [("email", key) for key in self.email_codes]
        return [(label, code) for label, code in dict.fromkeys(codes) if code]

    @_Lazy
    def email_codes(self) -> list[str]:
        """Those of the codes that are the email's."""
        return email_keys(self.findable.email) if self.findable.email else []

    @_Lazy
    def code_text(self) -> str:
        """`codes`, to look into."""
        return _lines([code for _, code in self.codes])

    @_Lazy
    def phones(self) -> list[tuple[str, str]]:
        """(national, international) digits of each phone number."""
        phone = self.findable.phone
        return phone_numbers(phone, phone_region(self.customer, self._settings)) if phone else []

    @_Lazy
    def phone_text(self) -> str:
        """`phones`, to look into."""
        return _lines([digits for phone in self.phones for digits in phone])

    @_Lazy
    def email_parts(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The first part of the email, the same without a plus tag, the domain, and the email without the
        tag; as they are written, and squeezed."""
        local, _, domain = (self.findable.email or "").casefold().partition("@")
        untagged = local.partition("+")[0]
        parts = (local, untagged, domain, f"{untagged}@{domain}")
        return parts, tuple(squeezed(part) for part in parts)

    @_Lazy
    def order(self) -> tuple[int, str]:
        """Of equal candidates the lesser comes first: see `order_number`; then always the same one."""
        return -order_number(self.customer, self._settings), self.customer.identifier


def _size(text: str | None) -> int:
    return len(words(text)) if text else 0


def _lines(words: Iterable[str]) -> str:
    return "\n" + "\n".join(words) + "\n"


def candidate_reader(settings: SearchSettings) -> Callable[[str], Candidate]:
    """Reads the JSON of a document; remembers the last few thousand. Raises as `customer_from_json`."""

    @lru_cache(maxsize=REMEMBERED)
    def read(body: str) -> Candidate:
        return Candidate(customer_from_json(body), settings)

    return read
