"""Which keys a load has already written, in memory that does not grow with the table."""

# 32 million bits: of ten million keys every fourth is taken for one seen before, of one million every
# 5,000th.
_BITS = 1 << 25
_PROBES = 4


class SeenKeys:
    """A Bloom filter: says no only of keys that were never added, and yes of nearly no others."""

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def add(self, key: bytes) -> bool:
        """Add a key (at least 12 random bytes, such as a digest) and say whether it may have been there."""
        number = int.from_bytes(key[:12], "little")
        bits = self._bits
        seen = True
        for _ in range(_PROBES):
            place, mask = (number & (_BITS - 1)) >> 3, 1 << (number & 7)
            if not bits[place] & mask:
                seen = False
                bits[place] |= mask
            number >>= 23
        return seen
