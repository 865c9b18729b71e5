"""The order of customers in Tantivy, which orders by one number."""

import pytest

from customers.order import MOST_OTHERS, ORDER_BITS
from index.tantivy_query import name_order

LAST = 2**ORDER_BITS - 1


@pytest.mark.parametrize("others", range(MOST_OTHERS + 1))
def test_who_is_called_little_else_comes_before_any_other_order(others: int) -> None:
    assert name_order(others, 0) > name_order(others + 1, LAST)
    assert name_order(others, 1) > name_order(others, 0)


def test_it_fits_into_the_engines_numbers() -> None:
    """And the order does into ours: tests/customers/test_order.py."""
    assert LAST == 2**53 - 1
    assert 0 <= name_order(MOST_OTHERS + 1, 0) < name_order(0, LAST) < 2**64
