"""Stays as they are written down: an entry into a step as visits, own work between the tickets that needs ask for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vssim.clock import Ints, Numbers, Reals
from vssim.log import Kind
from vssim.model.distributions import Distribution
from vssim.workload.blends import law_of
from vssim.workload.draws import Entry
from vssim.workload.listed import Begun, left_given
from vssim.workload.routes import Ask, Halt
from vssim.workload.rows import Rows

Mask = NDArray[np.bool_]


class Stay:
    """One stay of items `who` (n,) at a halt."""

    def __init__(
        self, rows: Rows, halt: Halt, entry: Entry, who: Ints, back: Numbers | int, repeated: bool, begun: Begun | None = None
    ) -> None:
        self.begun = begun
        """of items that stand there as the run begins: what is done"""
        self.rows, self.halt, self.entry, self.who, self.repeated = rows, halt, entry, who, repeated
        self.back = back
        """(n,), or one for all: 1 where the stay is entered backwards"""
        self.handoff_delay = entry.duration(halt.handoff_delay, "handoff")
        self.setup = entry.duration(halt.setup, "setup")
        self.worked = halt.work is not None
        self.kind = int(Kind.WORK if self.worked else Kind.WAIT)

    def write(self, work: Ints | int) -> None:
        """The visits of the stay; `work` [ticks] is of the items' own (n,), or the time that passes."""
        if self.halt.asks:
            _Pieces(self, np.broadcast_to(np.asarray(work, np.int64), self.who.shape)).write()
            return
        if self.begun is not None:
            work = work - self.begun.done
        self.rows.append(
            self.who,
            step=self.halt.number,
            skill=self.halt.skill,
            kind=self.kind,
            work=work,
            setup=self.setup if self.worked else 0,
            opens=1,
            handoff_delay=self.handoff_delay,
            back=self.back,
            rework=int(self.repeated),
            stay_skill=self.halt.skill,
        )


class _Pieces:
    """A stay in pieces: own work between tickets, in the order in which the needs arise. All arrays are of shape (n,)."""

    def __init__(self, stay: Stay, work: Ints) -> None:
        self.stay, self.halt, self.entry, self.work = stay, stay.halt, stay.entry, work
        count = len(stay.who)
        self.begun = stay.begun
        self.done = np.zeros(count, np.int64) if self.begun is None else self.begun.done
        self.besides = np.zeros(count, np.int64)
        self.opening = np.ones(count, np.int64)
        self.parked = np.zeros(count, bool)
        self.answered = np.zeros(count, bool)
        """the last visit so far is let go by a committee"""
        self.set_up = np.zeros(count, bool)
        self.stay_skill = np.full(count, -1)

    def write(self) -> None:
        had = [self._asks(ask) for ask in self.halt.asks]
        if self.begun is not None:
            had = self._still_asked(self.begun, had)
        nothing = self.work - self.done + self.besides == 0
        self.stay_skill[~nothing] = self.halt.skill
        for mask in had:
            nothing &= ~mask
        self.stay_skill[nothing] = self.halt.skill
        for number, (ask, mask) in enumerate(zip(self.halt.asks, had, strict=True)):
            if mask.any():
                reached = self._reached(number)
                self._own(mask & (reached > self.done), reached - self.done)
                self.done = np.where(mask, np.maximum(self.done, reached), self.done)
                self._ticket(number, ask, mask)
        rest = self.work - self.done + self.besides
        self._own((rest > 0) | nothing, rest)
        self._finish(self.parked | self.answered if self.halt.gate >= 0 else self.parked)

    def _reached(self, number: int) -> Ints:
        """After how much own work a need arises [ticks]."""
        reached = np.rint(self.work * self.halt.asks[number].at).astype(np.int64)
        return reached if self.begun is None else np.where(self.begun.stuck == number, self.begun.done, reached)

    def _still_asked(self, begun: Begun, had: list[Mask]) -> list[Mask]:
        """Of the needs of items that stand there as the run begins: the one that they wait for, and those still to come."""
        asked = []
        for number, mask in enumerate(had):
            ahead = mask & ~begun.finished & ((begun.stuck >= 0) | (self._reached(number) > begun.done) | (begun.done == 0))
            asked.append(np.where(begun.stuck >= 0, (begun.stuck == number) | (ahead & (begun.stuck < number)), ahead))
        self.besides = np.where(begun.finished, 0, self.besides)
        return asked

    def _asks(self, ask: Ask) -> Mask:
        """Ask others for help where a need says so; needs that the team meets itself go to `besides`, at the end of the stay."""
        asks = self._has(ask.label, ask.asked)
        if ask.ours is not None:
            self._besides(ask.label, ask.ours, self._has(ask.label, ask.chance) & ~asks)
        self._besides(ask.label, ask.effort, asks)
        return asks

    def _besides(self, label: str, work: Distribution, mask: Mask) -> None:
        """Own work on a need, drawn with the luck of the work that others would have had with it."""
        if work.mean and mask.any():
            self.besides += np.where(mask, self.entry.duration(work, f"help {label}"), 0)

    def _has(self, label: str, chance: float | Reals) -> Mask:
        if not isinstance(chance, np.ndarray) and (chance >= 1 or chance <= 0):
            return np.full(len(self.work), chance >= 1)
        return self.entry.uniforms(f"need {label}") < chance

    def _own(self, mask: Mask, work: Ints) -> None:
        at = np.flatnonzero(mask)
        if not len(at):
            return
        setup: Ints | int = 0
        if self.stay.worked and not (isinstance(self.stay.setup, int) and self.stay.setup == 0):
            setup = np.where(self.set_up, 0, self.stay.setup)[at]
        self._append(at, skill=self.halt.skill, kind=self.stay.kind, work=work[at], setup=setup)
        self.set_up[at] = True
        self.parked[at] = False
        self.answered[at] = False

    def _ticket(self, number: int, ask: Ask, mask: Mask) -> None:
        at = np.flatnonzero(mask)
        helped = Entry(self.entry.luck, self.entry.lineage, self.entry.step, self.entry.numbers[at], _at(self.entry.visits, at))
        helping, delay = law_of(ask.help, at), law_of(ask.delay, at)
        work = helped.duration(helping, f"help {ask.label}")
        if self.begun is not None and ask.outside:
            waits = self.begun.only(at)
            left = left_given(helping, helped.uniforms(f"help {ask.label}"), waits.ages)
            work = np.where(waits.stuck == number, left, work)
        self._append(
            at,
            skill=ask.skill,
            kind=int(Kind.TICKET),
            work=work,
            delay=helped.duration(delay, f"delay {ask.label}"),
            gate=ask.gate,
            parks=int(ask.parks),
        )
        self.parked[at] = ask.parks
        self.answered[at] = ask.gate >= 0

    def _finish(self, mask: Mask) -> None:
        """An empty visit, in which the item finishes as it enters.

        It follows a last ticket that is parked, for the item has to come back; and one that a committee lets go at a step with
        a gate, for that gate comes after the committee's.
        """
        at = np.flatnonzero(mask)
        if len(at):
            self._append(at, kind=int(Kind.WAIT))

    def _append(self, at: Ints, **columns: Numbers | int) -> None:
        """One visit more for the items at positions `at` of the stay's."""
        opens = self.opening[at]
        self.stay.rows.append(
            self.stay.who[at],
            step=self.halt.number,
            opens=opens,
            handoff_delay=_at(self.stay.handoff_delay, at) * opens,
            back=_at(self.stay.back, at),
            rework=int(self.stay.repeated),
            stay_skill=self.stay_skill[at],
            **columns,
        )
        self.opening[at] = 0


def _at(values: Numbers | int, at: Ints) -> Any:
    """The values at positions `at`; a single value for all stays as it is."""
    return values if isinstance(values, int) else values[at]
