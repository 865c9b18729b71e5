"""Results as Markdown tables, and failures as a list to learn from."""

from collections.abc import Callable, Iterable, Sequence

from bench.relevance.metrics import Answer, Score
from bench.relevance.people import Person
from bench.relevance.result import Result
from customers.customer import Customer


def table(results: Sequence[Result]) -> str:
    """Share of right ones first / among the first three, a column for each engine."""
    heading = ["class", "questions", *(result.engine for result in results)]
    lines = [heading, ["---", *["---:"] * (len(heading) - 1)]]
    lines += _rows(results, lambda result: result.classes)
    lines += [["**group**", *[""] * (len(heading) - 1)], *_rows(results, lambda result: result.groups)]
    lines += [["**language**", *[""] * (len(heading) - 1)], *_rows(results, lambda result: result.languages)]
    lines += _summary(results)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _rows(results: Sequence[Result], scores: Callable[[Result], dict[str, Score]]) -> Iterable[list[str]]:
    for name in scores(results[0]):
        shown = [_shown(scores(result)[name]) for result in results]
        yield [name, str(scores(results[0])[name].asked), *shown]


def _shown(score: Score) -> str:
    failures = f" ({score.failures} failed)" if score.failures else ""
    return f"{score.first:.2f} / {score.top_three:.2f}{failures}"


def _summary(results: Sequence[Result]) -> list[list[str]]:
    return [
        [
            "**mean over classes**",
            "",
            *(f"**{r.overall.first:.3f} / {r.overall.top_three:.3f}**" for r in results),
        ],
        ["mean reciprocal rank", "", *(f"{r.overall.reciprocal_rank:.3f}" for r in results)],
        [
            "keystrokes (share of the name)",
            "",
            *(f"{r.keystrokes:.1f} ({r.keystrokes_share:.2f})" for r in results),
        ],
        ["p50 / p95 / p99 ms", "", *(f"{r.p50:.1f} / {r.p95:.1f} / {r.p99:.1f}" for r in results)],
    ]


def failures(results: Sequence[Result], everybody: Iterable[Person], count: int) -> str:
    """At most `count` failures of each class and engine: the term, who is right, and who came instead."""
    wrong = [(result.engine, name, found[:count]) for result in results for name, found in _wrong(result)]
    wanted = {identifier for _, _, found in wrong for answer in found for identifier in _mentioned(answer)}
    known = {
        person.customer.identifier: person.customer
        for person in everybody
        if person.customer.identifier in wanted
    }
    return "\n".join(
        f"\n{engine}: {name}\n" + "\n".join(_told(answer, known) for answer in found)
        for engine, name, found in wrong
    )


def _wrong(result: Result) -> Iterable[tuple[str, list[Answer]]]:
    for name, answers in result.answers.items():
        found = [answer for answer in answers if answer.rank != 1]
        if found:
            yield name, found


def _mentioned(answer: Answer) -> list[str]:
    return [*sorted(answer.question.right)[:1], *answer.found[:2]]


def _told(answer: Answer, known: dict[str, Customer]) -> str:
    right = sorted(answer.question.right)[:1]
    meant = _described(known[right[0]]) if right else "nobody"
    came = (
        "; ".join(_described(known[identifier]) for identifier in answer.found[:2])
        or answer.failed
        or "nobody"
    )
    return f"  `{answer.question.text}` rank {answer.rank}\n    meant: {meant}\n    came:  {came}"


def _described(customer: Customer) -> str:
    fields = "identifier name phone email street postal_code city organization_number additional_info"
    parts = (getattr(customer, field) for field in fields.split())
    return ", ".join(part for part in parts if part)
