"""Spelling: how well a typed word fits a word of the customer's, both folded."""

from functools import lru_cache

from rapidfuzz.distance import OSA

from customers.sound import sound

EXACT = 1.0
BEGINNING = 0.9
# No typing error and no likeness of sounds scores as much.
MOST_MISTYPED = 0.8

# Words that sound the same are not much longer or shorter than each other: schmidt, smit.
_SOUND_LENGTHS = 4

# The same sound excuses nearly one of two wrong letters: one that is wrong is still likelier, `nielen` is
# Nielsen sooner than Nylén.
_EXCUSED = 0.9

Spelling = tuple[float, str]
NONE: Spelling = (0.0, "")


def as_typed(typed: str, value: str) -> Spelling:
    """Whether the word is this one or its beginning, which scores more where less is missing."""
    if typed == value:
        return EXACT, "exact"
    if value.startswith(typed):
        return BEGINNING + 0.08 * len(typed) / len(value), "beginning"
    return NONE


class Mistakes:
    """A typed word, held against one word after the other of which it may be a mistyped form. In words of
    fewer than `fuzzy_from` letters none are forgiven, nor in what is not all letters."""

    def __init__(self, typed: str, fuzzy_from: int) -> None:
        self.forgiven = len(typed) >= max(fuzzy_from, 2) and typed.isalpha()
        self._typed = typed
        # One letter may be wrong in three or more, two in six or more.
        self._allowed = 2 if len(typed) >= 6 else 1
        self._letters, self._sound = _outline(typed)

    def spelling(self, value: str) -> Spelling:
        """How well the word fits as `as_typed` says, or else with a mistake."""
        found = as_typed(self._typed, value)
        return found if found[0] else self.mistyped(value)

    def mistyped(self, value: str) -> Spelling:
        """Whether the word may be meant for this one, or for one that begins so; less for each wrong
        letter."""
        if not self.forgiven or len(value) < 2:
            return NONE
        letters, heard = _outline(value)
        alike = heard == self._sound
        # Each wrong letter leaves at most one that the other word has not: most words need no closer look.
        if not alike and (self._letters & ~letters).bit_count() > self._allowed:
            return NONE
        return max(self._whole(value, alike=alike), self._unfinished(value))

    def _whole(self, value: str, *, alike: bool) -> Spelling:
        """A word that is a few letters away, or sounds the same (`alike`), which speaks for a typo too."""
        if abs(len(self._typed) - len(value)) > _SOUND_LENGTHS:
            return NONE
        distance = OSA.distance(self._typed, value, score_cutoff=None if alike else self._allowed)
        if distance > self._allowed:
            return (self._likeness(distance, value) + 0.05, "sound") if alike else NONE
        if not alike:
            return self._likeness(distance, value), "typo"
        if distance < 2:
            return self._likeness(distance, value) + 0.1, "typo"
        return self._likeness(distance - _EXCUSED, value), "typo"

    def _likeness(self, wrong: float, value: str) -> float:
        """0.3 to 0.7: less for each wrong letter, the more the shorter the words are."""
        return 0.3 + 0.4 * (1 - wrong / max(len(self._typed), len(value)))

    def _unfinished(self, value: str) -> Spelling:
        length = len(self._typed)
        if length < 4 or len(value) <= length:
            return NONE
        distance = OSA.distance(self._typed, value[:length], score_cutoff=self._allowed)
        if distance > self._allowed:
            return NONE
        return 0.2 + 0.4 * (1 - distance / length), "beginning with a typo"


@lru_cache(maxsize=16_384)
def _outline(word: str) -> tuple[int, str]:
    """The letters of a word as a set of bits, and how it sounds. Some letters share a bit, which only costs a
    closer look."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits, sound(word)
