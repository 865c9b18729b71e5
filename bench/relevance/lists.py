"""Weighted lists of one country's names, streets and places, made from Faker's locale and a random source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from faker import Faker

from bench.relevance.locales import Locale


class Weighted:
    """Draws from `values` so that early ones come often: the n-th with a weight of 1/(n + offset)."""

    def __init__(self, values: Sequence[str], offset: float) -> None:
        self._values = values
        self._weights = list(accumulate(1 / (rank + offset) for rank in range(1, len(values) + 1)))

    def draw(self, random: Random) -> str:
        """One value."""
        return random.choices(self._values, cum_weights=self._weights)[0]


@dataclass(frozen=True, slots=True)
class Lists:
    """What one country's people are put together from. `places` are `postal code|city`."""

    locale: Locale
    first: Weighted
    last: Weighted
    compound: Weighted
    streets: Weighted
    places: Weighted


def lists_of(locale: Locale, seed: str) -> Lists:
    """The lists of one country, the same for the same seed."""
    random = Random(f"{seed} {locale.language}")
    faker = Faker(locale.faker)
    faker.seed_instance(random.randrange(2**31))
    compound = [head + tail for head in locale.heads for tail in locale.tails]
    random.shuffle(compound)
    return Lists(
        locale=locale,
        first=Weighted(_ranked(locale.common_first, _faker_names(faker, "first_names"), random), 3),
        last=Weighted(_ranked(locale.common_last, _faker_names(faker, "last_names"), random), 4),
        compound=Weighted(compound, 400),
        streets=Weighted(_distinct(faker.street_name() for _ in range(2500)), 60),
        places=Weighted(_places(faker), 8),
    )


def _faker_names(faker: Faker, which: str) -> list[str]:
    """The words of the locale's own list; Faker offers names only one by one, so its provider is read."""
    provider = next(p for p in faker.factories[0].get_providers() if hasattr(p, which))
    return [name.strip() for name in getattr(provider, which)]


def _ranked(common: Sequence[str], rest: list[str], random: Random) -> list[str]:
    random.shuffle(rest)
    return _distinct([*common, *rest])


def _places(faker: Faker) -> list[str]:
    """About 300 cities, each with one to three postal codes."""
    cities = _distinct(faker.city() for _ in range(400))[:300]
    return [f"{faker.postcode()}|{city}" for number, city in enumerate(cities) for _ in range(1 + number % 3)]


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
