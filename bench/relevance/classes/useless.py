"""A word that helps nobody, or two: the customer's title, what he buys, a slip of the tongue."""

from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import words

# None of these is in the notes that the made-up people have.
_WORDS = (
    "kunde",
    "hr",
    "fru",
    "customer",
    "frau",
    "xyzzy",
    "konto",
    "herr",
    "qwx",
    "kvittering",
    "zzz",
    "mrs",
)


def _with_useless(asker: Asker, person: Person, place: int) -> Question | None:
    """Asked with words that begin nobody's name."""
    name = person.spoken.lower().split(" ")
    useless = asker.random.choice(_WORDS)
    if not person.first or len(name) < 2 or asker.directory.beginning([useless]):
        return None
    right = asker.directory.names[tuple(words(person.spoken))]
    return asker.ask(" ".join([*name[:place], useless, *name[place:]]), person, right)


@question_class("useless word")
def useless_first(asker: Asker, person: Person) -> Question | None:
    """`kunde lars hansen`."""
    return _with_useless(asker, person, 0)


@question_class("useless word")
def useless_middle(asker: Asker, person: Person) -> Question | None:
    """`lars xyzzy hansen`."""
    return _with_useless(asker, person, 1)


@question_class("useless word")
def useless_last(asker: Asker, person: Person) -> Question | None:
    """`lars hansen konto`."""
    return _with_useless(asker, person, len(person.spoken.split(" ")))


@question_class("useless word")
def useless_and_last_name(asker: Asker, person: Person) -> Question | None:
    """`hr hansen`, `frau weber`: everybody of that last name is right."""
    useless = asker.random.choice(_WORDS)
    if not person.last or asker.directory.beginning([useless]):
        return None
    return asker.ask(
        f"{useless} {person.last}".lower(), person, asker.directory.containing(words(person.last))
    )


@question_class("useless word")
def useless_around(asker: Asker, person: Person) -> Question | None:
    """`qwx lars hansen zzz`: two words that nobody has, neither of them on a list."""
    name = person.spoken.lower()
    if (
        not person.first
        or " " not in name
        or asker.directory.beginning(["qwx"])
        or asker.directory.beginning(["zzz"])
    ):
        return None
    return asker.ask(f"qwx {name} zzz", person, asker.directory.names[tuple(words(person.spoken))])


@question_class("useless word")
def unknown_middle_name(asker: Asker, person: Person) -> Question | None:
    """`lars holm hansen` of a Lars Hansen, where no name has all three words or nearly."""
    other = asker.random.choice(list(asker.directory.having_word)) if person.first else ""
    if not person.last or person.middle or len(other) < 4 or " " in person.last:
        return None
    typed = [*words(person.first), other, *words(person.last)]
    if asker.directory.nearest(typed, 2):
        return None
    right = asker.directory.names[tuple(words(person.spoken))]
    return asker.ask(f"{person.first} {other} {person.last}".lower(), person, right)
