"""Precedence: what says of items, while an organisation is in force, which of them comes first and which waits no longer.

An item is sorted by the organisation in force, whichever way it goes. Organisations one after the other that say the same of
all items share a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from vssim.clock import FLAG, Ints, Numbers, Reals
from vssim.model.demand import ItemType
from vssim.model.distributions import Distribution
from vssim.model.model import Model
from vssim.workload.draws import drawn
from vssim.workload.families import Member, Walk
from vssim.workload.journeys import Cohort
from vssim.workload.listed import Listed, left_given
from vssim.workload.luck import Luck
from vssim.workload.program import KEPT_BY_DELIVERY, KEPT_BY_PULL, KEPT_BY_START
from vssim.workload.ranks import SORTED_BY_RANK, rank
from vssim.workload.ways import Ways


class Precedences:
    """The tables of precedence being filled, member by member; (rows, items)."""

    def __init__(self, ways: Ways, luck: Luck, count: int) -> None:
        self.ways, self.luck = ways, luck
        self.rows = _rows(ways)
        """(routings,) the row of each"""
        self.last = np.searchsorted(self.rows, np.arange(self.rows[-1] + 1), side="right") - 1
        """(rows,) the last routing that has it"""
        shape = (len(self.last), count)
        # Most models have nobody who gives up or interrupts: one number for all takes no memory, and no time to write.
        kinds = [kind for model in ways.models for kind in model.demand.values()]
        patient, urgent = any(kind.gives_up is not None for kind in kinds), any(kind.interrupts for kind in kinds)
        self.priority = np.zeros(shape, np.int64)
        self.ranked = any(model.discipline in SORTED_BY_RANK for model in ways.models)
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
        track, listed = member.track, member.cohort.listed
        for row, last, who in self._in_force(member):
            kind, places = track.routes[int(track.ways[last])].kind, rows[who]
            cohort = member.cohort.only(who)
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
            discipline = self.ways.models[last].discipline
            if discipline not in SORTED_BY_RANK:
                continue
            here = (walk.way == member.track.ways[last]) & (member.since[walk.who] <= last)
            if here.any():
                draws = Draws(self.luck, member.cohort.only(walk.who))
                estimate = journey.work * draws.values(kind.estimate, "estimate")
                self.ranks[row, rows[walk.who[here]]] = rank(discipline, kind, estimate, cost, due)[here]

    def _in_force(self, member: Member) -> Iterator[tuple[int, int, Ints]]:
        """By row that may be in force while some of a member's items are there: the row, its last routing, and who they are."""
        everyone, first = np.arange(len(member.since)), int(member.since.min())
        for row in range(int(self.rows[first]), len(self.last)):
            last = int(self.last[row])
            yield row, last, everyone if len(self.last) == 1 else np.flatnonzero(member.since <= last)


def _listed(cohort: Cohort) -> Listed:
    assert cohort.listed is not None
    return cohort.listed


def _rows(ways: Ways) -> Ints:
    """The row of each routing: those that follow each other share one where they say the same of all items."""
    said = [_said(model, number, ways.names.types) for number, model in enumerate(ways.models)]
    return np.cumsum([number > 0 and said[number] != said[number - 1] for number in range(len(said))])


def _said(model: Model, number: int, types: tuple[str, ...]) -> list[Any]:
    """All that an organisation says of what comes first; ranks go by journeys, which are another one's in each routing."""
    kinds = [model.demand.get(name) for name in types]
    return [model.discipline in SORTED_BY_RANK and number, *(None if kind is None else _of(kind) for kind in kinds)]


def _of(kind: ItemType) -> tuple[Any, ...]:
    return kind.priority, kind.expedite, kind.interrupts, kind.gives_up, bool(kind.parts), kind.items


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
