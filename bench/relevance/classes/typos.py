"""Names mistyped: each kind of mistake, each place, each length of word."""

from bench.relevance.mistakes import KINDS, middle, mistype
from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import words


def _wrong_word(asker: Asker, typed: list[str], number: int, kind: str, place: int | None = None) -> bool:
    """Put one mistake into a word of the list (in the middle where no place is given); whether that
    worked."""
    word = typed[number]
    where = middle(word, asker.random) if place is None else place
    wrong = mistype(word, kind, where, asker.random) if len(word) > max(where, 2) else None
    if wrong is not None:
        typed[number] = wrong
    return wrong is not None


def _one_mistake(asker: Asker, person: Person, kind: str, place: int | None = None) -> Question | None:
    """First and last name with one mistake in either; asked where no other name is as near."""
    typed = words(person.spoken)
    if not person.first or not _wrong_word(asker, typed, asker.random.randrange(len(typed)), kind, place):
        return None
    return asker.ask(" ".join(typed), person, asker.directory.nearest(typed, 1))


@question_class("typo")
def typo_substituted(asker: Asker, person: Person) -> Question | None:
    """`lars hamsen`: a neighbouring key."""
    return _one_mistake(asker, person, "substituted")


@question_class("typo")
def typo_transposed(asker: Asker, person: Person) -> Question | None:
    """`lars hasnen`."""
    return _one_mistake(asker, person, "transposed")


@question_class("typo")
def typo_omitted(asker: Asker, person: Person) -> Question | None:
    """`lars hasen`."""
    return _one_mistake(asker, person, "omitted")


@question_class("typo")
def typo_doubled(asker: Asker, person: Person) -> Question | None:
    """`lars hannsen`."""
    return _one_mistake(asker, person, "doubled")


@question_class("typo")
def typo_at_end(asker: Asker, person: Person) -> Question | None:
    """`lars hansem`: the last letter of the last name."""
    if not person.first:
        return None
    typed = words(person.spoken)
    kind = asker.random.choice(("substituted", "doubled"))
    if not _wrong_word(asker, typed, -1, kind, len(typed[-1]) - 1):
        return None
    return asker.ask(" ".join(typed), person, asker.directory.nearest(typed, 1))


@question_class("typo first letter")
def first_letter_substituted(asker: Asker, person: Person) -> Question | None:
    """`lars jansen` for Hansen is another name; `lars gansen` is a mistake."""
    return _one_mistake(asker, person, "substituted", 0)


@question_class("typo first letter")
def first_letter_transposed(asker: Asker, person: Person) -> Question | None:
    """`lars ahnsen`."""
    return _one_mistake(asker, person, "transposed", 0)


@question_class("typo first letter")
def first_letter_omitted(asker: Asker, person: Person) -> Question | None:
    """`lars ansen`."""
    return _one_mistake(asker, person, "omitted", 0)


def _one_word(asker: Asker, person: Person, shortest: int, longest: int, mistakes: int) -> Question | None:
    """The last name alone."""
    typed = words(person.last)
    if len(typed) != 1 or not shortest <= len(typed[0]) <= longest:
        return None
    for _ in range(mistakes):
        if not _wrong_word(asker, typed, 0, asker.random.choice(KINDS)):
            return None
    return asker.ask(typed[0], person, asker.directory.nearest(typed, mistakes))


@question_class("typo length")
def typo_in_short_word(asker: Asker, person: Person) -> Question | None:
    """`liza hlm` for Liza Holm: the wrong word has three or four letters."""
    typed = words(person.spoken)
    short = [number for number, word in enumerate(typed) if len(word) in (3, 4)]
    if not person.first or not short:
        return None
    if not _wrong_word(asker, typed, asker.random.choice(short), asker.random.choice(KINDS)):
        return None
    return asker.ask(" ".join(typed), person, asker.directory.nearest(typed, 1))


@question_class("typo length")
def typo_in_medium_word(asker: Asker, person: Person) -> Question | None:
    """`lindem`: a last name of five to seven letters alone."""
    return _one_word(asker, person, 5, 7, 1)


@question_class("typo length")
def typo_in_long_word(asker: Asker, person: Person) -> Question | None:
    """`nørrebjreg`: a last name of eight letters or more alone."""
    return _one_word(asker, person, 8, 30, 1)


@question_class("typo twice")
def two_typos_in_long_word(asker: Asker, person: Person) -> Question | None:
    """`norrebjreg`: two mistakes in a last name of nine letters or more."""
    return _one_word(asker, person, 9, 30, 2)


@question_class("typo twice")
def two_mistyped_words(asker: Asker, person: Person) -> Question | None:
    """`lasr hamsen`: one mistake in the first and one in the last name."""
    typed = words(person.spoken)
    if not person.first or len(typed[0]) < 4 or len(typed[-1]) < 5:
        return None
    for number in (0, -1):
        if not _wrong_word(asker, typed, number, asker.random.choice(KINDS)):
            return None
    return asker.ask(" ".join(typed), person, asker.directory.nearest(typed, 2))


@question_class("typo twice")
def typo_and_unfinished(asker: Asker, person: Person) -> Question | None:
    """`lasr nørreb`: the first name is wrong and the last is still being typed."""
    if not person.first or person.middle or len(person.first) < 4 or len(person.last) < 7:
        return None
    typed = words(f"{person.first} {person.last}")
    if not _wrong_word(asker, typed, 0, asker.random.choice(KINDS)):
        return None
    typed[-1] = typed[-1][:-2]
    return asker.ask(" ".join(typed), person, asker.directory.nearest(typed, 1))
