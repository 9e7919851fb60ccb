"""What items have of their own in place of what their type says: items of the past, and slices of items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vssim.clock import NOT_YET, Ints, Reals, ticks_of
from vssim.model.history import Weeks
from vssim.workload.luck import Luck


class Own(Protocol):
    """What n items have of their own."""

    def only(self, rows: Ints) -> Own:
        """Some of the items."""
        ...

    def sizes(self, luck: Luck, lineage: str) -> Reals:
        """Their factors on their type's size (n,)."""
        ...

    def works(self, step: str, luck: Luck, lineage: str) -> Ints:
        """Their own work at a step (n,) [ticks]; −1 where they have none."""
        ...

    def values(self, luck: Luck, lineage: str, otherwise: Reals) -> Reals:
        """What each is worth (n,), where it says so."""
        ...

    def dues(self, luck: Luck, lineage: str, otherwise: Ints) -> Ints:
        """Due date after arrival (n,) [ticks], where they say it."""
        ...


@dataclass(frozen=True, eq=False)
class Recorded:
    """Items that arrive as others did in the past: all figures come from the records, none from luck."""

    weeks: Weeks
    rows: Ints
    """(n,) which arrival of the past each is"""

    def only(self, rows: Ints) -> Recorded:
        """Some of the items."""
        return Recorded(self.weeks, self.rows[rows])

    def sizes(self, luck: Luck, lineage: str) -> Reals:
        """Their factors on their type's size (n,)."""
        del luck, lineage
        sizes = self.weeks.size[self.rows]
        return np.where(np.isnan(sizes), 1.0, sizes)

    def works(self, step: str, luck: Luck, lineage: str) -> Ints:
        """Their own work at a step (n,) [ticks]; −1 where they have none."""
        del luck, lineage
        if step not in self.weeks.work:
            return np.full(len(self.rows), NOT_YET, np.int64)
        return _ticks(self.weeks.work[step][self.rows], np.full(len(self.rows), NOT_YET, np.int64))

    def values(self, luck: Luck, lineage: str, otherwise: Reals) -> Reals:
        """What each is worth (n,), where it says so."""
        del luck, lineage
        values = self.weeks.value[self.rows]
        return np.where(np.isnan(values), otherwise, values)

    def dues(self, luck: Luck, lineage: str, otherwise: Ints) -> Ints:
        """Due date after arrival (n,) [ticks], where they say it."""
        del luck, lineage
        return _ticks(self.weeks.due[self.rows], otherwise)


def _ticks(times: Reals, otherwise: Ints) -> Ints:
    return np.where(np.isnan(times), otherwise, ticks_of(np.nan_to_num(times)))


@dataclass(frozen=True, eq=False)
class Cut:
    """Slices of items with something of their own."""

    wholes: Own
    lineage: str
    """of the wholes"""
    share: float
    """the share of the whole's work that a slice has"""

    def only(self, rows: Ints) -> Cut:
        """Some of the items."""
        return Cut(self.wholes.only(rows), self.lineage, self.share)

    def sizes(self, luck: Luck, lineage: str) -> Reals:
        """Their factors on their type's size (n,): their whole's."""
        del lineage
        return self.wholes.sizes(luck, self.lineage)

    def works(self, step: str, luck: Luck, lineage: str) -> Ints:
        """Their own work at a step (n,) [ticks]: a share of their whole's; −1 where that has none."""
        del lineage
        whole = self.wholes.works(step, luck, self.lineage)
        return np.where(whole == NOT_YET, whole, np.rint(whole * self.share).astype(np.int64))

    def values(self, luck: Luck, lineage: str, otherwise: Reals) -> Reals:
        """What the whole is worth is the whole's."""
        del luck, lineage
        return otherwise

    def dues(self, luck: Luck, lineage: str, otherwise: Ints) -> Ints:
        """Due date after arrival (n,) [ticks]: their whole's, where it says one."""
        del lineage
        return self.wholes.dues(luck, self.lineage, otherwise)
