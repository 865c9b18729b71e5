"""Who there is, whom the questions are about, and the questions."""

from dataclasses import dataclass

import bench.relevance.classes  # noqa: F401  (registers the classes)
from bench.relevance.classes.fresh import GROUP as FRESH
from bench.relevance.directory import Directory
from bench.relevance.people import Person, fresh_people, people
from bench.relevance.question import CLASSES, Question, questions

TARGETS = 10_000  # questions are about the first people only, who are the same at every size


@dataclass(frozen=True, slots=True)
class World:
    """The directory of all people, those of them that are asked about, those to be added late, and the
    questions of each class."""

    directory: Directory
    targets: list[Person]
    fresh: list[Person]
    asked: dict[str, list[Question]]


def make_world(seed: str, size: int, classes: list[str], count: int) -> World:
    """Make the people and `count` questions of each class. A question stays the same from size to size,
    unless among more people its term fits somebody else better: then another is asked instead."""
    directory, targets, fresh = Directory(), [], fresh_people(seed)
    for number, person in enumerate(people(seed, size)):
        directory.add(person)
        if number < TARGETS:
            targets.append(person)
    for person in fresh:
        directory.add(person)
    directory.finish()
    asked = {}
    for name in classes:
        about = fresh if CLASSES[name].group == FRESH else targets
        asked[name] = questions(CLASSES[name], directory, about, count, seed)
    return World(directory, targets, fresh, {name: found for name, found in asked.items() if found})
