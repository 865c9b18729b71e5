"""What became of the questions: who was found at which rank, and how quickly."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean, quantiles
from time import perf_counter

from bench.relevance.directory import Directory
from bench.relevance.finders import Finder
from bench.relevance.people import Person
from bench.relevance.question import Question
from bench.relevance.spelling import words

LIMIT = 10  # what is asked of every engine


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine said to a question (identifiers, best first), and in how many seconds. `failed` is the
    kind of the exception where it raised one."""

    question: Question
    found: list[str]
    seconds: float
    failed: str = ""

    @property
    def rank(self) -> int | None:
        """At which place, from 1, the first right customer stands; None where there is none. Where nobody is
        meant an empty answer is right at once, and everything else wrong."""
        if self.failed:
            return None
        if self.question.any_answer or not (self.question.right or self.found):
            return 1
        ranks = (rank for rank, identifier in enumerate(self.found, 1) if identifier in self.question.right)
        return next(ranks, None)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of the questions whose right customer came first, or among the first three, and the mean of
    1/rank. `failures` raised an exception."""

    asked: int
    first: float
    top_three: float
    reciprocal_rank: float
    failures: int


def ask(finder: Finder, question: Question) -> Answer:
    """Ask an engine, with the clock running. An exception is an answer too: the benchmark goes on and counts
    it."""
    start = perf_counter()
    try:
        found = finder.find(question.text, LIMIT)
    except Exception as error:  # whatever an engine raises, it has not answered
        return Answer(question, [], perf_counter() - start, failed=type(error).__name__)
    return Answer(question, found, perf_counter() - start)


def score(answers: Sequence[Answer]) -> Score:
    """The score of at least one answer."""
    ranks = [answer.rank for answer in answers]
    return Score(
        asked=len(ranks),
        first=fmean(rank == 1 for rank in ranks),
        top_three=fmean(rank is not None and rank <= 3 for rank in ranks),
        reciprocal_rank=fmean(1 / rank if rank else 0.0 for rank in ranks),
        failures=sum(bool(answer.failed) for answer in answers),
    )


def mean(scores: Iterable[Score]) -> Score:
    """The mean over classes, each counting the same however many questions it has."""
    every = list(scores)
    return Score(
        asked=sum(one.asked for one in every),
        first=fmean(one.first for one in every),
        top_three=fmean(one.top_three for one in every),
        reciprocal_rank=fmean(one.reciprocal_rank for one in every),
        failures=sum(one.failures for one in every),
    )


def grouped(answers: Iterable[Answer], key: Callable[[Answer], str]) -> dict[str, Score]:
    """A score for every value of `key`."""
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(key(answer), []).append(answer)
    return {name: score(members) for name, members in groups.items()}


def milliseconds(answers: Sequence[Answer]) -> tuple[float, float, float]:
    """p50, p95 and p99 of the time of at least two answers."""
    cuts = quantiles((answer.seconds * 1000 for answer in answers), n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def keystrokes(
    finder: Finder, directory: Directory, targets: list[Person], seed: str, count: int
) -> tuple[float, float]:
    """How many characters of a name must be typed, from the second on, until somebody of that name is among
    the first three: the mean over `count` people, and as a share of the whole name. Who never comes counts
    as one more character than the name has."""
    random = Random(f"{seed} keystrokes")
    chosen = random.sample([person for person in targets if person.first], count)
    needed = [_needed(finder, directory, person) for person in chosen]
    return fmean(needed), fmean(n / len(person.spoken) for n, person in zip(needed, chosen, strict=True))


def _needed(finder: Finder, directory: Directory, person: Person) -> int:
    right = directory.right(directory.names[tuple(words(person.spoken))])
    typed = person.spoken.lower()
    for length in range(2, len(typed) + 1):
        if right.intersection(finder.find(typed[:length], 3)):
            return length
    return len(typed) + 1
