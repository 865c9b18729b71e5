"""How words compare when letters are written in another way. The benchmark's own, on purpose: judging the
product by the product's own search keys would hide what those get wrong."""

import re
import unicodedata

_PLAIN = str.maketrans(
    {
        "ø": "o",
        "æ": "ae",
        "å": "a",
        "ö": "o",
        "ä": "a",
        "ü": "u",
        "ß": "ss",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
    }
)
_SPELLED = str.maketrans({"ø": "oe", "æ": "ae", "å": "aa", "ö": "oe", "ä": "ae", "ü": "ue"})
_WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Lower case ASCII as somebody types who leaves the dots and rings out: `Søren` is `soren`."""
    text = text.lower().translate(_PLAIN)
    if text.isascii():
        return text
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )


def spelled(text: str) -> str:
    """Lower case ASCII as somebody types who spells them out: `Søren` is `soeren`, `Aase` and `Åse` are
    `aase`."""
    return plain(text.lower().translate(_SPELLED))


def words(text: str) -> list[str]:
    """The words of a text in lower case, split at everything that is neither letter nor digit; an apostrophe
    splits no word (`O'Brien` is `obrien`)."""
    return _WORD.findall(text.lower().replace("'", ""))


def digits(text: str) -> str:
    """Only the digits."""
    return "".join(letter for letter in text if letter.isdecimal())


def joined(text: str) -> str:
    """Only letters and digits, in lower case and plain."""
    return "".join(letter for letter in plain(text) if letter.isalnum())
