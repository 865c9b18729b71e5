"""A question of the benchmark, and the register of the classes of questions."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bench.relevance.directory import Directory
from bench.relevance.people import Person


@dataclass(frozen=True, slots=True)
class Question:
    """What the cashier types, and the identifiers of which one must come first. No right ones: nobody is
    meant, and the answer must be empty. `any_answer`: nothing is right or wrong, it must only be
    answered."""

    text: str
    right: frozenset[str]
    language: str = ""
    any_answer: bool = False


@dataclass(frozen=True, slots=True)
class Asker:
    """What a class makes questions from: who there is, and chance."""

    directory: Directory
    random: Random

    def ask(self, text: str, person: Person, numbers: set[int] | list[int]) -> Question | None:
        """A question to which these people are right, or None where `person`, whom it was made from, is not
        one of them: then the term fits somebody else better."""
        right = self.directory.right(numbers)
        return Question(text, right, person.language) if person.customer.identifier in right else None


Make = Callable[[Asker, Person], Question | None]


@dataclass(frozen=True, slots=True)
class QuestionClass:
    """A named kind of question. `group` collects classes that test the same thing. `make` answers None for a
    person of whom it cannot be asked."""

    name: str
    group: str
    make: Make


CLASSES: dict[str, QuestionClass] = {}


def question_class(group: str) -> Callable[[Make], Make]:
    """Registers a function as a class of questions; its name, with hyphens, is the class's."""

    def register(make: Make) -> Make:
        name = make.__name__.replace("_", "-")
        CLASSES[name] = QuestionClass(name, group, make)
        return make

    return register


def questions(
    asked: QuestionClass, directory: Directory, targets: list[Person], count: int, seed: str
) -> list[Question]:
    """`count` questions of a class (fewer where the class suits hardly anybody), the same for the same seed
    and targets. The class's name is part of the seed, so that adding a class changes no other. No term is
    asked twice."""
    asker = Asker(directory, Random(f"{seed} {asked.name}"))
    found: dict[str, Question] = {}
    for _ in range(min(count * 300, len(targets) * 20)):
        question = asked.make(asker, asker.random.choice(targets))
        if question is not None:
            found.setdefault(question.text, question)
        if len(found) == count:
            break
    return list(found.values())
