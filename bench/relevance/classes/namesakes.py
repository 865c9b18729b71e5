"""Many people of one name: the next word, digit or place must single them out."""

from collections.abc import Callable

from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import words

_MANY = 20


def _one_of_many(asker: Asker, person: Person, more: str, fits: Callable[[int], bool]) -> Question | None:
    """A name that many share and one thing more that at most three of them have."""
    if asker.directory.beginning(words(f"{person.spoken} {more}")):
        return None  # the beginning of a place can be that of another name
    namesakes = asker.directory.names[tuple(words(person.spoken))]
    right = [number for number in namesakes if fits(number)]
    if not person.first or len(namesakes) < _MANY or not 0 < len(right) <= 3 or not more:
        return None
    return asker.ask(f"{person.spoken} {more}".lower(), person, right)


@question_class("namesakes")
def namesake_by_city(asker: Asker, person: Person) -> Question | None:
    """`lars hansen odense`, and half of it."""
    city = (person.customer.city or "").lower()
    typed = city if asker.random.random() < 0.5 else city[:4].strip()
    return _one_of_many(asker, person, typed, lambda number: asker.directory.cities[number].startswith(typed))


@question_class("namesakes")
def namesake_by_postal_code(asker: Asker, person: Person) -> Question | None:
    """`lars hansen 5000`."""
    code = person.customer.postal_code or ""
    return _one_of_many(asker, person, code, lambda number: asker.directory.postal_codes[number] == code)


@question_class("namesakes")
def namesake_by_phone(asker: Asker, person: Person) -> Question | None:
    """`lars hansen 5678`."""
    tail = person.phone.number[-4:] if person.phone else ""
    return _one_of_many(asker, person, tail, lambda number: asker.directory.tails[number] == tail)


@question_class("namesakes")
def namesake_by_street(asker: Asker, person: Person) -> Question | None:
    """`lars hansen skovvej`."""
    street = (person.customer.street or "").lower().split(" ")[0]
    return _one_of_many(asker, person, street, lambda number: street in asker.directory.streets[number])
