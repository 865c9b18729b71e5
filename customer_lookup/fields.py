"""The kinds of values in lookup.toml. Each says in `allowed` what may be written."""

import re
from datetime import timedelta
from typing import Any

import phonenumbers
from marshmallow import ValidationError, fields

from customers.folding import words
from sync.cron import cron_trigger

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Clocks and timers take no more than some centuries; nobody means more than this.
_LONGEST = timedelta(days=3650)


class Value(fields.Field[Any]):
    """A value that says what is allowed. `secret`: what was found is never shown."""

    allowed = ""
    secret = False

    def __init__(self, *, required: bool = False, data_key: str | None = None) -> None:
        super().__init__(required=required, data_key=data_key)

    def _deserialize(self, value: Any, *_context: Any, **_options: Any) -> Any:
        try:
            return self.read(value)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise ValidationError(self.allowed) from error

    def read(self, value: Any) -> Any:
        """The value as the program uses it. Raises an ArithmeticError, TypeError or ValueError
        for one that is not allowed."""
        raise ValueError(value)


class Text(Value):
    """A text that is not blank."""

    allowed = 'a text in quotes, such as "name", not blank'

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip() or "\0" in value:
            raise ValueError
        return value


class Secret(Text):
    """A text that no message may show, on one line."""

    secret = True

    def read(self, value: Any) -> str:
        if _CONTROL.search(super().read(value)):
            raise ValueError
        return str(value)


class Secrets(Value):
    """A list of secret texts."""

    allowed = 'a list of texts, such as ["${LOOKUP_API_KEY}"], none of them blank'
    secret = True

    def read(self, value: Any) -> tuple[str, ...]:
        return _texts(value)


class Texts(Value):
    """A list of texts."""

    allowed = 'a list of texts, such as ["a", "b"], none of them blank'

    def read(self, value: Any) -> tuple[str, ...]:
        return _texts(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ValueError
    if any(_CONTROL.search(item) for item in value):
        raise ValueError
    return tuple(value)


class Words(Value):
    """A list of words. Of several as one each would be taken for itself."""

    allowed = 'a list of single words, such as ["mr", "kunde"]'

    def read(self, value: Any) -> tuple[str, ...]:
        if not all(map(_is_one_word, _texts(value))):
            raise ValueError
        return _texts(value)


def _is_one_word(text: str) -> bool:
    """Whether a search takes it for one: `A/S` is, and `anne-marie` is not."""
    return len(words(text)) == 1


class Groups(Value):
    """A list of lists of words, each with two at least. Several words as one would each be taken for the rest
    of the group: `jern og metal` would make `og` a scrap dealer."""

    allowed = 'a list of groups of single words, such as [["bob", "robert"], ["vvs", "plumber"]]'

    def read(self, value: Any) -> tuple[tuple[str, ...], ...]:
        groups = tuple(_texts(group) for group in value) if isinstance(value, list) else ()
        if not isinstance(value, list) or any(len(group) < 2 for group in groups):
            raise ValueError
        if not all(_is_one_word(text) for group in groups for text in group):
            raise ValueError
        return groups


class Chosen(Value):
    """A list of some of a few words."""

    def __init__(self, *choices: str) -> None:
        super().__init__()
        self.choices = choices
        self.allowed = f"a list with some of {', '.join(choices)}"

    def read(self, value: Any) -> tuple[str, ...]:
        if not set(_texts(value)) <= set(self.choices):
            raise ValueError
        return _texts(value)


class Choice(Value):
    """One of a few words."""

    def __init__(self, *choices: str, required: bool = False) -> None:
        super().__init__(required=required)
        self.choices = choices
        self.allowed = " or ".join(f'"{choice}"' for choice in choices)

    def read(self, value: Any) -> str:
        if value not in self.choices:
            raise ValueError
        return str(value)


class Flag(Value):
    """true or false, and nothing that merely looks like it."""

    allowed = "true or false"

    def read(self, value: Any) -> bool:
        named = {"true": True, "false": False}.get(value) if isinstance(value, str) else value
        if not isinstance(named, bool):
            raise TypeError
        return named


class Whole(Value):
    """A whole number between two bounds. As text too, since a variable of the environment is one."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__()
        self.least, self.most = least, most
        self.allowed = f"a whole number from {least} to {most}"

    def read(self, value: Any) -> int:
        number = int(value) if isinstance(value, str) else value
        if isinstance(number, bool) or not isinstance(number, int) or not self.least <= number <= self.most:
            raise ValueError
        return number


class Number(Value):
    """A number that may have decimals, from `least` on."""

    def __init__(self, least: float) -> None:
        super().__init__()
        self.least = least
        self.allowed = f"a number of at least {least:g}"

    def read(self, value: Any) -> float:
        number = float(value)
        if isinstance(value, bool) or not self.least <= number < float("inf"):
            raise ValueError
        return number


class Share(Value):
    """A share of a whole."""

    allowed = "a number above 0 and up to 1, such as 0.1"

    def read(self, value: Any) -> float:
        number = float(value)
        if isinstance(value, bool) or not 0 < number <= 1:
            raise ValueError
        return number


class Duration(Value):
    """A number and its unit. `least` keeps a loop from spinning."""

    allowed = 'a number and s, m, h or d, such as "30s", "5m", "1h" or "7d"'

    def __init__(self, least: timedelta = timedelta()) -> None:
        super().__init__()
        self.least = least
        if least:
            self.allowed += f", at least {least.total_seconds():g} s"
        self.allowed += f", at most {_LONGEST.days} days"

    def read(self, value: Any) -> timedelta:
        found = _DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) else None
        if found is None:
            raise ValueError
        duration = timedelta(seconds=float(found[1]) * _UNITS[found[2]])
        if not self.least <= duration <= _LONGEST:
            raise ValueError
        return duration


class Cron(Text):
    """A cron expression of five fields, as `man 5 crontab` has it."""

    allowed = 'five cron fields, such as "0 3 * * 0" for Sundays at three (UTC)'

    def read(self, value: Any) -> str:
        cron_trigger(super().read(value))
        return str(value)


class Currency(Text):
    """An ISO 4217 code; small letters are taken for capital ones."""

    allowed = 'an ISO 4217 code, such as "DKK"'

    def read(self, value: Any) -> str:
        if not re.fullmatch("[A-Za-z]{3}", value):
            raise ValueError
        return str(value).upper()


class Region(Text):
    """An ISO 3166-1 code of a country that has phone numbers; small letters are taken for capital ones."""

    allowed = 'an ISO 3166-1 code of two letters, such as "DK"'

    def read(self, value: Any) -> str:
        region = super().read(value).upper()
        if region not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError
        return region
