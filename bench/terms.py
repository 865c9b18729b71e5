"""Sixteen kinds of terms that cashiers type."""

from collections.abc import Callable, Sequence
from random import Random

from customer_lookup.demo.people import Person


def _typo(word: str, chance: Random) -> str:
    """`word` with two neighbours changed places."""
    place = chance.randrange(max(1, len(word) - 1))
    return word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :]


def _digits(text: str | None) -> str:
    return "".join(sign for sign in text or "00000000" if sign.isdigit())


KINDS: dict[str, Callable[[Person, Random], str]] = {
    "customer number": lambda person, _: person.number,
    "digits of the number": lambda person, _: person.number.removeprefix("C-"),
    "phone as written": lambda person, _: person.phone or "12 34 56 78",
    "phone, digits only": lambda person, _: _digits(person.phone),
    "last four of the phone": lambda person, _: _digits(person.phone)[-4:],
    "email": lambda person, _: person.email or f"{person.first_name}@example.com",
    "local part of the email": lambda person, _: (person.email or person.first_name).split("@")[0],
    "registration number": lambda person, _: person.registration or "DK12345678",
    "full name": lambda person, _: f"{person.first_name} {person.last_name}",
    "name the other way round": lambda person, _: f"{person.last_name} {person.first_name}",
    "last name": lambda person, _: person.last_name,
    "unfinished name": lambda person, _: f"{person.first_name[:2]} {person.last_name[:3]}",
    "mistyped name": lambda person, chance: f"{_typo(person.first_name, chance)} {person.last_name}",
    "name and city": lambda person, _: f"{person.last_name} {person.city}",
    "street and number": lambda person, _: person.street,
    "name and last four of the phone": lambda person, _: f"{person.first_name} {_digits(person.phone)[-4:]}",
}


def terms(kind: str, made: Sequence[Person], count: int) -> list[str]:
    """`count` terms of a kind, about people chosen by chance, the same ones every time."""
    chance = Random(kind)
    return [KINDS[kind](chance.choice(made), chance) for _ in range(count)]
