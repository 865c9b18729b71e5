"""Hit: a customer that answers a term, and why."""

from typing import NamedTuple

from customers.customer import Customer


class Hit(NamedTuple):
    """`score` orders hits (higher is better, up to 1.3); `evidence` says why, in words for a person who asks,
    without personal data (`name: exact, phone: last 4 digits`)."""

    customer: Customer
    score: float
    evidence: tuple[str, ...] = ()
