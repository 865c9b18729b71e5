"""Customer numbers: as printed, and as people say them."""

from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import digits


@question_class("identifier")
def identifier_exact(asker: Asker, person: Person) -> Question | None:
    """`C-10023`: that customer and no other."""
    identifier = person.customer.identifier
    return asker.ask(identifier, person, [asker.directory.place(identifier)])


@question_class("identifier")
def identifier_other_case(asker: Asker, person: Person) -> Question | None:
    """`kd004711`, `c 10023`: only of identifiers with letters."""
    identifier = person.customer.identifier
    if identifier.isdecimal():
        return None
    typed = asker.random.choice(
        (identifier.lower(), identifier.replace("-", " ").lower(), identifier.replace("-", "").lower())
    )
    return asker.ask(typed, person, [asker.directory.place(identifier)])


@question_class("identifier")
def identifier_without_prefix(asker: Asker, person: Person) -> Question | None:
    """`10023` for C-10023, `004711` for KD004711; whoever else has these digits is right too."""
    identifier = person.customer.identifier
    if identifier.isdecimal():
        return None
    typed = digits(identifier)
    return asker.ask(typed, person, asker.directory.by_identifier_digits[typed.lstrip("0")])


@question_class("identifier")
def identifier_without_zeros(asker: Asker, person: Person) -> Question | None:
    """`4711` for KD004711; asked where it is no part of a telephone number."""
    typed = digits(person.customer.identifier).lstrip("0")
    if not 3 <= len(typed) < len(digits(person.customer.identifier)):
        return None
    if asker.directory.phones_beginning_or_ending(typed) or asker.directory.is_postal_code(typed):
        return None
    return asker.ask(typed, person, asker.directory.by_identifier_digits[typed])


@question_class("identifier")
def identifier_unfinished(asker: Asker, person: Person) -> Question | None:
    """`C-100` with the last one or two characters still to come. Of digits alone, whoever's telephone number
    begins or ends so is right too, and so is whoever's identifier they are already, its zeros left aside."""
    typed = person.customer.identifier[: -asker.random.choice((1, 1, 2))]
    directory = asker.directory
    if len(typed) < 4 or directory.is_postal_code(typed):
        return None
    right = directory.identifiers_beginning(typed)
    if typed.isdecimal():
        right |= directory.phones_beginning_or_ending(typed)
        right |= set(directory.by_identifier_digits[typed.lstrip("0")])
    return asker.ask(typed, person, right)
