"""Terms that mean nobody: the right answer is none."""

from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import joined

_NOBODY: frozenset[str] = frozenset()


@question_class("nobody")
def nobody_gibberish(asker: Asker, person: Person) -> Question | None:
    """`qzxwvk pfjgh`: no word is like anybody's."""
    typed = [
        "".join(asker.random.choices("bcdfghjklmnpqrstvwxz", k=asker.random.randrange(5, 9)))
        for _ in range(2)
    ]
    known = any(asker.directory.near_word(word, 2) for word in typed)
    return None if known else Question(" ".join(typed), _NOBODY, person.language)


@question_class("nobody")
def nobody_name(asker: Asker, person: Person) -> Question | None:
    """A name that could be somebody's, of which no word is like anybody's here."""
    heads, tails = (
        ("abro", "ekvi", "ulfu", "omri", "zand", "vyx", "quil"),
        ("thas", "mundo", "wenzi", "pekka", "rijke"),
    )
    typed = [asker.random.choice(heads) + asker.random.choice(tails) for _ in range(2)]
    known = any(asker.directory.near_word(word, 2) for word in typed)
    return None if known else Question(" ".join(typed), _NOBODY, person.language)


@question_class("nobody")
def nobody_phone(asker: Asker, person: Person) -> Question | None:
    """An eight-digit number that is neither anybody's nor one digit away, nor part of an identifier."""
    number = str(asker.random.randrange(20_000_000, 99_999_999))
    directory = asker.directory
    if (
        directory.phones_one_wrong(number)
        or directory.identifiers_beginning(number)
        or number in directory.by_organization
    ):
        return None
    return Question(number, _NOBODY, person.language)


@question_class("nobody")
def nobody_identifier(asker: Asker, person: Person) -> Question | None:
    """`C-9910023`: a number beyond the last."""
    return Question(f"C-99{asker.random.randrange(10_000, 99_999)}", _NOBODY, person.language)


@question_class("nobody")
def nobody_email(asker: Asker, person: Person) -> Question | None:
    """An address of a domain that people have, with a local part unlike anybody's."""
    local = "".join(asker.random.choices("bcdfghjklmnpqrstvwxz", k=9))
    domain = (person.customer.email or "").partition("@")[2]
    if not domain or person.company or asker.directory.locals_near(joined(local)):
        return None
    return Question(f"{local}@{domain}", _NOBODY, person.language)
