"""Letters that another keyboard does not have, written in another way."""

from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import words


def _respelled(asker: Asker, person: Person, ways: dict[str, tuple[str, ...]]) -> Question | None:
    """The name with every one of these letters written in one other way; asked where that is not how somebody
    else's name is really written."""
    name = person.spoken.lower()
    found = [letters for letters in ways if letters in name]
    if not person.first or not found:
        return None
    letters = asker.random.choice(found)
    typed = name.replace(letters, asker.random.choice(ways[letters]))
    return asker.ask(typed, person, asker.directory.nearest(words(typed), 1))


@question_class("letters")
def letter_o(asker: Asker, person: Person) -> Question | None:
    """`soren`, `soeren`, `sören` for Søren; `bjorn`, `bjoern`, `bjørn` for Björn."""
    return _respelled(asker, person, {"ø": ("o", "oe", "ö"), "ö": ("o", "oe", "ø")})


@question_class("letters")
def letter_ae(asker: Asker, person: Person) -> Question | None:
    """`baek`, `bäk` for Bæk; `haeg`, `hag`, `hæg` for Häg."""
    return _respelled(asker, person, {"æ": ("ae", "ä"), "ä": ("ae", "a", "æ")})


@question_class("letters")
def letter_aa(asker: Asker, person: Person) -> Question | None:
    """`ase`, `aase` for Åse; `gård` for Gaard."""
    return _respelled(asker, person, {"å": ("a", "aa"), "aa": ("å",)})


@question_class("letters")
def letter_ue(asker: Asker, person: Person) -> Question | None:
    """`muller`, `mueller` for Müller."""
    return _respelled(asker, person, {"ü": ("u", "ue")})


@question_class("letters")
def letter_ss(asker: Asker, person: Person) -> Question | None:
    """`weiss` for Weiß; `großmann` for Grossmann."""
    return _respelled(
        asker, person, {"ß": ("ss",), "ss": ("ß",)} if person.language == "de" else {"ß": ("ss",)}
    )


@question_class("letters")
def letter_written_out_on_file(asker: Asker, person: Person) -> Question | None:
    """The other way round: `møller` for a Moeller on file, `jäger` for a Jaeger. Last names only: Joel is no
    Jøl."""
    ways = {"oe": ("ø", "ö"), "ae": ("æ", "ä"), "ue": ("ü",)}
    found = [letters for letters in ways if letters in person.last.lower()]
    if not found or person.language not in ("da", "no", "sv", "de"):
        return None
    last = person.last.lower().replace(found[0], asker.random.choice(ways[found[0]]))
    typed = words(f"{person.first} {person.middle} {last}")
    return asker.ask(" ".join(typed), person, asker.directory.nearest(typed, 1))


@question_class("letters")
def letters_of_others(asker: Asker, person: Person) -> Question | None:
    """`lukasz wojcik`, `jose garcia`, `thor gudmundsson`: accents and letters of other languages left out."""
    ways = {
        letter: (typed,)
        for letter, typed in zip("łıéèíóąęśńñçğşýïôëêřžćăþ", "lieeioaesnncgsyioeerzcat", strict=True)
    }
    ways["þ"] = ("th",)
    name = person.spoken.lower()
    if not person.first or not any(letter in name for letter in ways):
        return None
    typed = "".join(ways.get(letter, (letter,))[0] for letter in name)
    return asker.ask(typed, person, asker.directory.nearest(words(typed), 1))
