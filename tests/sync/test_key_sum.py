"""Keys told apart by a sum."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sync.key_sum import KeySum

KEYS = st.lists(st.text(max_size=2), max_size=6)


def of(keys: list[str]) -> KeySum:
    found = KeySum()
    found.add(keys)
    return found


@given(KEYS, KEYS)
def test_equal_where_the_keys_are_the_same_in_any_order_each_as_often(
    one: list[str], other: list[str]
) -> None:
    assert of(one) == of(one[::-1])
    assert (of(one) == of(other)) == (Counter(one) == Counter(other))
