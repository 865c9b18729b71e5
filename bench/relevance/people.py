"""Made-up customers of one merchant, in an order that does not depend on how many are asked for: the first
10,000 of a million are the same people as the 10,000, so the same questions can be asked at every size."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from bench.relevance.lists import Lists, lists_of
from bench.relevance.locales import FRESH, INTERNATIONAL, LOCALES
from bench.relevance.phones import Phone, draw_phone, written
from bench.relevance.spelling import joined, plain, spelled
from customers.customer import Balance, Customer

NAMESAKES = 50  # people called Lars Hansen among the first 2,500, beside those who are so by chance
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """A customer and what its maker knows of him: the parts of the name (a company has only `company` and
    `legal_form`) and the telephone number before somebody wrote it in his way."""

    customer: Customer
    language: str
    first: str = ""
    middle: str = ""
    last: str = ""
    company: str = ""
    legal_form: str = ""
    phone: Phone | None = None

    @property
    def spoken(self) -> str:
        """The name as people say it, without the legal form of a company."""
        return self.company or " ".join(part for part in (self.first, self.middle, self.last) if part)


def people(seed: str, count: int) -> Iterator[Person]:
    """The first `count` people of a seed, lazily."""
    maker = _Maker(seed)
    return (maker.person(number) for number in range(count))


def fresh_people(seed: str) -> list[Person]:
    """A few more, whose names begin like hardly anybody's: they are added when the index is already there."""
    maker = _Maker(f"{seed} fresh")
    return [maker.named(f"FRESH{number}", *name.split(" ")) for number, name in enumerate(FRESH)]


class _Maker:
    def __init__(self, seed: str) -> None:
        self._random = Random(seed)
        self._lists = [lists_of(locale, seed) for locale in LOCALES]
        self._shares = [locale.share for locale in LOCALES]
        self._latest_phone: Phone | None = None

    def person(self, number: int) -> Person:
        """The person with this number; to be asked for in order."""
        random = self._random
        lists = random.choices(self._lists, weights=self._shares)[0]
        identifier = _identifier(number, random)
        if number % 50 == 7 and number < 50 * NAMESAKES:
            return self._private(self._lists[0], identifier, "Lars", "", "Hansen")
        if random.random() < 0.12:
            return self._company(lists, identifier)
        if random.random() < 0.015:
            first, last = random.choice(INTERNATIONAL).split(" ", 1)
            return self._private(lists, identifier, first, "", last)
        return self._private(lists, identifier, *self._name(lists))

    def named(self, identifier: str, first: str, last: str) -> Person:
        """A person of the first country with a given name."""
        return self._private(self._lists[0], identifier, first, "", last)

    def _name(self, lists: Lists) -> tuple[str, str, str]:
        random = self._random
        double = random.random() < 0.03
        first = random.choice(lists.locale.double_first) if double else lists.first.draw(random)
        rare = random.random() < 0.14
        last = (lists.compound if rare else lists.last).draw(random)
        if random.random() < 0.02:
            last = f"{last}-{lists.last.draw(random)}"
        chance = random.random()
        middle = (
            lists.last.draw(random) if chance < 0.12 else lists.first.draw(random) if chance < 0.18 else ""
        )
        return first, middle, last

    def _private(self, lists: Lists, identifier: str, first: str, middle: str, last: str) -> Person:
        random, locale = self._random, lists.locale
        name = " ".join(part for part in (first, middle, last) if part)
        phone = self._phone(locale.country_code)
        customer = self._customer(
            lists,
            identifier,
            name=_as_written(name, first, middle, last, random),
            phone=written(phone, random) if phone else None,
            email=_email(first, last, random.choice(locale.mail_domains), random),
            organization_number=None,
        )
        return Person(customer, locale.language, first=first, middle=middle, last=last, phone=phone)

    def _company(self, lists: Lists, identifier: str) -> Person:
        random, locale = self._random, lists.locale
        company, form = _company_name(lists, random), random.choice(locale.legal_forms)
        phone = self._phone(locale.country_code)
        mailbox = random.choice(("info", "kontakt", "post", "mail", plain(lists.first.draw(random))))
        customer = self._customer(
            lists,
            identifier,
            name=f"{company} {form}" if random.random() < 0.9 else company,
            phone=written(phone, random) if phone else None,
            email=f"{mailbox}@{joined(company)}.{locale.country_code}" if random.random() < 0.8 else None,
            organization_number=_organization_number(locale.country_code, random),
        )
        return Person(customer, locale.language, company=company, legal_form=form, phone=phone)

    def _phone(self, country_code: str) -> Phone | None:
        """None for some; now and then the number of the person before: households share one."""
        if self._random.random() < 0.06:
            return None
        if self._latest_phone is None or self._random.random() > 0.02:
            self._latest_phone = draw_phone(country_code, self._random)
        return self._latest_phone

    def _customer(
        self,
        lists: Lists,
        identifier: str,
        *,
        name: str,
        phone: str | None,
        email: str | None,
        organization_number: str | None,
    ) -> Customer:
        random, locale = self._random, lists.locale
        postal_code, city = lists.places.draw(random).split("|")
        return Customer(
            identifier=identifier,
            name=name,
            phone=phone,
            street=_street(lists, random),
            city=city,
            postal_code=postal_code,
            country=locale.country,
            country_code=locale.country_code,
            email=email,
            additional_info=random.choice(locale.notes) if random.random() < 0.08 else None,
            organization_number=organization_number,
            balances=(Balance("DKK", Decimal(random.randrange(-50000, 1)) / 100),),
            updated_at=_NOW - timedelta(minutes=random.randrange(1_000_000)),
        )


def _identifier(number: int, random: Random) -> str:
    """A merchant that has changed its numbering more than once: four shapes, never the same one twice."""
    shape = random.random()
    if shape < 0.35:
        return str(10_000 + number)
    if shape < 0.6:
        return f"C-{10_000 + number}"
    if shape < 0.85:
        return f"KD{number:06d}"
    return f"{random.randrange(10**9, 9 * 10**9)}{number:07d}"


def _as_written(name: str, first: str, middle: str, last: str, random: Random) -> str:
    """The name as it stands in the database: mostly as spoken, sometimes all capitals or the last name
    first."""
    chance = random.random()
    if chance < 0.02:
        return name.upper()
    if chance < 0.035:
        return f"{last}, {first} {middle}".strip()
    return name


def _email(first: str, last: str, domain: str, random: Random) -> str | None:
    if random.random() < 0.35:
        return None
    letters = plain if random.random() < 0.5 else spelled
    one, two = (joined(letters(part)) for part in (first, last))
    digits = str(random.randrange(10, 10_000))
    local = random.choice(
        (
            f"{one}.{two}",
            f"{one}.{two}{digits}",
            f"{one}{two}{digits}",
            f"{one[0]}.{two}",
            f"{one}_{two}",
            f"{one}{digits}",
            f"{one}.{two}+{random.choice(('nyhed', 'kasse', 'shop'))}",
            f"{two}-{one}",
        )
    )
    return f"{local}@{domain}"


def _company_name(lists: Lists, random: Random) -> str:
    last, trade = lists.last.draw(random), random.choice(lists.locale.trades)
    rare = lists.compound.draw(random)
    pattern = random.choice(
        ("{last} {trade}", "{rare} {trade}", "{trade} {rare}", "{last} & {rare}", "{rare}", "{city} {trade}")
    )
    return pattern.format(last=last, trade=trade, rare=rare, city=lists.places.draw(random).split("|")[1])


def _organization_number(country_code: str, random: Random) -> str | None:
    """Digits as the country's registers have them, in one of the writings found in customer tables."""
    if random.random() < 0.1:
        return None
    number = (
        str(random.randrange(10**7, 10**8))
        if country_code in ("dk", "gb", "nl")
        else str(random.randrange(10**8, 10**9))
    )
    if country_code == "se":
        number = f"{random.randrange(550_000, 570_000)}-{random.randrange(10_000):04d}"
    writings = (
        number,
        f"{country_code.upper()}{number}",
        f"{country_code.upper()} {number}",
        f"{number[:2]} {number[2:]}",
    )
    return random.choices(writings, weights=(6, 2, 1, 1))[0]


def _street(lists: Lists, random: Random) -> str:
    street, number = lists.streets.draw(random), random.randrange(1, 200)
    if lists.locale.language == "en":
        return f"{number} {street}"
    floor = ", 2. th" if lists.locale.language == "da" else ""
    return f"{street} {number}{random.choice(('', '', '', 'A', 'B', floor))}"
