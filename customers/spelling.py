"""Spelling: how well a typed word fits a word of the customer's, both folded."""

from rapidfuzz.distance import OSA

from customers.sound import sound

EXACT = 1.0
BEGINNING = 0.9
# No typing error and no likeness of sounds scores as much.
MOST_MISTYPED = 0.8

# Words that sound the same are not much longer or shorter than each other: schmidt, smit.
_SOUND_LENGTHS = 4

Spelling = tuple[float, str]
NONE: Spelling = (0.0, "")


def spelling(typed: str, value: str, fuzzy_from: int) -> Spelling:
    """How well a typed word fits a word of the customer's, 0 to 1, and how. In words of fewer than
    `fuzzy_from` letters no typing error is forgiven."""
    found = as_typed(typed, value)
    return found if found[0] else mistyped(typed, value, fuzzy_from)


def as_typed(typed: str, value: str) -> Spelling:
    """Whether the word is this one or its beginning, which scores more where less is missing."""
    if typed == value:
        return EXACT, "exact"
    if value.startswith(typed):
        return BEGINNING + 0.08 * len(typed) / len(value), "beginning"
    return NONE


def mistyped(typed: str, value: str, fuzzy_from: int) -> Spelling:
    """Whether the word may be meant for this one, or for one that begins so; less for each wrong letter."""
    if len(typed) < max(fuzzy_from, 2) or len(value) < 2 or not typed.isalpha():
        return NONE
    return max(_mistyped(typed, value), _unfinished_and_mistyped(typed, value))


def _typos_allowed(length: int) -> int:
    """One letter may be wrong in three or more, two in six or more."""
    return 2 if length >= 6 else 1


def _mistyped(typed: str, value: str) -> Spelling:
    """A word that is a few letters away, or sounds the same; the same sound speaks for a typo too."""
    if abs(len(typed) - len(value)) > _SOUND_LENGTHS:
        return NONE
    alike = sound(typed) == sound(value)
    allowed = _typos_allowed(len(typed))
    distance = OSA.distance(typed, value, score_cutoff=None if alike else allowed)
    likeness = 0.3 + 0.4 * (1 - distance / max(len(typed), len(value)))
    if distance <= allowed:
        return likeness + (0.1 if alike else 0.0), "typo"
    return (likeness + 0.05, "sound") if alike else NONE


def _unfinished_and_mistyped(typed: str, value: str) -> Spelling:
    if len(typed) < 4 or len(value) <= len(typed):
        return NONE
    allowed = _typos_allowed(len(typed))
    distance = OSA.distance(typed, value[: len(typed)], score_cutoff=allowed)
    if distance > allowed:
        return NONE
    return 0.2 + 0.4 * (1 - distance / len(typed)), "beginning with a typo"
