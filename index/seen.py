"""Which keys a load has already written, in memory that does not grow with the table."""

# 32 million bits: of ten million keys every fifth is taken for one seen before, of one million every 300th.
_BITS = 25
_MASK = (1 << _BITS) - 1


class SeenKeys:
    """A Bloom filter: says no only of keys that were never added, and yes of nearly no others."""

    def __init__(self) -> None:
        self._bits = bytearray(1 << (_BITS - 3))

    def add(self, key: str) -> bool:
        """Add a key, and say whether it may have been there. Both probes are cut from its own hash, since
        this is asked for every document."""
        number = hash(key)
        bits = self._bits
        first, second = number & _MASK, (number >> _BITS) & _MASK
        first_bit, second_bit = 1 << (first & 7), 1 << (second & 7)
        seen = bits[first >> 3] & first_bit and bits[second >> 3] & second_bit
        bits[first >> 3] |= first_bit
        bits[second >> 3] |= second_bit
        return bool(seen)
