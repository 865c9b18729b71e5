"""What nobody should type and somebody will."""

from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import words

_AROUND = (
    '"{}"',
    "-{}",
    "{}!!!",
    "*{}*",
    "({})",
    "{};",
    "\t{}\n",
    "~{}~2",
    "name:{}",
    "{} 🙂",
    "<b>{}</b>",
    "{}\u200b",
    "'{}",
    "+{}",
)

_GARBAGE = (
    "' OR 1=1 --", "\\", "AND OR NOT", "*", "?", "((((((", "a" * 500, "1 " * 100, "😀" * 20, "\u202eabc",
    "\x00", "%", "_", "[* TO *]", "{!func}", "name:", "identifier:[0 TO 9]", '"', "--", "ﬀ", "Ω",
    "日本語", "../../etc", ";DROP TABLE customers", "0" * 60, "@", "@@@@", "+", "+45", "00", ".", "  ",
    "\r\n", "e\u0301" * 50, "ß" * 100, "lars AND hansen OR", "^2", "a~", "/x/",
)  # fmt: skip


@question_class("hostile")
def punctuation_around(asker: Asker, person: Person) -> Question | None:
    """`"lars hansen"`, `-lars hansen`, `name:lars hansen`: the name is still there."""
    if not person.first:
        return None
    typed = asker.random.choice(_AROUND).format(person.spoken)
    return asker.ask(typed, person, asker.directory.names[tuple(words(person.spoken))])


@question_class("hostile")
def garbage(asker: Asker, person: Person) -> Question | None:
    """Query languages, one letter five hundred times, control characters: anything may be answered, nothing
    may break, and not slowly."""
    return Question(asker.random.choice(_GARBAGE), frozenset(), person.language, any_answer=True)
