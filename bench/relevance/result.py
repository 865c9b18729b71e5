"""What one engine scored in one world."""

from dataclasses import dataclass

from bench.relevance.finders import Finder
from bench.relevance.metrics import Answer, Score, ask, grouped, keystrokes, mean, milliseconds, score
from bench.relevance.people import people
from bench.relevance.question import CLASSES
from bench.relevance.world import World

_TYPED = 60  # people whose name is typed letter by letter


@dataclass(frozen=True, slots=True)
class Result:
    """Scores by class, by group of classes and by language; `overall` is the mean over the classes. p50, p95
    and p99 in milliseconds. `keystrokes` until the right one is among the first three, and as a share of the
    name."""

    engine: str
    classes: dict[str, Score]
    groups: dict[str, Score]
    languages: dict[str, Score]
    overall: Score
    p50: float
    p95: float
    p99: float
    keystrokes: float
    keystrokes_share: float
    answers: dict[str, list[Answer]]


def measure(engine: str, finder: Finder, world: World, seed: str, size: int) -> Result:
    """Load the people, ask everything."""
    finder.load(people(seed, size))
    finder.add(world.fresh)
    finder.find("warm up", 1)
    answers = {name: [ask(finder, question) for question in asked] for name, asked in world.asked.items()}
    typed, share = keystrokes(finder, world.directory, world.targets, seed, _TYPED)
    every = [answer for group in answers.values() for answer in group]
    classes = {name: score(found) for name, found in answers.items()}
    p50, p95, p99 = milliseconds(every)
    return Result(
        engine=engine,
        classes=classes,
        groups=_by_group(classes),
        languages=grouped((one for one in every if one.question.language), lambda one: one.question.language),
        overall=mean(classes.values()),
        p50=p50,
        p95=p95,
        p99=p99,
        keystrokes=typed,
        keystrokes_share=share,
        answers=answers,
    )


def _by_group(classes: dict[str, Score]) -> dict[str, Score]:
    groups: dict[str, list[Score]] = {}
    for name, one in classes.items():
        groups.setdefault(CLASSES[name].group, []).append(one)
    return {group: mean(scores) for group, scores in sorted(groups.items())}
