"""Items that a file names: what each has of its own, and where those stand that are on the board at time 0."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vssim.clock import MILLION, NOT_YET, Ints, Reals, ticks, ticks_of
from vssim.model.demand import ItemType
from vssim.model.distributions import Distribution
from vssim.model.items import Item
from vssim.workload.draws import drawn
from vssim.workload.luck import MARK, Luck

NAMED = "@items"
"""The name, beside their type, of the luck of named items; no type has such a name."""

AFTER_ALL = 2**31
"""Added to the numbers of items that a file names: of two items that arrive at once, theirs is the higher one."""

NEARLY_ALL = 1 - 2.0**-53


@dataclass(frozen=True, eq=False)
class Listed:
    """Items of one type that a file names, one a row, whose parts are the same. Arrays of shape (n,)."""

    items: tuple[Item, ...]
    numbers: Ints
    """of the rows among all that the type names, with the marks of their replications, rising: they name their luck"""

    def __len__(self) -> int:
        return len(self.items)

    linked: bool = False
    """some item of the scenario waits for others"""

    def only(self, rows: Ints) -> Listed:
        """Some of the rows."""
        return Listed(tuple(self.items[row] for row in rows.tolist()), self.numbers[rows], self.linked)

    def priorities(self, kind: ItemType) -> Ints:
        """Their priorities in an organisation with this type; an item that it does not name keeps its own."""
        named = [item for item in kind.items for _ in range(item.count)]
        rows = (self.numbers & ((1 << MARK) - 1)).tolist()
        there = all(row < len(named) and named[row].id == item.id for row, item in zip(rows, self.items, strict=True))
        own = [named[row].priority for row in rows] if there else [item.priority for item in self.items]
        return np.array([kind.priority if each is None else each for each in own], np.int64)

    @cached_property
    def parts(self) -> dict[str, int]:
        """The parts of each, where the items themselves say it."""
        return self.items[0].parts if self.items else {}

    @cached_property
    def arrived(self) -> Ints:
        """When they arrive, or arrived: before time 0 negative [ticks]."""
        return np.array([ticks(item.arrived) for item in self.items], np.int64)

    @cached_property
    def here(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether they are there as the run begins."""
        return np.array([item.is_here for item in self.items], bool)

    @cached_property
    def since(self) -> Ints:
        """Since when they are where they are: not after time 0 [ticks]."""
        return np.array([ticks(item.since) for item in self.items], np.int64)

    def sizes(self, luck: Luck, lineage: str) -> Reals:
        """Their factors on their type's size."""
        return self._drawn([item.size for item in self.items], luck, lineage, "", "own size", 1.0)

    def works(self, step: str, luck: Luck, lineage: str) -> Ints:
        """Their own work at a step [ticks]; −1 where they have none."""
        works = self._drawn([item.work.get(step) for item in self.items], luck, lineage, step, "own work", np.nan)
        return np.where(np.isnan(works), NOT_YET, ticks_of(np.nan_to_num(works)))

    def values(self, luck: Luck, lineage: str, otherwise: Reals) -> Reals:
        """What each is worth, where it says so."""
        own: Reals = self._drawn([item.value for item in self.items], luck, lineage, "", "own value", np.nan)
        return np.where(np.isnan(own), otherwise, own)

    def dues(self, luck: Luck, lineage: str, otherwise: Ints) -> Ints:
        """Due date after arrival [ticks], where they say it; a date that is over when they arrive is due at once."""
        spans = [item.due if isinstance(item.due, Distribution) else None for item in self.items]
        own = self._drawn(spans, luck, lineage, "", "own due", np.nan)
        dues = np.where(np.isnan(own), otherwise, ticks_of(np.nan_to_num(own)))
        for row, item in enumerate(self.items):
            if isinstance(item.due, float):
                dues[row] = max(0, ticks(item.due) - int(self.arrived[row]))
        return dues

    def _drawn(
        self, given: list[Distribution | None], luck: Luck, lineage: str, step: str, purpose: str, otherwise: float
    ) -> Reals:
        numbers = np.full(len(given), otherwise)
        rows: dict[Distribution, list[int]] = {}
        for row, distribution in enumerate(given):
            if distribution is not None:
                rows.setdefault(distribution, []).append(row)
        if rows:
            uniforms = luck.uniforms(self.numbers, lineage, step, purpose)
            for distribution, places in rows.items():
                numbers[places] = distribution.quantile(uniforms[places])
        return numbers


def listed(kind: ItemType, replications: int, *, linked: bool = False) -> Iterator[Listed]:
    """The items that a type names, for each replication once, those with the same parts together."""
    items = [item for item in kind.items for _ in range(item.count)]
    groups: dict[tuple[tuple[str, int], ...], list[int]] = {}
    for row, item in enumerate(items):
        groups.setdefault(tuple(item.parts.items()), []).append(row)
    for rows in groups.values():
        numbers = np.array(rows, np.int64) + (np.arange(replications)[:, None] << MARK)
        yield Listed(tuple(items[row] for row in rows) * replications, numbers.ravel(), linked)


@dataclass(frozen=True, eq=False)
class Begun:
    """Some items as they stand at a halt when the run begins. Arrays of shape (n,)."""

    done: Ints
    """own work there that is done [ticks]"""
    finished: np.ndarray[tuple[int], np.dtype[np.bool_]]
    """whether all is done there"""
    stuck: Ints
    """the number of the need of the halt that they wait for; −1 none"""
    ages: Ints
    """how long they are there [ticks]"""

    def only(self, rows: Ints) -> Begun:
        """Some of the items."""
        return Begun(self.done[rows], self.finished[rows], self.stuck[rows], self.ages[rows])


def left_given(distribution: Distribution, uniforms: Reals, ages: Ints, factor: Reals | float = 1.0) -> Ints:
    """What is left of durations, times `factor`, that have lasted for `ages` already [ticks]; (n,).

    Drawn from what is beyond the age: u' = F(age) + u · (1 − F(age)). Nothing is left where no duration is as long.
    """
    passed = ages / MILLION
    share = _below(distribution, passed / factor)
    whole: Ints = drawn(distribution, np.minimum(share + uniforms * (1 - share), NEARLY_ALL), factor)
    left: Ints = np.maximum(whole - ages, 0)
    return left


def _below(distribution: Distribution, values: Reals) -> Reals:
    """The share of all draws up to some values, found by bisection; (n,)."""
    low, high = np.zeros(len(values)), np.ones(len(values))
    for _ in range(60):
        middle = (low + high) / 2
        under = distribution.quantile(np.minimum(middle, NEARLY_ALL)) <= values
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return low
