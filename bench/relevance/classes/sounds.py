"""Names written as they sound."""

import re

from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import words

_Rules = tuple[tuple[str, str], ...]


def _sounding(asker: Asker, person: Person, rules: _Rules) -> Question | None:
    """The name with one pattern of letters written like another that sounds the same; asked where no other
    name is nearer to it."""
    name = person.spoken.lower()
    found = [(pattern, other) for pattern, other in rules if re.search(pattern, name)]
    if not person.first or not found:
        return None
    pattern, other = asker.random.choice(found)
    typed = words(re.sub(pattern, other, name, count=1))
    return asker.ask(" ".join(typed), person, asker.directory.nearest(typed, 2))


@question_class("sound")
def sound_k(asker: Asker, person: Person) -> Question | None:
    """Carsten, Karsten; Christensen, Kristensen; Erik, Eric; Lindqvist, Lindkvist."""
    rules = (
        ("ch", "k"), ("kr", "chr"), ("ca", "ka"), ("ka", "ca"), ("ck", "k"), ("co", "ko"), (r"ik\b", "ic"),
             ("kvist", "qvist"), ("qvist", "kvist"), ("cl", "kl"), ("kl", "cl"), ("x", "ks"),
    )  # fmt: skip
    return _sounding(asker, person, rules)


@question_class("sound")
def sound_f(asker: Asker, person: Person) -> Question | None:
    """Philip, Filip; Sophie, Sofie; Stefan, Stephan."""
    return _sounding(
        asker,
        person,
        (("ph", "f"), ("stef", "steph"), ("sof", "soph"), (r"\bfil", "phil"), ("olf", "olph"), ("ff", "f")),
    )


@question_class("sound")
def sound_v(asker: Asker, person: Person) -> Question | None:
    """Wagner, Vagner; Vilhelm, Wilhelm; Lars Hvid, Vid."""
    return _sounding(asker, person, (("w", "v"), ("v", "w"), ("hv", "v")))


@question_class("sound")
def sound_t(asker: Asker, person: Person) -> Question | None:
    """Thomas, Tomas; Mathias, Mattias; Schmidt, Schmitt."""
    return _sounding(
        asker, person, (("th", "t"), ("tt", "t"), ("dt", "tt"), (r"\bte", "the"), (r"\bto", "tho"))
    )


@question_class("sound")
def sound_i(asker: Asker, person: Person) -> Question | None:
    """Kirsten, Kyrsten; Henry, Henri; Sofie, Sofy."""
    return _sounding(asker, person, (("y", "i"), ("ie", "y"), ("i", "y")))


@question_class("sound")
def sound_meyer(asker: Asker, person: Person) -> Question | None:
    """Meyer, Meier, Maier, Mayer; Heinz, Hainz; Reinhardt."""
    pairs = ("ei", "ey", "ai", "ay")
    return _sounding(asker, person, tuple((one, other) for one in pairs for other in pairs if one != other))


@question_class("sound")
def sound_doubled(asker: Asker, person: Person) -> Question | None:
    """Hansen, Hanssen; Olsen, Ohlsen; Phillip, Philip; Anne, Ane."""
    rules = (
        ("nn", "n"), ("ll", "l"), ("ss", "s"), ("mm", "m"), ("rr", "r"), ("pp", "p"), ("nse", "nsse"),
        ("ahl", "al"), ("dal", "dahl"), ("lm", "llm"), ("oh", "o"), ("gaard", "gard"), ("kjær", "kær"),
        ("kær", "kjær"),
    )  # fmt: skip
    return _sounding(asker, person, rules)
