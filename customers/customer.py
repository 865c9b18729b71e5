"""Customer and Balance: what the POS shows, as the rest of the project speaks of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Balance:
    """One customer's account in one currency.

    `currency` is an ISO 4217 code in upper case. The amounts are in that currency's main unit. What the
    customer owes is negative in `balance` and `balance_overdue`, whatever the source says (its `owed` setting
    is applied on the way in); `credit_limit` is positive. An amount that the source leaves NULL is None.
    """

    currency: str
    balance: Decimal | None = None
    balance_overdue: Decimal | None = None
    credit_limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """One of the merchant's customers.

    The fields are those of the POS's Customer object, except that `balances` holds every currency, of which
    an answer shows one. A missing or blank value is None. `updated_at` is when the source says the row last
    changed (aware, UTC), None where the source does not say; it is not sent to the POS.
    """

    identifier: str
    name: str | None = None
    phone: str | None = None
    street: str | None = None
    city: str | None = None
    postal_code: str | None = None
    country: str | None = None
    country_code: str | None = None
    email: str | None = None
    additional_info: str | None = None
    organization_number: str | None = None
    block_sales: bool | None = None
    balances: tuple[Balance, ...] = ()
    updated_at: datetime | None = None

    def balance_in(self, currency: str) -> Balance | None:
        """This customer's account in `currency` (ISO 4217, upper case), or None where there is none."""
        for balance in self.balances:
            if balance.currency == currency:
                return balance
        return None
