"""Precedence: what says of items, while an organisation is in force, which of them comes first and which waits no longer.

An item is sorted by the organisation in force, whichever way it goes. Organisations one after the other that say the same of
all items share a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vssim.clock import FLAG, Ints, Numbers, Reals
from vssim.model.demand import ItemType
from vssim.model.distributions import Distribution
from vssim.workload.draws import drawn
from vssim.workload.families import Member, Walk
from vssim.workload.journeys import Cohort
from vssim.workload.listed import Listed, left_given
from vssim.workload.luck import Luck
from vssim.workload.program import KEPT_BY_DELIVERY, KEPT_BY_PULL, KEPT_BY_START
from vssim.workload.ranks import SORTED_BY_RANK, rank
from vssim.workload.together import Together
from vssim.workload.ways import of_precedence

Mask = NDArray[np.bool_]


class Precedences:
    """The tables of precedence being filled, member by member; (rows, items)."""

    def __init__(self, together: Together, luck: Luck, count: int) -> None:
        self.together, self.luck = together, luck
        self.rows = together.first.rows
        """(routings,) the row of each"""
        self.last = np.searchsorted(self.rows, np.arange(self.rows[-1] + 1), side="right") - 1
        """(rows,) the last routing that has it"""
        shape = (len(self.last), count)
        # Most models have nobody who gives up or interrupts: one number for all takes no memory, and no time to write.
        kinds = [kind for ways in together.each for model in ways.models for kind in model.demand.values()]
        patient, urgent = any(kind.gives_up is not None for kind in kinds), any(kind.interrupts for kind in kinds)
        self.priority = np.zeros(shape, np.int64)
        self.ranked = any(model.discipline in SORTED_BY_RANK for model in together.first.models)
        self.ranks = np.zeros(shape, np.int64) if self.ranked else np.broadcast_to(np.int64(0), shape)
        self.expedite = np.zeros(shape, FLAG)
        self.interrupts = np.zeros(shape, FLAG) if urgent else np.broadcast_to(FLAG(0), shape)
        self.patience = np.full(shape, -1, np.int64) if patient else np.broadcast_to(np.int64(-1), shape)
        self.unless = np.zeros(shape, FLAG) if patient else np.broadcast_to(FLAG(0), shape)

    def columns(self) -> dict[str, Numbers]:
        """As an ItemTable has them."""
        names = ("priority", "expedite", "interrupts", "patience", "unless")
        return {name: getattr(self, name) for name in names} | {"rank": self.ranks, "precedence": self.rows}

    def write(self, member: Member, rows: Ints) -> None:
        """What a member's type says of its items, in each row that may be in force while they are there."""
        listed = member.cohort.listed
        for row, kind, who in self._in_force(member):
            cohort, places = member.cohort.only(who), rows[who]
            self.priority[row, places] = kind.priority if listed is None else _listed(cohort).priorities(kind)
            self.expedite[row, places] = kind.expedite
            if kind.interrupts:
                self.interrupts[row, places] = 1
            if kind.gives_up is not None:
                uniforms = Draws(self.luck, cohort).uniforms("patience")
                self.patience[row, places] = _patience(kind.gives_up.after, uniforms, cohort.listed)
                self.unless[row, places] = UNLESS[kind.gives_up.unless]

    def rank(self, member: Member, walk: Walk, rows: Ints, cost: Reals, due: Ints) -> None:
        """What a member's items that may go a way are sorted by where it is the way in force.

        `cost` of delay and `due` date after arrival [ticks] of those that walk it (n,).
        """
        if not self.ranked:
            return
        journey, kind = walk.journeys, walk.kind
        for row, last in enumerate(self.last.tolist()):
            discipline = self.together.first.models[last].discipline
            if discipline not in SORTED_BY_RANK:
                continue
            here = (walk.way == member.tracks.ways[member.world[walk.who], last]) & (member.since[walk.who] <= last)
            if here.any():
                draws = Draws(self.luck, member.cohort.only(walk.who))
                estimate = journey.work * draws.values(kind.estimate, "estimate")
                self.ranks[row, rows[walk.who[here]]] = rank(discipline, kind, estimate, cost, due)[here]

    def _in_force(self, member: Member) -> Iterator[tuple[int, ItemType, Ints]]:
        """By row that may be in force while some of a member's items are there: the row, their type in it, and who they are."""
        everyone, first = np.arange(len(member.since)), int(member.since.min())
        for row in range(int(self.rows[first]), len(self.last)):
            last = int(self.last[row])
            who = everyone if len(self.last) == 1 else np.flatnonzero(member.since <= last)
            for kind, worlds in self._kinds(member, last):
                yield row, kind, who if worlds.all() else who[worlds[member.world[who]]]

    def _kinds(self, member: Member, routing: int) -> Iterator[tuple[ItemType, Mask]]:
        """The types that a member's items have in a routing, and the worlds in which they have each; (worlds,)."""
        kinds = [member.tracks.kind(world, routing) for world in range(len(member.tracks.each))]
        said = [of_precedence(kind) for kind in kinds]
        alike = np.array([said.index(each) for each in said])
        for number in np.unique(alike).tolist():
            yield kinds[number], alike == number


def _listed(cohort: Cohort) -> Listed:
    assert cohort.listed is not None
    return cohort.listed


@dataclass(frozen=True)
class Draws:
    """What is drawn once per item of a cohort."""

    luck: Luck
    cohort: Cohort

    def uniforms(self, purpose: str) -> Reals:
        """Their uniforms for a purpose (n,)."""
        return self.luck.uniforms(self.cohort.numbers, self.cohort.nature, "", purpose)

    def values(self, distribution: Distribution, purpose: str) -> Reals:
        """What each draws from a distribution (n,)."""
        if distribution.is_constant:
            return np.full(len(self.cohort.numbers), distribution.mean)
        return distribution.quantile(self.uniforms(purpose))


def _patience(after: Distribution, uniforms: Reals, named: Listed | None) -> Ints:
    """How long after arrival they give up [ticks]; who is there already has had the patience until now."""
    if named is None:
        return drawn(after, uniforms)
    ages = np.maximum(-named.arrived, 0) * named.here
    return ages + left_given(after, uniforms, ages)


UNLESS = {"pulled": KEPT_BY_PULL, "started": KEPT_BY_START, "delivered": KEPT_BY_DELIVERY}
