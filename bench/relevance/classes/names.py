"""Names without mistakes: whole, in part, shortened."""

from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import words


def _same_name(asker: Asker, person: Person, typed: str) -> Question | None:
    return asker.ask(typed, person, asker.directory.names[tuple(words(person.spoken))])


@question_class("name")
def name_exact(asker: Asker, person: Person) -> Question | None:
    """`Lars Hansen`: everybody who is called so."""
    return _same_name(asker, person, person.spoken) if person.first else None


@question_class("name")
def name_other_case(asker: Asker, person: Person) -> Question | None:
    """`LARS  hansen `: capitals and spaces do not matter."""
    if not person.first:
        return None
    typed = asker.random.choice((person.spoken.upper(), person.spoken.lower().replace(" ", "  ") + " "))
    return _same_name(asker, person, typed)


@question_class("name")
def name_reversed(asker: Asker, person: Person) -> Question | None:
    """`hansen lars`, `Hansen, Lars`."""
    if not person.first:
        return None
    comma = asker.random.choice(("", ","))
    return _same_name(asker, person, f"{person.last}{comma} {person.first} {person.middle}".strip())


@question_class("name")
def name_first_only(asker: Asker, person: Person) -> Question | None:
    """`Lars`: everybody who is called that; `Stefan` is a Ştefan too."""
    if not person.first:
        return None
    return asker.ask(person.first, person, asker.directory.nearest(words(person.first), 0))


@question_class("name")
def name_last_only(asker: Asker, person: Person) -> Question | None:
    """`nørrebjerg`: a last name of at most five people."""
    right = asker.directory.containing(words(person.last)) if person.last else set()
    return asker.ask(person.last.lower(), person, right) if 0 < len(right) <= 5 else None


@question_class("name")
def name_middle_omitted(asker: Asker, person: Person) -> Question | None:
    """`lars hansen` for Lars Bo Hansen, where nobody is called just Lars Hansen."""
    if not person.middle:
        return None
    typed = f"{person.first} {person.last}".lower()
    return asker.ask(typed, person, asker.directory.nearest(words(typed), 0))


@question_class("name")
def name_middle_initial(asker: Asker, person: Person) -> Question | None:
    """`lars b hansen` for Lars Bo Hansen."""
    if not person.middle:
        return None
    dot = asker.random.choice(("", "."))
    typed = f"{person.first} {person.middle[0]}{dot} {person.last}".lower()
    return asker.ask(typed, person, asker.directory.beginning(words(typed)))


@question_class("unfinished")
def name_unfinished(asker: Asker, person: Person) -> Question | None:
    """`lars nørreb`: the last word is still being typed."""
    if not person.first or len(person.last) < 5:
        return None
    typed = f"{person.first} {person.last[: asker.random.randrange(3, len(person.last))]}".lower()
    return asker.ask(typed, person, asker.directory.beginning(words(typed)))


@question_class("unfinished")
def name_beginnings(asker: Asker, person: Person) -> Question | None:
    """`la han`: two or three letters of both names; whoever begins so is right."""
    return _beginnings(asker, person, asker.random.choice((2, 3)), asker.random.choice((3, 4)))


@question_class("unfinished")
def name_beginnings_reversed(asker: Asker, person: Person) -> Question | None:
    """`han la`."""
    if not person.first:
        return None
    typed = words(f"{person.last[:3]} {person.first[:2]}")
    return asker.ask(" ".join(typed), person, asker.directory.beginning(typed))


@question_class("unfinished")
def initial_and_last(asker: Asker, person: Person) -> Question | None:
    """`l hansen`, `L. Hansen`."""
    if not person.first:
        return None
    dot = asker.random.choice(("", "."))
    typed = f"{person.first[0]}{dot} {person.last}".lower()
    return asker.ask(typed, person, asker.directory.beginning(words(typed)))


@question_class("unfinished")
def first_and_initial(asker: Asker, person: Person) -> Question | None:
    """`lars h`."""
    if not person.first:
        return None
    typed = f"{person.first} {words(person.last)[-1][0]}".lower()
    return asker.ask(typed, person, asker.directory.beginning(words(typed)))


def _beginnings(asker: Asker, person: Person, first: int, last: int) -> Question | None:
    if not person.first:
        return None
    typed = words(f"{person.first[:first]} {person.last[:last]}")
    return asker.ask(" ".join(typed), person, asker.directory.beginning(typed))
