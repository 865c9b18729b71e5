"""How fingers go wrong on a keyboard: a model of our own, kept small.

A word suffers one of four mistakes (a key's neighbour, two letters swapped, one left out, one twice) at one
of three places (first letter, middle, last two letters). Real errors are spread otherwise; the classes
report each kind by itself, so the mix does not matter."""

from random import Random

KINDS = ("substituted", "transposed", "omitted", "doubled")

_ROWS = (
    "1234567890",
    "qwertyuiopå",
    "asdfghjkløæ",
    "zxcvbnm",
)  # a Nordic keyboard, each row half a key further in
_SAME_KEY = {"ö": "ø", "ä": "æ", "ü": "å", "ß": "s"}


def _neighbours() -> dict[str, str]:
    """For every key those that touch it: left, right, two below, two above; a digit's are digits only."""
    keys = {(row, column): key for row, line in enumerate(_ROWS) for column, key in enumerate(line)}
    steps = ((0, -1), (0, 1), (1, -1), (1, 0), (-1, 0), (-1, 1))
    return {
        key: "".join(
            near
            for down, right in steps
            if (near := keys.get((row + down, column + right))) and near.isalpha() == key.isalpha()
        )
        for (row, column), key in keys.items()
    }


_NEIGHBOURS = _neighbours()


def mistype(word: str, kind: str, place: int, random: Random) -> str | None:
    """`word` in lower case with one mistake of `kind` at the letter `place`, or None where that changes
    nothing."""
    word = word.lower()
    letter, before, after = word[place], word[:place], word[place + 1 :]
    if kind == "substituted":
        near = _NEIGHBOURS.get(_SAME_KEY.get(letter, letter), "")
        return before + random.choice(near) + after if near else None
    if kind == "transposed":
        changed = before + after[:1] + letter + after[1:]
    else:
        changed = before + after if kind == "omitted" else before + letter + letter + after
    return changed if changed != word else None


def middle(word: str, random: Random) -> int:
    """A place that is neither the first letter nor one of the last two (where the word has such a one)."""
    return random.randrange(1, max(2, len(word) - 2))


def with_wrong_digit(number: str, first: int, random: Random) -> str:
    """`number` with another digit at one place, not before `first`."""
    place = random.randrange(first, len(number))
    wrong = random.choice([digit for digit in "0123456789" if digit != number[place]])
    return number[:place] + wrong + number[place + 1 :]
