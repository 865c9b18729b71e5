"""Companies: registration numbers and names."""

from bench.relevance.mistakes import KINDS, middle, mistype, with_wrong_digit
from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import digits, joined, words


@question_class("organization")
def organization_digits(asker: Asker, person: Person) -> Question | None:
    """`12345678`, whatever stands in the database; numbers that are somebody's telephone are not asked."""
    return _number(asker, person, "{}")


@question_class("organization")
def organization_with_country(asker: Asker, person: Person) -> Question | None:
    """`DK12345678`, `dk 12345678`."""
    country = person.customer.country_code or ""
    return _number(asker, person, asker.random.choice((country.upper() + "{}", country + " {}")))


@question_class("organization")
def organization_spaced(asker: Asker, person: Person) -> Question | None:
    """`12 34 56 78`, `123 456 789`."""
    number = digits(person.customer.organization_number or "")
    size = 2 if len(number) % 3 else 3
    groups = [number[start : start + size] for start in range(0, len(number), size)]
    return _number(asker, person, " ".join(groups))


@question_class("organization")
def organization_wrong_digit(asker: Asker, person: Person) -> Question | None:
    """`12345678` with a digit wrong, which nobody else's number explains."""
    if person.customer.organization_number is None:
        return None
    number, directory = digits(person.customer.organization_number), asker.directory
    typed = with_wrong_digit(number, 0, asker.random)
    right = directory.by_organization[number]
    if directory.organizations_one_wrong(typed) - set(right) or directory.phones_one_wrong(typed):
        return None
    return None if directory.phones_beginning_or_ending(typed) else asker.ask(typed, person, right)


def _number(asker: Asker, person: Person, form: str) -> Question | None:
    if person.customer.organization_number is None:
        return None
    number = digits(person.customer.organization_number)
    if asker.directory.phones_beginning_or_ending(number):
        return None
    return asker.ask(form.format(number), person, asker.directory.by_organization[number])


@question_class("company")
def company_exact(asker: Asker, person: Person) -> Question | None:
    """`Vinter Byg ApS`."""
    return _called(asker, person, f"{person.company} {person.legal_form}") if _has_form(person) else None


@question_class("company")
def company_without_form(asker: Asker, person: Person) -> Question | None:
    """`vinter byg`. Of a company called by one word, people of that last name are right too."""
    name = words(person.company)
    if len(name) != 1:
        return _called(asker, person, person.company.lower())
    return asker.ask(person.company.lower(), person, asker.directory.containing(name))


@question_class("company")
def company_other_form(asker: Asker, person: Person) -> Question | None:
    """`vinter byg as` for A/S, `aps` for ApS: the form without its punctuation, in front or behind."""
    if not _has_form(person):
        return None
    form = joined(person.legal_form)
    if form == person.legal_form.lower() and asker.random.random() < 0.5:
        return _called(asker, person, f"{form} {person.company.lower()}")
    return _called(asker, person, f"{person.company.lower()} {form}")


@question_class("company")
def company_joined(asker: Asker, person: Person) -> Question | None:
    """`vinterbyg`."""
    if " " not in person.company:
        return None
    return asker.ask(joined(person.company), person, asker.directory.named_joined[joined(person.company)])


@question_class("company")
def company_typo(asker: Asker, person: Person) -> Question | None:
    """One mistake in the longest word."""
    typed = words(person.company)
    longest = max(typed, key=len, default="")
    if len(longest) < 6:
        return None
    wrong = mistype(longest, asker.random.choice(KINDS), middle(longest, asker.random), asker.random)
    if wrong is None:
        return None
    typed[typed.index(longest)] = wrong
    return asker.ask(" ".join(typed), person, asker.directory.nearest(typed, 1))


def _called(asker: Asker, person: Person, typed: str) -> Question | None:
    if not person.company:
        return None
    return asker.ask(typed, person, asker.directory.names[tuple(words(person.company))])


def _has_form(person: Person) -> bool:
    """Whether the legal form stands in the database: some merchants leave it out."""
    return bool(person.company) and (person.customer.name or "").endswith(person.legal_form)
