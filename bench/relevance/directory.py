"""Who a person would say is meant: the benchmark's own, slow and simple, knowledge of all customers.

The right customers of a term are all those that fit it equally well, not only the one it was made from: where
three people are called Lars Hansen, `lars hansen` is answered by any of them. A term that fits somebody else
better than the one it was made from (a typing error that happens to be another person's name) is not asked.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bench.relevance.people import Person
from bench.relevance.spelling import digits, joined, plain, spelled, words

_SPELLINGS: tuple[Callable[[str], str], ...] = (str, plain, spelled)
_PREFIX_COST = 0.1  # a word that goes on after what was typed is a little less than the word itself


class Directory:
    """Takes every person once, then answers who fits. Customers are named by their place in the order of
    `add`."""

    def __init__(self) -> None:
        self.identifiers: list[str] = []
        self.cities: list[str] = []
        self.postal_codes: list[str] = []
        self.streets: list[str] = []
        self.tails: list[str] = []
        self.names: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self.having_word: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self.named_joined: dict[str, list[int]] = defaultdict(list)
        self.by_phone: dict[str, list[int]] = defaultdict(list)
        self.by_email: dict[str, list[int]] = defaultdict(list)
        self.by_local: dict[str, list[int]] = defaultdict(list)
        self.by_organization: dict[str, list[int]] = defaultdict(list)
        self.by_identifier_digits: dict[str, list[int]] = defaultdict(list)
        self._phone_heads: list[tuple[str, int]] = []
        self._phone_tails: list[tuple[str, int]] = []
        self._identifier_heads: list[tuple[str, int]] = []
        self._postal_codes: set[str] = set()
        self._locals: list[str] = []
        self._spellings: list[list[str]] = []
        self._word_heads: list[list[tuple[str, int]]] = []
        self._vocabulary: list[str] = []

    def add(self, person: Person) -> None:
        """Remember a person."""
        customer, number = person.customer, len(self.identifiers)
        self.identifiers.append(customer.identifier)
        self.cities.append((customer.city or "").lower())
        self.postal_codes.append(customer.postal_code or "")
        self.streets.append((customer.street or "").lower())
        self.tails.append(person.phone.number[-4:] if person.phone else "")
        name = tuple(words(person.spoken))
        self.names[name].append(number)
        for word in name:
            self.having_word[word].add(name)
        self.named_joined[joined(person.spoken)].append(number)
        self._add_numbers(person, number)

    def _add_numbers(self, person: Person, number: int) -> None:
        customer = person.customer
        for head in {customer.identifier.lower(), digits(customer.identifier)}:
            self._identifier_heads.append((head, number))
        self.by_identifier_digits[digits(customer.identifier).lstrip("0")].append(number)
        if person.phone:
            self.by_phone[person.phone.number].append(number)
            for head in {person.phone.number, person.phone.national, person.phone.international}:
                self._phone_heads.append((head, number))
            self._phone_tails.append((person.phone.number[::-1], number))
        if customer.email:
            self.by_email[customer.email].append(number)
            self.by_local[joined(customer.email.split("@")[0].split("+")[0])].append(number)
        if customer.organization_number:
            self.by_organization[digits(customer.organization_number)].append(number)

    def finish(self) -> None:
        """To be called once, when everybody has been added."""
        for heads in (self._phone_heads, self._phone_tails, self._identifier_heads):
            heads.sort()
        self._postal_codes = set(self.postal_codes)
        self._locals = list(self.by_local)
        self._vocabulary = list(self.having_word)
        self._spellings = [[spelling(word) for word in self._vocabulary] for spelling in _SPELLINGS]
        self._word_heads = [
            sorted((word, place) for place, word in enumerate(spellings)) for spellings in self._spellings
        ]

    def right(self, numbers: Iterable[int]) -> frozenset[str]:
        """The identifiers of these customers."""
        return frozenset(self.identifiers[number] for number in numbers)

    def place(self, identifier: str) -> int:
        """The customer with exactly this identifier. Raises ValueError."""
        return self.identifiers.index(identifier)

    def phones_beginning_or_ending(self, text: str) -> set[int]:
        """Everybody whose number, in any national or international writing, begins with these digits or ends
        so."""
        return _starting(self._phone_heads, text) | _starting(self._phone_tails, text[::-1])

    def identifiers_beginning(self, text: str) -> set[int]:
        """Everybody whose identifier, or its digits alone, begins so."""
        return _starting(self._identifier_heads, text.lower())

    def identifiers_nearly(self, text: str) -> set[int]:
        """Everybody whose identifier, or its digits alone, is this with at most two characters to come."""
        found = self.identifiers_beginning(text)
        return {number for number in found if len(digits(self.identifiers[number])) - len(digits(text)) <= 2}

    def phones_one_more_or_less(self, number: str) -> set[int]:
        """Everybody whose national number has these digits and one more, or all of them but one."""
        fewer = {number[:place] + number[place + 1 :] for place in range(len(number))}
        more = {
            number[:place] + digit + number[place:]
            for place in range(len(number) + 1)
            for digit in "0123456789"
        }
        return _whose(self.by_phone, fewer | more)

    def phones_one_wrong(self, number: str) -> set[int]:
        """Everybody whose national number has, but for one digit or two neighbours swapped, these digits."""
        return _whose(self.by_phone, _one_wrong(number))

    def organizations_one_wrong(self, number: str) -> set[int]:
        """Everybody whose registration number has, but for one digit or two neighbours swapped, these."""
        return _whose(self.by_organization, _one_wrong(number))

    def is_postal_code(self, text: str) -> bool:
        """Whether this is anybody's postal code."""
        return text in self._postal_codes

    def locals_near(self, local: str) -> set[str]:
        """The joined local parts of email addresses that are at most one mistake away."""
        return {
            found
            for found, _, _ in extract(local, self._locals, scorer=OSA.distance, score_cutoff=1, limit=None)
        }

    def containing(self, wanted: Iterable[str]) -> set[int]:
        """Everybody whose name has all these words."""
        fitting = [self.having_word.get(word, set()) for word in wanted]
        return self._people_called(set.intersection(*fitting))

    def beginning(self, beginnings: list[str]) -> set[int]:
        """Everybody whose name has, for each of these beginnings, a word of its own that starts so."""
        fitting = []
        for beginning in beginnings:
            found = [self._vocabulary[place] for place in _starting(self._word_heads[1], plain(beginning))]
            fitting.append(set().union(*(self.having_word[word] for word in found)))
        return self._people_called(
            {name for name in set.intersection(*fitting) if _each_its_own(beginnings, name)}
        )

    def nearest(self, typed: list[str], furthest: int) -> set[int]:
        """Everybody whose name needs the fewest corrections to be what was typed, at most `furthest` of
        them; of equal ones those with the fewest words left over. Nobody where no name is as near as
        that."""
        costs = [self._near_words(word, furthest) for word in typed]
        fitting = [set().union(*(self.having_word[word] for word in cost)) for cost in costs]
        ranked: dict[tuple[float, int], set[tuple[str, ...]]] = defaultdict(set)
        for name in set.intersection(*fitting):
            corrections = sum(min(cost[word] for word in name if word in cost) for cost in costs)
            left_over = len(name) - len(typed) if len(typed) > 1 else 0
            ranked[corrections, left_over].add(name)
        best = min(ranked, default=None)
        return self._people_called(ranked[best]) if best and best[0] < furthest + 1 else set()

    def near_word(self, typed: str, furthest: int) -> bool:
        """Whether anybody's name has a word within so many corrections."""
        return bool(self._near_words(typed, furthest))

    def _near_words(self, typed: str, furthest: int) -> dict[str, float]:
        costs: dict[str, float] = {}
        for spelling, spellings, heads in zip(_SPELLINGS, self._spellings, self._word_heads, strict=True):
            wanted = spelling(typed)
            found = extract(wanted, spellings, scorer=OSA.distance, score_cutoff=furthest, limit=None)
            for _, distance, place in found:
                _keep_least(costs, self._vocabulary[place], distance)
            for place in _starting(heads, wanted):
                _keep_least(costs, self._vocabulary[place], 0 if spellings[place] == wanted else _PREFIX_COST)
        return costs

    def _people_called(self, names: Iterable[tuple[str, ...]]) -> set[int]:
        return {number for name in names for number in self.names[name]}


def _whose(owners: dict[str, list[int]], numbers: set[str]) -> set[int]:
    """Everybody who has one of these numbers."""
    return {found for number in numbers for found in owners.get(number, ())}


def _one_wrong(number: str) -> set[str]:
    """All that has another digit in one place, the number itself among it, or two neighbours swapped."""
    places = range(len(number))
    changed = {number[:place] + digit + number[place + 1 :] for place in places for digit in "0123456789"}
    return changed | {number[:at] + number[at + 1] + number[at] + number[at + 2 :] for at in places[:-1]}


def _keep_least(costs: dict[str, float], word: str, cost: float) -> None:
    costs[word] = min(cost, costs.get(word, cost))


def _starting(ordered: list[tuple[str, int]], text: str) -> set[int]:
    found = set()
    for place in range(bisect_left(ordered, (text, -1)), len(ordered)):
        value, number = ordered[place]
        if not value.startswith(text):
            break
        found.add(number)
    return found


def _each_its_own(beginnings: list[str], name: tuple[str, ...]) -> bool:
    """Whether every beginning can have a word of the name to itself (names are short: trying all is
    quick)."""
    if not beginnings:
        return True
    first, rest = plain(beginnings[0]), beginnings[1:]
    return any(
        plain(word).startswith(first) and _each_its_own(rest, (*name[:place], *name[place + 1 :]))
        for place, word in enumerate(name)
    )
