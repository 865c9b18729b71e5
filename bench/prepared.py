"""An embedded index filled without a database and a sync: for what measures lookups alone."""

from collections.abc import Sequence
from pathlib import Path

from bench.shop import full_name
from customer_lookup.demo.people import Person
from customers.customer import Balance, Customer
from customers.document import to_document
from customers.settings import SearchSettings
from index.tantivy_engine import TantivyIndex


def prepare(folder: Path, made: Sequence[Person]) -> None:
    """Have `made` in the index in `folder`, live."""
    settings = SearchSettings()
    index = TantivyIndex(folder, settings)
    index.create("bench")
    with index.writer("bench") as writer:
        for first in range(0, len(made), 1000):
            writer.write(
                [to_document(customer_of(person), settings) for person in made[first : first + 1000]]
            )
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
