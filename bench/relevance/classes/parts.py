"""Where a name is divided: spaces, hyphens, apostrophes, particles."""

from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import joined, words

_PARTICLES = {
    "van",
    "von",
    "de",
    "der",
    "den",
    "ter",
    "ten",
    "te",
    "het",
    "op",
    "la",
    "el",
    "al",
    "zu",
    "af",
    "'t",
    "'s",
}


def _same_letters(asker: Asker, person: Person, typed: str) -> Question | None:
    """Right is everybody whose name has the same letters, however divided."""
    return asker.ask(typed, person, asker.directory.named_joined[joined(person.spoken)])


@question_class("divided")
def space_missing(asker: Asker, person: Person) -> Question | None:
    """`larshansen`."""
    if not person.first or person.middle:
        return None
    return _same_letters(asker, person, f"{person.first}{person.last}".lower())


@question_class("divided")
def space_extra(asker: Asker, person: Person) -> Question | None:
    """`lars nørre bjerg`, `la rs hansen`: a space somewhere in the longest word."""
    typed = words(person.spoken)
    longest = max(typed, key=len)
    if not person.first or len(longest) < 6:
        return None
    place = asker.random.randrange(3, len(longest) - 2)
    typed[typed.index(longest)] = f"{longest[:place]} {longest[place:]}"
    return _same_letters(asker, person, " ".join(typed))


@question_class("divided")
def hyphen_missing(asker: Asker, person: Person) -> Question | None:
    """`anne marie holm` or `annemarie holm` for Anne-Marie Holm."""
    if "-" not in person.first + person.last:
        return None
    return _same_letters(asker, person, person.spoken.lower().replace("-", asker.random.choice((" ", ""))))


@question_class("divided")
def hyphen_extra(asker: Asker, person: Person) -> Question | None:
    """`holm-hansen` for a middle and a last name, `lars-hansen`."""
    if not person.first or "-" in person.spoken:
        return None
    return _same_letters(asker, person, person.spoken.lower().replace(" ", "-", 1))


@question_class("divided")
def apostrophe(asker: Asker, person: Person) -> Question | None:
    """`obrien`, `o brien`, `o’brien` for O'Brien; with the first name."""
    if "'" not in person.last:
        return None
    return _same_letters(
        asker, person, person.spoken.lower().replace("'", asker.random.choice(("", " ", "’", "´")))
    )


@question_class("divided")
def particle_joined(asker: Asker, person: Person) -> Question | None:
    """`pieter vandenberg` for van den Berg."""
    parts = person.last.lower().split(" ")
    if parts[0] not in _PARTICLES or person.middle:
        return None
    return _same_letters(asker, person, f"{person.first} {''.join(parts)}".lower())


@question_class("divided")
def particle_left_out(asker: Asker, person: Person) -> Question | None:
    """`pieter berg` for Pieter van den Berg, where nobody is called just Pieter Berg."""
    parts = person.last.lower().split(" ")
    rest = [part for part in parts if part not in _PARTICLES]
    if not person.first or person.middle or len(parts) == len(rest) or not rest:
        return None
    typed = words(f"{person.first} {' '.join(rest)}")
    return asker.ask(" ".join(typed), person, asker.directory.nearest(typed, 0))
