"""Philox 4×64 of ten rounds (Salmon et al. 2011) as NumPy has it, at any place of any stream.

Place n of a stream is word n mod 4 of the block that the counter n div 4 + 1 gives under the stream's key; its upper 53 bits are
the uniform. `vssim/workload/luck.py` says what a key is made of, and draws the same with NumPy's own generator.
"""

from __future__ import annotations

from vssim.engines import passes

COUNT, ITEMS, VISITS, KEYS, FOUND, ROWS = range(6)
"""Words: how many items; their numbers, the replication's above bit 32; their visit numbers (0: none); by replication and visit
a key of two words; where the uniforms go; how many visits of a replication have keys."""

WORDS = 6

MARK = 32
NUMBER = 2**MARK - 1
UPPER = 2**53 - 1

FIRST, SECOND = 0xD2E7470EE14C6C93 - 2**64, 0xCA5A826395121157 - 2**64
"""The two multipliers, as signed words."""

BUMP, BUMP_2 = 0x9E3779B97F4A7C15 - 2**64, 0xBB67AE8584CAA73B - 2**64
"""What the two words of a key grow by from round to round."""


@passes.entrance
def uniforms_at(address: int) -> None:
    """Write the uniforms that the list of words at `address` asks for into its array."""
    words = passes.numbers_at(address, passes.int64)
    items, keys = passes.numbers_at(words[ITEMS], passes.int64), passes.numbers_at(words[KEYS], passes.int64)
    visits, uniforms = passes.numbers_at(words[VISITS], passes.int64), passes.numbers_at(words[FOUND], passes.float64)
    at = last = -1
    a = b = c = d = 0
    for place in range(words[COUNT]):
        row = (items[place] >> MARK) * words[ROWS] + (visits[place] if words[VISITS] else 0)
        block = (items[place] & NUMBER) >> 2
        if block != at or row != last:
            at, last = block, row
            a, b, c, d = block + 1, 0, 0, 0
            key, other = keys[2 * row], keys[2 * row + 1]
            for _ in range(10):
                high, high_2 = passes.high_product(a, FIRST), passes.high_product(c, SECOND)
                a, b, c, d = high_2 ^ b ^ key, c * SECOND, high ^ d ^ other, a * FIRST
                key, other = key + BUMP, other + BUMP_2
        lane = items[place] & 3
        word = a if lane == 0 else b if lane == 1 else c if lane == 2 else d
        uniforms[place] = ((word >> 11) & UPPER) * (1.0 / 2**53)
