"""Folding: writing a word so that the ways people spell its letters meet.

A cashier types Sören, Soren or Soeren for Søren, and the merchant's database may hold any of them too. So both
sides are folded to one skeleton: special letters become their plain ones, and then the letter pairs that stand
for special letters (aa for å, ae for æ, oe for ø, ue for ü) become that plain letter as well.
"""

import re
import unicodedata
from functools import lru_cache

# What Unicode does not decompose into a plain letter and a mark; both cases, since lower-casing comes after.
_LETTERS = str.maketrans(
    {
        "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ß": "ss", "ẞ": "ss",
        "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i", "ŋ": "n",
    }
)  # fmt: skip
_PAIRS = re.compile("aa|ae|oe|ue")
_WORDS = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’`´ʼ]")


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """`text` in lower case with special letters as plain ones: `Sørén Æbelø` -> `soren aebelo`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed.lower() if not unicodedata.combining(letter))


def skeleton(word: str) -> str:
    """A plain word without the letter pairs that stand for one special letter: `soeren` -> `soren`."""
    return _PAIRS.sub(lambda pair: pair[0][0], word)


@lru_cache(maxsize=100_000)
def words(text: str) -> tuple[str, ...]:
    """The skeletons of the words of `text`, in order: `Anne-Marie O'Brien` -> `anne marie obrien`."""
    return tuple(skeleton(word) for word in _WORDS.findall(_APOSTROPHES.sub("", plain(text))))


def squeezed(text: str) -> str:
    """Only the letters and digits of `text`: `C-100.23` -> `c10023`, `john.smith@x.dk` -> `johnsmithxdk`."""
    return "".join(_WORDS.findall(plain(text)))


def digits(text: str) -> str:
    """Only the ASCII digits of `text`, other scripts' digits turned into them."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter in "0123456789")
