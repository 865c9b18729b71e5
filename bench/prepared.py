"""An embedded index filled without a database and a sync: for what measures lookups alone."""

from collections.abc import Sequence
from pathlib import Path

from bench.shop import full_name
from customer_lookup.demo.people import Person
from customers.customer import Balance, Customer
from customers.document import to_documents
from customers.settings import SearchSettings
from index.interface import CustomerIndex
from index.tantivy_engine import TantivyIndex


def prepare(folder: Path, made: Sequence[Person]) -> None:
    """Have `made` in the index in `folder`, live."""
    fill(TantivyIndex(folder, SearchSettings()), [customer_of(person) for person in made])


def fill(index: CustomerIndex, customers: Sequence[Customer]) -> None:
    """Have `customers` in the index, live, and close it."""
    index.create("bench")
    with index.writer("bench") as writer:
        for first in range(0, len(customers), 1000):
            writer.write(to_documents(customers[first : first + 1000], SearchSettings()))
        writer.flush()
    index.promote("bench")
    index.close()


def customer_of(person: Person) -> Customer:
    """A made-up person as the sync would read one."""
    accounts = [
        Balance(each.currency, each.balance, each.overdue, each.credit_limit) for each in person.accounts
    ]
    return Customer(
        identifier=person.number,
        name=full_name(person),
        phone=person.phone,
        email=person.email,
        street=person.street,
        postal_code=person.postal_code,
        city=person.city,
        organization_number=person.registration,
        balances=tuple(accounts),
    )
