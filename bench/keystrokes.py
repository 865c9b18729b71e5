"""What cashiers type, letter by letter: each letter is a lookup."""

from collections.abc import Callable, Sequence
from itertools import count as count_up
from itertools import islice
from random import Random

from customer_lookup.demo.people import Person

# What of a customer is typed; nothing where the customer has none.
TYPED: tuple[Callable[[Person], str | None], ...] = (
    lambda person: f"{person.first_name} {person.last_name}",
    lambda person: person.last_name,
    lambda person: person.phone,
    lambda person: person.number,
    lambda person: person.email,
    lambda person: f"{person.last_name} {person.city}",
    lambda person: person.street,
)


def typings(made: Sequence[Person], count: int, seed: int) -> list[list[str]]:
    """`count` things typed, each as all its beginnings, about as many customers chosen by chance, the same
    ones every time."""
    chance = Random(seed)
    typed = (chance.choice(TYPED)(chance.choice(made)) for _ in count_up())
    whole = islice((text for text in typed if text), count)
    return [[text[:length] for length in range(1, len(text) + 1)] for text in whole]
