"""What a mistake in a code leaves whole of it, since Meilisearch forgives none in codes.

Of three parts of a code a mistake is in one, and the other two are kept: of `12345678` with a wrong digit it
is `45678`, `123678` or `12345`. The last is the beginning of the code, which needs no token of its own. Of an
email the first two parts are of four letters each, as its end is everybody's.
"""

from collections.abc import Iterator
from zlib import crc32

from customers.folding import digits

# Shorter codes are other codes with another digit in them. Longer ones are emails, or nobody types them. With
# fewer digits it is a name with the number of a house.
_SHORTEST = 6
_LONGEST = 20
_FEWEST_DIGITS = 3
# What is longer than most names, has many letters and ends in one, as domains do, is an email.
_SHORTEST_EMAIL = 12
_FEWEST_LETTERS = 6
_EMAIL_PART = 4


def is_email(code: str) -> bool:
    """Whether a code is an email, or looks like one."""
    letters = len(code) - len(digits(code))
    return len(code) >= _SHORTEST_EMAIL and letters >= _FEWEST_LETTERS and code[-1].isalpha()


def has_parts(code: str) -> bool:
    """Whether a code is such: no email, with digits, and neither short nor long."""
    if code.isalpha() or not _SHORTEST <= len(code) <= _LONGEST or is_email(code):
        return False
    return code.isdigit() or len(digits(code)) >= _FEWEST_DIGITS


def pieces(codes: str) -> str:
    """What a document keeps of its codes besides themselves: tokens, a space between each two, as
    `codes`."""
    found: dict[str, None] = {}
    for code in codes.split():
        if has_parts(code):
            found[outline(code)] = found[ending(code)] = None
        elif is_email(code):
            found |= dict.fromkeys(_email_pieces(code))
    return " ".join(found)


def pieces_of_email(code: str) -> Iterator[str]:
    """Those of an email that is typed with a letter wrong, missing or too many in its first part, or in its
    second."""
    for moved in (0, -1, 1):
        yield from _email_pieces(code, moved)


def _email_pieces(code: str, moved: int = 0) -> tuple[str, str]:
    """The email without its first part, and without its second, of which the end is `moved`."""
    second = code[:_EMAIL_PART] + code[2 * _EMAIL_PART + moved :]
    return _short(code[_EMAIL_PART + moved :]), _short(second)


def _short(piece: str) -> str:
    """A token of nine characters for one of twenty, of which every customer has two. Whoever else has the
    same one is found too, and ranked as nobody; and no name begins with as many x."""
    return f"x{crc32(piece.encode()):08x}"


def outline(code: str) -> str:
    """The code without the part in its middle."""
    part = _part(code)
    return code[:part] + code[-part:]


def ending(code: str) -> str:
    """The code without its first part."""
    return code[_part(code) :]


def beginnings(code: str) -> tuple[str, ...]:
    """The code without its last part, and first with more of it: of a thousand customers' numbers only the
    last three digits may be others."""
    return tuple(dict.fromkeys((code[:-2], code[: -_part(code)])))


def swapped(code: str) -> Iterator[str]:
    """The code with two characters swapped where two parts meet: that breaks both."""
    borders = (_EMAIL_PART, 2 * _EMAIL_PART) if is_email(code) else (_part(code), len(code) - _part(code))
    for at in dict.fromkeys(borders):
        yield code[: at - 1] + code[at] + code[at - 1] + code[at + 1 :]


def _part(code: str) -> int:
    """How many characters the first and the last part have: as many where one is missing or too many."""
    return 3 if len(code) > _SHORTEST else 2
