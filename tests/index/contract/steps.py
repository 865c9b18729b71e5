"""What the contract tests do with an index."""

from customers.customer import Customer
from customers.document import Document, to_document
from customers.settings import SearchSettings
from customers.term import understand
from index.interface import CustomerIndex, Receipt

SETTINGS = SearchSettings(default_region="DK")


def documents(*customers: Customer) -> list[Document]:
    return [to_document(customer, SETTINGS) for customer in customers]


def write(index: CustomerIndex, generation: str, *customers: Customer) -> Receipt:
    with index.writer(generation) as writer:
        writer.write(documents(*customers))
        return writer.flush()


def found(index: CustomerIndex, text: str, limit: int = 20) -> list[str]:
    return [hit.customer.identifier for hit in index.search(understand(text, SETTINGS), limit)]
