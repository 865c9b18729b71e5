"""Telephone numbers in every writing, and parts of them."""

from collections.abc import Collection

from bench.relevance.mistakes import with_wrong_digit
from bench.relevance.people import Person
from bench.relevance.phones import in_pairs
from bench.relevance.question import Asker, Question, question_class


def _whole(asker: Asker, person: Person, typed: str) -> Question | None:
    assert person.phone
    return asker.ask(typed, person, asker.directory.by_phone[person.phone.number])


@question_class("phone")
def phone_international(asker: Asker, person: Person) -> Question | None:
    """`+4512345678`, now and then with a space after the country."""
    if person.phone is None:
        return None
    space = asker.random.choice(("", "", " "))
    return _whole(asker, person, f"+{person.phone.calling_code}{space}{person.phone.number}")


@question_class("phone")
def phone_national(asker: Asker, person: Person) -> Question | None:
    """`12345678`, `0701234567`."""
    return _whole(asker, person, person.phone.national) if person.phone else None


@question_class("phone")
def phone_in_pairs(asker: Asker, person: Person) -> Question | None:
    """`12 34 56 78`, `12-34-56-78`."""
    if person.phone is None:
        return None
    return _whole(asker, person, in_pairs(person.phone.national, asker.random.choice("  -.")))


@question_class("phone")
def phone_in_halves(asker: Asker, person: Person) -> Question | None:
    """`1234 5678`, `123 45 678`."""
    if person.phone is None:
        return None
    number = person.phone.national
    return _whole(
        asker,
        person,
        asker.random.choice((f"{number[:4]} {number[4:]}", f"{number[:3]} {number[3:5]} {number[5:]}")),
    )


@question_class("phone")
def phone_double_zero(asker: Asker, person: Person) -> Question | None:
    """`004512345678`, `0045 12345678`, and `4512345678` without any sign."""
    if person.phone is None:
        return None
    start = asker.random.choice(("00{}", "00{} ", "{}", "{} "))
    return _whole(asker, person, start.format(person.phone.calling_code) + person.phone.number)


@question_class("phone")
def phone_trunk_zero(asker: Asker, person: Person) -> Question | None:
    """`+46 (0)70 123 45 67`, `+460701234567`, or the national number with its zero left out."""
    if person.phone is None or not person.phone.trunk:
        return None
    code, number = person.phone.calling_code, person.phone.number
    return _whole(asker, person, asker.random.choice((f"+{code} (0){number}", f"+{code}0{number}", number)))


@question_class("phone")
def phone_last_four(asker: Asker, person: Person) -> Question | None:
    """`5678`: whoever's number ends, or begins, with it."""
    return _part(asker, person, person.phone.number[-4:]) if person.phone else None


@question_class("phone")
def phone_last_six(asker: Asker, person: Person) -> Question | None:
    """`345678`, sometimes in pairs."""
    return _part(asker, person, person.phone.number[-6:]) if person.phone else None


@question_class("phone")
def phone_first_four(asker: Asker, person: Person) -> Question | None:
    """`1234`: the first digits while the customer is still saying the number."""
    return _part(asker, person, person.phone.national[:4]) if person.phone else None


@question_class("phone")
def phone_first_five(asker: Asker, person: Person) -> Question | None:
    """`12345`."""
    return _part(asker, person, person.phone.national[:5]) if person.phone else None


@question_class("phone")
def phone_first_six(asker: Asker, person: Person) -> Question | None:
    """`123456`, sometimes in pairs."""
    return _part(asker, person, person.phone.national[:6]) if person.phone else None


def _part(asker: Asker, person: Person, typed: str) -> Question | None:
    """Whoever's number begins or ends so is right, and whoever's identifier is this but for its last one or
    two digits. A term that is somebody's whole identifier or a postal code is not asked."""
    directory = asker.directory
    if directory.by_identifier_digits.get(typed.lstrip("0")) or directory.is_postal_code(typed):
        return None
    right = directory.phones_beginning_or_ending(typed) | directory.identifiers_nearly(typed)
    spaced = len(typed) == 6 and asker.random.random() < 0.3
    return asker.ask(in_pairs(typed) if spaced else typed, person, right)


@question_class("phone")
def phone_wrong_digit(asker: Asker, person: Person) -> Question | None:
    """One digit wrong, which nobody else's number explains: the right one may be doubtful, another is
    wrong."""
    if person.phone is None:
        return None
    return _wrong(asker, person, with_wrong_digit(person.phone.number, 2, asker.random))


@question_class("phone")
def phone_swapped_digits(asker: Asker, person: Person) -> Question | None:
    """Two neighbouring digits swapped."""
    if person.phone is None:
        return None
    number = person.phone.number
    place = asker.random.randrange(1, len(number) - 1)
    if number[place] == number[place + 1]:
        return None
    return _wrong(asker, person, number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@question_class("phone")
def phone_digit_missing(asker: Asker, person: Person) -> Question | None:
    """One digit left out, which nobody else's number explains."""
    if person.phone is None:
        return None
    number = person.phone.number
    place = asker.random.randrange(1, len(number) - 1)
    return _one_more_or_less(asker, person, number[:place] + number[place + 1 :])


@question_class("phone")
def phone_digit_twice(asker: Asker, person: Person) -> Question | None:
    """One digit typed twice."""
    if person.phone is None:
        return None
    number = person.phone.number
    place = asker.random.randrange(1, len(number))
    return _one_more_or_less(asker, person, number[:place] + number[place - 1 :])


def _one_more_or_less(asker: Asker, person: Person, number: str) -> Question | None:
    assert person.phone
    part_of = asker.directory.phones_beginning_or_ending(person.phone.trunk + number)
    return _wrong(asker, person, number, part_of | asker.directory.phones_one_more_or_less(number))


def _wrong(
    asker: Asker, person: Person, number: str, others: Collection[int] = frozenset()
) -> Question | None:
    """Not asked where it may be meant for `others`, or for somebody else with one digit wrong."""
    assert person.phone
    explained = asker.directory.phones_one_wrong(number).union(others)
    if explained - set(asker.directory.by_phone[person.phone.number]):
        return None
    return _whole(asker, person, person.phone.trunk + number)
