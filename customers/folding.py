"""Folding: writing a word so that the ways people spell its letters meet.

A cashier types Sören, Soren or Soeren for Søren, and the merchant's database may hold any of them too. So
both sides are folded to one skeleton: special letters become their plain ones, and then the letter pairs
that stand for special letters (aa for å, ae for æ, oe for ø, ue for ü) become that plain letter as well.
"""

import re
import unicodedata
from functools import lru_cache

# Longer words are not typed by anyone, and engines refuse or cut them (Tantivy at 65,530 bytes).
LONGEST_TOKEN = 64

# What Unicode does not decompose into a plain letter and a mark; both cases, since lower-casing comes after.
_LETTERS = str.maketrans(
    {
        "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ß": "ss", "ẞ": "ss",
        "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i", "ŋ": "n",
    }
)  # fmt: skip
# What a pair stands for, and how each is written as one.
_SPELLED = str.maketrans(
    {"å": "aa", "Å": "aa", "ø": "oe", "Ø": "oe", "ö": "oe", "Ö": "oe", "œ": "oe", "Œ": "oe",
     "æ": "ae", "Æ": "ae", "ä": "ae", "Ä": "ae", "ü": "ue", "Ü": "ue"}
)  # fmt: skip
_PAIRS_OF_LETTERS = frozenset({"aa", "ae", "oe", "ue"})
_PAIR = re.compile("a[ae]|[ou]e", re.IGNORECASE)
# A run of them is one letter: `Kaae` is `Kåe`.
_PAIRS = re.compile("a[ae]+|oe+|ue+")
# Those of Arabic, Devanagari and other scripts, as \d knows them.
_OTHER_DIGITS = re.compile("[^\\D0-9]")
_WORDS = re.compile(r"[^\W_]+")
# Byte tables: three times as fast as expressions, for the ASCII texts that nearly all codes are.
_NO_DIGIT = bytes(byte for byte in range(128) if not chr(byte).isdigit())
_NO_LETTER_OR_DIGIT = bytes(byte for byte in range(128) if not chr(byte).isalnum())
_LOWER = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
_NO_MARKS = str.maketrans("", "", "./,")
_APOSTROPHES = re.compile("['’`´ʼ]")
# `A/S`, `e.K.`, `J.P.`: letters with a mark between each two are one word, however they are marked.
_INITIALS = re.compile(r"[^\W\d_](?:[./][^\W\d_])+[./]?,?")


def plain(text: str) -> str:
    """`text` in lower case with special letters and other scripts' digits as plain ones: `Sørén Æbelø` ->
    `soren aebelo`, `٤٥` -> `45`."""
    if text.isascii():
        return text.lower()
    decomposed = _OTHER_DIGITS.sub(_ascii_digit, unicodedata.normalize("NFKD", text.translate(_LETTERS)))
    return "".join(letter for letter in decomposed.lower() if not unicodedata.combining(letter))


def skeleton(word: str) -> str:
    """A plain word without the letter pairs that stand for one special letter: `soeren` -> `soren`."""
    if ("e" in word and ("ae" in word or "oe" in word or "ue" in word)) or "aa" in word:
        return _PAIRS.sub(lambda pair: pair[0][0], word)
    return word  # as most are, told at a fifth of the price


def words(text: str) -> list[str]:
    """The skeletons of the words of `text`, in order: `Anne-Marie O'Brien` -> `anne marie obrien`."""
    found: list[str] = []
    for chunk in text.split():
        found += _skeletons(chunk)
    return found


def folded_words(text: str) -> list[tuple[str, str]]:
    """(skeleton, plain) of the words of `text`, in order: `Søren Kjær` -> `soren soren`, `kjar kjaer`."""
    found: list[tuple[str, str]] = []
    for chunk in text.split():
        found += _words_of_chunk(chunk)
    return found


@lru_cache(maxsize=16_384)
def _words_of_chunk(chunk: str) -> tuple[tuple[str, str], ...]:
    """Remembered, since a table holds the same names and places over and over."""
    found = _WORDS.findall(plain(_bare(chunk)))
    return tuple((skeleton(word)[:LONGEST_TOKEN], word[:LONGEST_TOKEN]) for word in found)


def _bare(chunk: str) -> str:
    """Without marks inside of words."""
    composed = chunk if chunk.isascii() else unicodedata.normalize("NFC", chunk)
    return _APOSTROPHES.sub("", composed.translate(_NO_MARKS) if _INITIALS.fullmatch(composed) else composed)


@lru_cache(maxsize=16_384)
def _skeletons(chunk: str) -> list[str]:
    return [folded for folded, _ in _words_of_chunk(chunk)]


def pairs(text: str) -> list[str]:
    """The letter pair with which each of `words` begins, however it is written, nothing for most: `Århus
    Aarhus Arhus` -> `aa`, `aa` and none."""
    return [pair for chunk in text.split() for pair in _pairs_of_chunk(chunk)]


def may_have_pairs(text: str) -> bool:
    """Whether a look at its words is worth the time."""
    return not text.isascii() or _PAIR.search(text) is not None


@lru_cache(maxsize=16_384)
def _pairs_of_chunk(chunk: str) -> tuple[str, ...]:
    spelled = _WORDS.findall(plain(_bare(chunk).translate(_SPELLED)))
    return tuple(word[:2] if word[:2] in _PAIRS_OF_LETTERS else "" for word in spelled)


def squeezed(text: str) -> str:
    """Only the letters and digits of `text`, the first 64: `C-100.23` -> `c10023`, `a.b@x.dk` -> `abxdk`."""
    if text.isascii():
        return text.encode().translate(_LOWER, _NO_LETTER_OR_DIGIT).decode()[:LONGEST_TOKEN]
    return "".join(_WORDS.findall(plain(_APOSTROPHES.sub("", text))))[:LONGEST_TOKEN]


def digits(text: str) -> str:
    """Only the ASCII digits of `text`, other scripts' digits turned into them."""
    if text.isascii():
        return text.encode().translate(None, _NO_DIGIT).decode()
    written = _OTHER_DIGITS.sub(_ascii_digit, unicodedata.normalize("NFKC", text))
    return "".join(letter for letter in written if letter in "0123456789")


def _ascii_digit(digit: re.Match[str]) -> str:
    return str(unicodedata.decimal(digit[0]))
