"""The ways to read a term as the ranking holds them against candidates, and what each costs."""

from dataclasses import replace

from customers.evidence import Probe
from customers.reading import Reading
from customers.term import LONGEST_TERM, Term, Word, WordKind

# A space that was typed inside a word is a mistake, though a small one.
SPACE_TOO_MANY = 0.02
# Of three or more numbers each is something else: less likely than a phone with a digit wrong.
NUMBERS_APART = 0.4
# A hyphen that was typed for the dot of an email is a smaller one.
OTHER_MARKS = 0.004
# Behind a name what seems a useless word may be a city: more than whoever lives there loses by it.
USELESS_LAST = 0.01
# The first part of an email at another provider may be somebody else's: doubtful, and less likely than an
# email with one letter wrong.
OTHER_PROVIDER = 0.46
# Where the words fit so well as they were typed, none of them has a space too many.
GOOD = 0.9


def readings_of(term: Term) -> list[Reading]:
    """The likeliest first."""
    probes = _Probes(term)
    readings = [
        Reading.of(probes.of(words), _mistake(words, term), 1.0, is_shortened=_is_shortened(words, term))
        for words in term.readings
    ]
    for words in term.joined:
        is_shortened = _is_shortened(words, term)
        mistake = SPACE_TOO_MANY + USELESS_LAST * is_shortened
        readings.append(Reading.of(probes.of(words), mistake, GOOD, is_shortened=is_shortened))
    readings += [Reading.of(probes.of(words), OTHER_PROVIDER, 1.0) for words in term.elsewhere]
    return readings


class _Probes:
    """The same word in two readings is the same probe, where it stands as it does there."""

    def __init__(self, term: Term) -> None:
        self._settings = term.settings
        # Only words written as one are made strictly, and most terms have none.
        self._strict = replace(term.settings, fuzzy_from=LONGEST_TERM) if term.joined else term.settings
        self._separate = {word for words in term.readings for word in words}
        self._initials = {word for words in term.joined for word in _initials(words)}
        self._made: dict[tuple[Word, bool, bool], Probe] = {}

    def of(self, words: tuple[Word, ...]) -> tuple[Probe, ...]:
        """Those of a reading."""
        alone, last = len(words) == 1, len(words) - 1
        found = []
        for at, word in enumerate(words):
            key = (word, alone, is_last := 0 < at == last)
            if key not in self._made:
                self._made[key] = self._make(word, alone=alone, is_last=is_last)
            found.append(self._made[key])
        return tuple(found)

    def _make(self, word: Word, *, alone: bool, is_last: bool) -> Probe:
        """A space too many is mistake enough in one word: `tak Bøe` is no Talbot."""
        if word in self._separate:
            return Probe(word, self._settings, alone=alone, is_last=is_last)
        is_initial = word in self._initials
        return Probe(word, self._strict, alone=alone, is_last=is_last, is_initial=is_initial)


def _initials(reading: tuple[Word, ...]) -> list[Word]:
    """Its single letters; beside a number one is that of a house: `12 b`."""
    if any(word.kind is WordKind.NUMBER for word in reading):
        return []
    return [word for word in reading if len(word.text) == 1 and word.text.isalpha()]


def _mistake(reading: tuple[Word, ...], term: Term) -> float:
    """A code is seldom typed with spaces; a number often is. And `anna-berg` is a name sooner than the email
    of an anna.berg, and `12 34 56 78` a phone sooner than houses and postal codes."""
    if _is_shortened(reading, term):
        return USELESS_LAST
    if len(reading) != 1:
        are_numbers = all(word.kind is WordKind.NUMBER for word in reading)
        return NUMBERS_APART if are_numbers and len(reading) > 2 else 0.0
    if reading[0].kind is WordKind.EMAIL and "@" not in term.text:
        return OTHER_MARKS
    spaced = len(term.text.split()) > 1
    return SPACE_TOO_MANY if spaced and reading[0].kind is WordKind.CODE else 0.0


def _is_shortened(reading: tuple[Word, ...], term: Term) -> bool:
    """Whether the last word, which seems useless, is none of the reading's."""
    first = term.readings[0]
    last = [other[len(first)] for other in term.readings[1:] if other[:-1] == first]
    return bool(last) and not reading[-1].text.endswith(last[0].text)
