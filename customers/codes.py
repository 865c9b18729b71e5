"""The keys of what is one word, whatever its punctuation: identifiers, registration numbers, emails."""

from functools import lru_cache
from string import ascii_lowercase

from customers.folding import LONGEST_TOKEN, digits, squeezed
from customers.phone import SHORTEST
from customers.registration import registration_number

# More digits at the end of a number are those of few.
_LONGEST_SHARED = 6


def code_keys(code: str) -> list[str]:
    """An identifier without punctuation, its digits alone, and those without the zeros in front; and where
    letters are in front of it, those with no zeros after them, and all that comes after them:
    `K-00145` -> `k00145 00145 145 k145`, `DK-0124-591B` -> `dk0124591b 0124591 124591 0124591b`."""
    whole, number = squeezed(code), digits(code)
    keys = [whole, number, number.lstrip("0")]
    if number != whole:
        after = whole.lstrip(ascii_lowercase)
        if after != number:
            keys.append(after)
        elif after.startswith("0"):
            keys.append(whole.removesuffix(after) + keys[2])
    return keys


def registration_keys(code: str) -> list[str]:
    """The same of a registration number, and what it is without its country and the like."""
    keys = code_keys(code)
    if keys[0] != keys[1] and (number := registration_number(keys[0])):
        keys.append(number)
    return keys


def email_keys(email: str) -> list[str]:
    """An email as one word, its local part and its domain each as one word, and the first two without a plus
    tag."""
    local, _, domain = email.partition("@")
    first, second = squeezed(local), _squeezed_domain(domain)
    keys = [(first + second)[:LONGEST_TOKEN], first, second]
    if "+" in local:
        untagged = local.partition("+")[0]
        keys += (squeezed(untagged + domain), squeezed(untagged))
    return keys


# A merchant's customers have a handful of providers.
_squeezed_domain = lru_cache(maxsize=1024)(squeezed)


def number_endings(number: str) -> list[str]:
    """The last four or more of its digits, but not all."""
    return [number[-size:] for size in range(SHORTEST, len(number))]


def identifier_ending(digits: str) -> str:
    """The end of an identifier. One that many share is told from that of a phone, which says more: they would
    hide whoever has the other."""
    return digits if len(digits) > _LONGEST_SHARED else f"i{digits}"
