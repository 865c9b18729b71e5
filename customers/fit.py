"""Fit: how well one word of a term fits one customer, and what it fits.

    exact                                1.0
    exact, but for ø or aa, or joined    0.996, and an identifier without its zeros after letters
    exact, in the address                0.97, of two letters 0.85 and of a city's 0.88
    last digits of the phone             0.95, and a registration number but for its country
    last part of the identifier          0.946, where it has several: KUND/10/000682
    the beginning of a name or a code    0.90 to 0.98, more where less is missing
    a postal code typed alone            0.90
    last digits of the identifier        0.90
    a nickname                           0.88
    letters alone, in an email           0.77 to 0.85
    the beginning of a word of a street  0.60 to 0.75, and 0.15 more of a city behind another word
    exact, in the additional information 0.80
    a company form typed alone           0.85
    a typo                               0.55 to 0.80, less for each wrong letter; times 0.85 in the address,
                                         0.95 in a city behind another word
    the last two or three of the phone   0.70, beside a name
    the same sound                       0.40 to 0.70
    the beginning of a name with a typo  0.45 to 0.60
    words written as one, unfinished     0.58 to 0.79, more the more of the last is there
    one character of a code differs      0.55
    a digit of a phone too many or few   0.50; each of a phone times 0.95 where a zero was dialled in vain
    begun with `a` where `å` was typed   0.50
    a company form where `ås` was typed  times 0.60, at the end; in front 0.004 less: `Asa` may be Åsa

So what may be a mistake stands below what was typed as it is written, but for the beginnings of streets and
of words written as one, which say no more than a mistake in a name does.
"""

from typing import NamedTuple

from customers.spelling import BEGINNING

FOLDED = 0.004
FOLDED_BEGINNING = 0.05
IN_PLACE = 0.97
LAST_DIGITS = 0.95
LAST_PART = 0.946
# Two or three digits: a house sooner than that.
SHORT_ENDING = 0.7
OTHER_FORM = 0.88
# `a` where `å` was typed: it may be written without its ring.
OTHER_LETTER = 0.5
# What looks like a company's form and stands at the end is one, more likely than a name.
NO_FORM = 0.6
IN_EMAIL = 0.85
SHORT_PLACE = 0.85
# More than the beginning of a longer one of as many letters: `jensen ry` is of Ry sooner than of Rye.
SHORT_CITY = 0.88
FOREIGN_ZERO = 0.95
PLACE_BEGINNING = 0.6
WHOLE_PLACE_BEGINNING = 0.75
MOST_OF_A_PLACE = (PLACE_BEGINNING + 2 * WHOLE_PLACE_BEGINNING) / 3
# Behind another word a cashier types a city sooner than a street: more for its beginning, and for a mistyped
# one.
CITY_BEGINNING = 0.15
# A word of the additional information alone: it tells least of what is on file.
NOTE = 0.8
MISTYPED_PLACE = 0.85
MISTYPED_CITY = 0.95
ONE_DIFFERS = 0.55
ONE_TOO_MANY_OR_FEW = 0.5
# How the evidence ends of what is typed as it is written, to its end.
_WHOLE = ("exact", "digits")
_OTHER_FORM = "another form"
# How the evidence ends of what fits only with a mistake.
_MISTAKES = ("typo", "sound", "differs", "missing", "too many")


class Fit(NamedTuple):
    """`score` is 0 to 1. `evidence` says what fits and how, without personal data: `name: exact`. `names` are
    the places of the words of the customer's name that it fits, if any; `place` is that of the word of
    its address, counted from -1 downwards."""

    score: float = 0.0
    evidence: str = ""
    names: tuple[int, ...] = ()
    place: tuple[int, ...] = ()

    @property
    def is_to_the_end(self) -> bool:
        """Whether the word is typed as it is written, or the end of a number is."""
        return self.evidence.endswith(_WHOLE)

    @property
    def is_whole(self) -> bool:
        """Whether it is, and says so much that nothing else was meant."""
        return self.score >= BEGINNING and self.is_to_the_end

    @property
    def is_other_form(self) -> bool:
        """Whether the word is another form of a name."""
        return self.evidence.endswith(_OTHER_FORM)

    @property
    def is_mistaken(self) -> bool:
        """Whether the word fits nothing, or only with a mistake."""
        return not self.evidence or self.evidence.endswith(_MISTAKES)

    @property
    def is_lacking(self) -> bool:
        """Whether the word fits nothing, or hardly: only the last two or three digits of a phone, or a word
        of the address with a mistake."""
        is_short_ending = self.score == SHORT_ENDING and self.evidence.endswith("digits")
        return not self.score or is_short_ending or (bool(self.place) and self.is_mistaken)

    @property
    def is_most_of_a_place(self) -> bool:
        """Whether it is more than two thirds of a word of the address, as it is written. Less of a street may
        be the name in it: `Hillerødgade`."""
        if self.is_begun_city:
            return self.score >= MOST_OF_A_PLACE + CITY_BEGINNING
        return self.score >= MOST_OF_A_PLACE and self.evidence == "address: beginning"

    @property
    def is_begun_city(self) -> bool:
        """Whether it is the beginning of a city, behind another word."""
        return self.evidence == "city: beginning"

    @property
    def is_city(self) -> bool:
        """Whether it is that, or all of a word of the address."""
        return self.is_begun_city or self.evidence == "address: exact"

    @property
    def words(self) -> tuple[int, ...]:
        """The customer's own words that it fits, which no other word of the term may fit too."""
        return self.names or self.place


NO_FIT = Fit()
