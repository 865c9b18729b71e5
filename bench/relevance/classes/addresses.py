"""Several fields at once: a name and something that tells which of them."""

from collections.abc import Callable

from rapidfuzz.distance import OSA

from bench.relevance.mistakes import KINDS, middle, mistype
from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import words


def _and(asker: Asker, person: Person, name: str, more: str, fits: Callable[[int], bool]) -> Question | None:
    """A name and one thing more, either first: right is everybody whom both fit. Not asked where both
    together are somebody's name."""
    if asker.directory.containing(words(f"{name} {more}")):
        return None
    right = {number for number in asker.directory.containing(words(name)) if fits(number)}
    typed = f"{name} {more}" if asker.random.random() < 0.8 else f"{more} {name}"
    return asker.ask(typed.lower(), person, right)


@question_class("several fields")
def name_and_city(asker: Asker, person: Person) -> Question | None:
    """`lars hansen odense`."""
    city = (person.customer.city or "").lower()
    return _and(asker, person, person.spoken, city, lambda number: asker.directory.cities[number] == city)


@question_class("several fields")
def last_name_and_city(asker: Asker, person: Person) -> Question | None:
    """`hansen odense`."""
    city = (person.customer.city or "").lower()
    if not person.last:
        return None
    return _and(asker, person, person.last, city, lambda number: asker.directory.cities[number] == city)


@question_class("several fields")
def last_name_and_begun_city(asker: Asker, person: Person) -> Question | None:
    """`hansen od`, `hansen oden`: right is everybody of that last name in a city, or a street, that begins
    so. Not asked where it is the beginning of somebody's name."""
    directory = asker.directory
    begun = (person.customer.city or "").lower()[: asker.random.randrange(2, 5)]
    if not person.last or directory.beginning([*words(person.last), begun]):
        return None

    def lives_there(number: int) -> bool:
        places = words(f"{directory.streets[number]} {directory.cities[number]}")
        return any(place.startswith(begun) for place in places)

    right = {number for number in directory.containing(words(person.last)) if lives_there(number)}
    return asker.ask(f"{person.last} {begun}".lower(), person, right)


@question_class("several fields")
def last_name_and_mistyped_city(asker: Asker, person: Person) -> Question | None:
    """`hansen odesne`: right are those whose city is a letter away from what was typed."""
    city = (person.customer.city or "").lower()
    if not person.last or len(city) < 4:
        return None
    wrong = mistype(city, asker.random.choice(KINDS), middle(city, asker.random), asker.random)
    if wrong is None:
        return None
    return _and(
        asker,
        person,
        person.last,
        wrong,
        lambda number: OSA.distance(asker.directory.cities[number], wrong, score_cutoff=1) <= 1,
    )


@question_class("several fields")
def name_and_postal_code(asker: Asker, person: Person) -> Question | None:
    """`lars hansen 5000`."""
    code = person.customer.postal_code or ""
    return _and(
        asker, person, person.spoken, code, lambda number: asker.directory.postal_codes[number] == code
    )


@question_class("several fields")
def name_and_street(asker: Asker, person: Person) -> Question | None:
    """`hansen aspvägen`: last name (or company) and street without the number."""
    street = (person.customer.street or "").lower().strip("0123456789 ").split(" ")[0]
    if len(street) < 5:
        return None
    return _and(
        asker,
        person,
        person.last or person.company,
        street,
        lambda number: street in asker.directory.streets[number],
    )


@question_class("several fields")
def name_and_last_four(asker: Asker, person: Person) -> Question | None:
    """`lars 5678`, `hansen 5678`: one of the names and the last four digits of the telephone."""
    if person.phone is None:
        return None
    name = asker.random.choice((person.first, person.last)) or person.company
    tail = person.phone.number[-4:]
    return _and(asker, person, name, tail, lambda number: asker.directory.tails[number] == tail)


@question_class("several fields")
def beginning_and_city(asker: Asker, person: Person) -> Question | None:
    """`lar odense`: the beginning of the first name and a city."""
    if len(person.first) < 4:
        return None
    directory, city = asker.directory, (person.customer.city or "").lower()
    typed = person.first[:3].lower()
    if directory.beginning([typed, *words(city)]):
        return None
    right = {number for number in directory.beginning([typed]) if directory.cities[number] == city}
    return asker.ask(f"{typed} {city}", person, right)


@question_class("address")
def street_and_number(asker: Asker, person: Person) -> Question | None:
    """`aspvägen 42`: whoever's street begins so."""
    street = (person.customer.street or "").split(",")[0].lower()
    right = {number for number, other in enumerate(asker.directory.streets) if other.split(",")[0] == street}
    return asker.ask(street, person, right)


@question_class("address")
def street_number_and_city(asker: Asker, person: Person) -> Question | None:
    """`aspvägen 42 odense`."""
    street, city = (person.customer.street or "").split(",")[0].lower(), (person.customer.city or "").lower()
    streets, cities = asker.directory.streets, asker.directory.cities
    right = {n for n, other in enumerate(streets) if other.split(",")[0] == street and cities[n] == city}
    return asker.ask(f"{street} {city}", person, right)
