"""Made-up people that many tests know by name."""

from datetime import UTC, datetime
from decimal import Decimal

from customers.customer import Balance, Customer

SOREN = Customer(
    identifier="C-10023",
    name="Søren Kjær Hansen",
    phone="+45 12 34 56 78",
    street="Nygade 12",
    city="Aarhus",
    postal_code="8000",
    country="Danmark",
    country_code="dk",
    email="soren.kjaer@example.dk",
    additional_info="Kun mod faktura",
    organization_number="DK87654321",
    block_sales=False,
    balances=(
        Balance("DKK", Decimal("-500.10"), Decimal("-300.00"), Decimal(1000)),
        Balance("EUR", Decimal("0.10")),
    ),
    updated_at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
)
LARS = Customer(
    identifier="C-10024",
    name="Lars Hansen",
    phone="22 33 44 55",
    street="Vestergade 1",
    city="Odense",
    postal_code="5000",
    country_code="dk",
    email="lars@hansen.example",
)
KRISTIAN = Customer(
    identifier="C-10025", name="Christian Meyer", phone="+46 70 123 45 67", city="Malmö", country_code="se"
)
ANNE_MARIE = Customer(
    identifier="C-10026",
    name="Anne-Marie O'Brien",
    phone="0044 20 7946 0958",
    city="London",
    country_code="gb",
)
BAKERY = Customer(
    identifier="C-10027",
    name="Bageriet Solsikken A/S",
    phone="70 10 20 30",
    street="Søndergade 8",
    city="Aarhus",
    postal_code="8000",
    organization_number="DK11223344",
    block_sales=True,
)
EVERYONE = (SOREN, LARS, KRISTIAN, ANNE_MARIE, BAKERY)
