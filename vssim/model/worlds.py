"""Worlds: one draw of all beliefs each, spread evenly over what is thought possible.

A Latin hypercube (McKay, Beckman & Conover 1979): of n worlds, each n-th of every belief has one. At a doubling every n-th is
halved and the empty halves get one world each, so that more worlds keep those that there are. Beliefs that go together are tied
by a Gaussian copula with the rank correlation that is asked for (r = 2 sin(π ρ / 6)).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from vssim.clock import Ints, Reals
from vssim.model.beliefs import Uncertain

FIRST = 25
"""Worlds of the first hypercube; it doubles from there."""


@dataclass(frozen=True)
class Tie:
    """A rank correlation between two facts, by their numbers."""

    first: int
    second: int
    rank: float


def uniforms(names: Sequence[str], ties: Sequence[Tie], seed: int, count: int) -> Reals:
    """For `count` worlds and each named fact a uniform in (0, 1); shape (count, facts). The first of more worlds are the same.

    A fact's stream is named after it, so that another belief beside it moves nothing. With ties the later facts of a group are
    moved as far as the correlation asks for; each alone stays uniform.
    """
    columns = [_column(name, seed, count) for name in names]
    table = np.stack(columns, axis=1) if columns else np.zeros((count, 0))
    return _tied(table, ties) if ties else table


def _column(name: str, seed: int, count: int) -> Reals:
    """The uniforms of one fact, for at least so many worlds; (worlds,)."""
    key = blake2b(f"{seed}\x1fworlds\x1f{name}".encode(), digest_size=16).digest()
    luck = np.random.Generator(np.random.Philox(key=np.frombuffer(key, "<u8")))
    uniforms: Reals = (luck.permutation(FIRST) + luck.random(FIRST)) / FIRST
    while len(uniforms) < count:
        parts = 2 * len(uniforms)
        # each world so far lies in one half of its part: the other halves are empty, and get one new world each
        empty = np.setdiff1d(np.arange(parts), np.floor(uniforms * parts).astype(np.int64))
        uniforms = np.concatenate([uniforms, (luck.permutation(empty) + luck.random(len(empty))) / parts])
    return uniforms[:count]


def complete(count: int) -> int:
    """How many of the first `count` worlds are a whole hypercube; 0 where there are fewer than the first has."""
    whole = FIRST
    while 2 * whole <= count:
        whole *= 2
    return whole if whole <= count else 0


def correlation(ties: Sequence[Tie], facts: int) -> Reals:
    """The matrix of normal correlations that the ties ask for; shape (facts, facts)."""
    matrix = np.eye(facts)
    for tie in ties:
        matrix[tie.first, tie.second] = matrix[tie.second, tie.first] = 2 * math.sin(math.pi * tie.rank / 6)
    return matrix


def _tied(table: Reals, ties: Sequence[Tie]) -> Reals:
    from vssim.special import ndtr, ndtri

    root = np.linalg.cholesky(correlation(ties, table.shape[1]))
    tied: Reals = ndtr(ndtri(table) @ root.T)
    return tied


def drawn(uncertain: Uncertain, seed: int, count: int) -> Reals:
    """The uniforms of `count` worlds; shape (count, facts). Of members, the row of the file that each world is; (count, 1)."""
    if uncertain.members is not None:
        return _members(len(uncertain.members.rows), seed, count)[:, None].astype(np.float64)
    return uniforms(uncertain.facts, _ties(uncertain), seed, count)


def apart(uncertain: Uncertain, seed: int, count: int) -> Reals:
    """The value of every fact in `count` worlds before facts are tied to each other: what is spread evenly, each by itself.

    Where nothing is tied they are the worlds' `values`. Shape (count, facts); not of members, which no hypercube spreads.
    """
    return values(uncertain, uniforms(uncertain.facts, (), seed, count))


def _ties(uncertain: Uncertain) -> list[Tie]:
    facts = uncertain.facts
    return [
        Tie(facts.index(first), facts.index(second), each.rank)
        for each in uncertain.correlated
        for place, first in enumerate(each.figures)
        for second in each.figures[place + 1 :]
    ]


def settings(uncertain: Uncertain, place: Reals) -> dict[str, Any]:
    """By path what stands there in one world. `place`: its row of `drawn`."""
    if uncertain.members is not None:
        return dict(zip(uncertain.members.paths, uncertain.members.rows[int(place[0])], strict=True))
    values_by_path, begin = {}, 0
    for belief in uncertain.beliefs:
        end = begin + len(belief.ranges)
        values_by_path[belief.path] = belief.value(tuple(float(uniform) for uniform in place[begin:end]))
        begin = end
    return values_by_path


def values(uncertain: Uncertain, places: Reals) -> Reals:
    """The value of every fact in every world, NaN for one that is no number; shape (worlds, facts)."""
    if uncertain.members is not None:
        table = np.array(uncertain.members.numbers())
        chosen: Reals = table[places[:, 0].astype(np.int64)]
        return chosen
    ranges = [each for belief in uncertain.beliefs for each in belief.ranges]
    return np.array([[each.at(float(uniform)) for each, uniform in zip(ranges, row, strict=True)] for row in places])


def _members(rows: int, seed: int, count: int) -> Ints:
    """Which member each world is: each once, in an order of the seed's, before any is there twice."""
    luck = np.random.Generator(np.random.Philox(key=np.array([seed, 7], np.uint64)))
    rounds = [luck.permutation(rows) for _ in range(-(-count // rows))]
    return np.concatenate(rounds)[:count]
