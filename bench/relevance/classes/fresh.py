"""A record that was added a moment ago, found by its first letters. Asked of the fresh people only."""

from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import words

GROUP = "fresh"


def _first_letters(asker: Asker, person: Person, count: int) -> Question | None:
    word = asker.random.choice(words(person.spoken))
    return asker.ask(word[:count], person, asker.directory.beginning([word[:count]]))


@question_class(GROUP)
def fresh_two_letters(asker: Asker, person: Person) -> Question | None:
    """`xh`."""
    return _first_letters(asker, person, 2)


@question_class(GROUP)
def fresh_three_letters(asker: Asker, person: Person) -> Question | None:
    """`qvo`."""
    return _first_letters(asker, person, 3)


@question_class(GROUP)
def fresh_five_letters(asker: Asker, person: Person) -> Question | None:
    """`qvort`."""
    return _first_letters(asker, person, 5)
