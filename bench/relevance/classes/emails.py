"""Email addresses, whole and in part."""

from bench.relevance.mistakes import KINDS, middle, mistype
from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import joined

_OTHER_PROVIDERS = ("gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "live.dk")


@question_class("email")
def email_whole(asker: Asker, person: Person) -> Question | None:
    """`anne.holm@mail.dk`, as it is or in capitals."""
    email = person.customer.email
    if email is None:
        return None
    typed = email.upper() if asker.random.random() < 0.2 else email
    return asker.ask(typed, person, asker.directory.by_email[email])


@question_class("email")
def email_local_part(asker: Asker, person: Person) -> Question | None:
    """`anne.holm42`: what stands before the @; of private people only (everybody has an info@)."""
    local = _local(person)
    return asker.ask(local, person, asker.directory.by_local[joined(local)]) if local else None


@question_class("email")
def email_joined(asker: Asker, person: Person) -> Question | None:
    """`anneholm42` for anne.holm42@."""
    local = _local(person)
    if not local or joined(local) == local:
        return None
    return asker.ask(joined(local), person, asker.directory.by_local[joined(local)])


@question_class("email")
def email_without_tag(asker: Asker, person: Person) -> Question | None:
    """`anne.holm@mail.dk` for anne.holm+shop@mail.dk; an anne.holm+kasse@mail.dk is right too."""
    email = person.customer.email
    if email is None or "+" not in email:
        return None
    bare, known = _untagged(email), asker.directory.by_email
    right = [n for mail, ns in known.items() if _untagged(mail) == bare for n in ns]
    return None if bare in known else asker.ask(bare, person, right)


@question_class("email")
def email_typo(asker: Asker, person: Person) -> Question | None:
    """One mistake in a long local part that nobody else's explains."""
    local = _local(person)
    if not local or len(local) < 8:
        return None
    typed = mistype(local, asker.random.choice(KINDS), middle(local, asker.random), asker.random)
    if typed is None or asker.directory.locals_near(joined(typed)) - {joined(local)}:
        return None
    domain = (person.customer.email or "").split("@")[1]
    return asker.ask(f"{typed}@{domain}", person, asker.directory.by_local[joined(local)])


@question_class("email")
def email_other_provider(asker: Asker, person: Person) -> Question | None:
    """`anne.holm42@gmail.com` for anne.holm42@mail.dk, where nobody has that address; everybody of that first
    part is right."""
    local = _local(person)
    if not local or local.isalpha():
        return None
    typed = f"{local}@{asker.random.choice(_OTHER_PROVIDERS)}"
    if typed in asker.directory.by_email:
        return None
    return asker.ask(typed, person, asker.directory.by_local[joined(local)])


@question_class("email")
def email_unfinished(asker: Asker, person: Person) -> Question | None:
    """`anne.holm42@gm`: still being typed."""
    email = person.customer.email
    if email is None or not _local(person):
        return None
    typed = email[: email.index("@") + asker.random.randrange(1, 4)]
    return asker.ask(
        typed,
        person,
        [n for mail, ns in asker.directory.by_email.items() if mail.startswith(typed) for n in ns],
    )


@question_class("email")
def email_of_company(asker: Asker, person: Person) -> Question | None:
    """`vinterbyg.dk`: the domain of a company, which nobody else has."""
    email = person.customer.email
    if email is None or not person.company:
        return None
    domain = email.split("@")[1]
    right = [n for mail, ns in asker.directory.by_email.items() if mail.endswith("@" + domain) for n in ns]
    return asker.ask(domain, person, right)


def _local(person: Person) -> str:
    """The local part without tag, empty for companies and where there is no address."""
    email = person.customer.email
    return "" if email is None or person.company else email.split("@")[0].split("+")[0]


def _untagged(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local.partition('+')[0]}@{domain}"
