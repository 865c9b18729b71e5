"""Where the made-up customers live, and what people, streets and towns are called there."""

from dataclasses import dataclass
from random import Random

from faker import Faker


@dataclass(frozen=True)
class Country:
    """`code` is ISO 3166-1 and `share` how many of a hundred customers live there. `forms` are what a
    company's name ends in, `registration` how its number is written (`#`: a digit). The names are common
    ones, borne by many."""

    code: str
    name: str
    locale: str
    share: int
    forms: tuple[str, ...]
    registration: str
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]


COUNTRIES = (
    Country(
        "DK",
        "Danmark",
        "da_DK",
        40,
        ("ApS", "A/S", "I/S"),
        "DK########",
        ("Lars", "Mette", "Søren", "Anne"),
        ("Hansen", "Jensen", "Nielsen", "Møller"),
    ),
    Country(
        "NO",
        "Norge",
        "no_NO",
        20,
        ("AS", "ANS"),
        "### ### ### MVA",
        ("Kåre", "Ingrid", "Bjørn", "Kari"),
        ("Hansen", "Johansen", "Olsen", "Bråten"),
    ),
    Country(
        "SE",
        "Sverige",
        "sv_SE",
        20,
        ("AB", "HB"),
        "######-####",
        ("Björn", "Åsa", "Lars", "Märta"),
        ("Andersson", "Johansson", "Öberg", "Sjöström"),
    ),
    Country(
        "DE",
        "Deutschland",
        "de_DE",
        12,
        ("GmbH", "KG"),
        "DE#########",
        ("Jürgen", "Käthe", "Stefan", "Petra"),
        ("Müller", "Schmidt", "Schröder", "Weiß"),
    ),
    Country(
        "GB",
        "United Kingdom",
        "en_GB",
        8,
        ("Ltd", "plc"),
        "########",
        ("John", "Mary", "Sean", "Ruth"),
        ("Smith", "Jones", "O'Brien", "Taylor"),
    ),
)

# Few towns, streets and names, so that many customers share each of them, as they do in a real shop.
_NAMES, _STREETS, _TOWNS = 300, 400, 60


class Phonebook:
    """A country's names, made once: Faker takes longer over each than over choosing among them."""

    def __init__(self, country: Country, seed: int) -> None:
        faker = Faker(country.locale)
        faker.seed_instance(seed)
        self._first_names = [*country.first_names, *(faker.first_name() for _ in range(_NAMES))]
        self._last_names = [*country.last_names, *(faker.last_name() for _ in range(_NAMES))]
        self._streets = [faker.street_name() for _ in range(_STREETS)]
        self._towns = [(faker.postcode(), faker.city()) for _ in range(_TOWNS)]

    def name(self, chance: Random) -> tuple[str, str]:
        """First and last name; the first few of each are borne by many."""
        return _one_of(self._first_names, chance), _one_of(self._last_names, chance)

    def address(self, country: Country, chance: Random) -> tuple[str, str, str]:
        """Street and number, postal code, town."""
        number = chance.randint(1, 180)
        street = chance.choice(self._streets)
        line = f"{number} {street}" if country.code == "GB" else f"{street} {number}"
        return line, *chance.choice(self._towns)


def _one_of(names: list[str], chance: Random) -> str:
    """The nth name is borne by about 1/n as many as the first, as names of people are."""
    return names[int(len(names) ** chance.random()) - 1]
