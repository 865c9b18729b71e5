"""Sound: a key shared by the ways of writing one Nordic, German, English or Dutch name.

Christensen and Kristensen, Meyer and Maier, Sofie and Sophie. It is coarse on purpose (every run of vowels is
alike): it only finds candidates, and the ranking then compares the spellings.
"""

import re
from functools import lru_cache

_SPELLINGS = (
    (re.compile("ch|ck|cc|q"), "k"),
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("ph"), "f"),
    (re.compile("sch|sj|skj|sh"), "s"),
    (re.compile("th|dt"), "t"),
    (re.compile("gh"), "g"),
    (re.compile("x"), "ks"),
    (re.compile("[wv]"), "v"),
    (re.compile("z"), "s"),
    (re.compile("c"), "k"),
    (re.compile("^[hg]?j"), "j"),
    (re.compile("(?<=.)[hj]"), "y"),
    (re.compile("[aeiouy]+"), "a"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@lru_cache(maxsize=16_384)
def sound(word: str) -> str:
    """The sound key of a folded word; the word itself where it holds a digit, which has no sound."""
    if not word.isalpha():
        return word
    for spelling, sounded in _SPELLINGS:
        word = spelling.sub(sounded, word)
    return word
