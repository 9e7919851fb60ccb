"""The average over worlds that are spread evenly: how far it is from the truth, which is less than of worlds drawn by chance.

In a Latin hypercube each n-th of every belief has one world, so that what facts do one by one averages out almost wholly. The
variance of the average is that of the rest alone: of what facts do together, and of luck (Stein 1987; Owen 1992). An interval that
takes worlds as drawn by chance is too wide, twice as wide and more where one fact decides.

What facts do one by one is fitted fact by fact on what is left over, by the polynomials of `fitting`, and kept only where it is
more than chance would show among so many facts (Schwarz 1978; Chen & Chen 2008): what is left out of the fit only widens the
interval, what is fitted to luck would narrow it. Two parts of it stay: of a hypercube that is being doubled the parts that have no
world yet, and that a world may lie anywhere within its own part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vssim.analysis.uncertain.fitting import least, polynomials, varies
from vssim.clock import Reals
from vssim.model.worlds import complete
from vssim.statistics import Statistic, average, student

FEWEST = 50
"""Of fewer worlds the average's interval is that of worlds drawn by chance: too few to tell what facts do one by one."""

SPENT = 3
"""A fit has at most a third as many parameters as there are worlds."""


@dataclass(frozen=True, eq=False)
class Evenly:
    """Worlds that are spread evenly over facts, ready for any effect."""

    facts: Reals
    """(worlds, facts), only facts that vary"""
    bases: Reals
    """(facts, worlds, highest degree + 1), of each fact orthonormal, columns of 0 where it has too few values for the degree"""

    @classmethod
    def over(cls, facts: Reals) -> Evenly:
        """Of the values (worlds, facts) that a hypercube gave to facts, each drawn by itself; NaN columns for what is no number."""
        known = facts[:, [varies(column) for column in facts.T]]
        made = [polynomials(column) for column in known.T]
        bases = np.zeros((len(made), len(facts), max((basis.shape[1] for basis in made), default=1)))
        for basis, place in zip(made, bases, strict=True):
            place[:, : basis.shape[1]] = basis
        return cls(known, bases)

    def average(self, effects: Reals) -> Statistic:
        """The mean of the effects in all worlds (worlds,), with how far each world really pulls it."""
        plain, count = average(effects, positive=False), len(effects)
        chosen = self._alone(effects) if count >= FEWEST and plain.error > 0 and len(self.bases) else {}
        if not chosen:
            return plain
        parts, rest, parameters = self._joint(chosen, effects)
        alone = parts.sum(axis=0)
        stays = _begun(count) * float(alone.var()) + count * self._within(chosen, parts)
        # as the interval has it: t of as many degrees of freedom as worlds, so that what the fit took is put into the spread
        free = count - parameters
        rest *= np.sqrt((count - 1) / free) * student(free) / student(count - 1)
        return replace(plain, influence=rest + min(np.sqrt(stays / float(alone.var())), 1.0) * alone)

    def _alone(self, effects: Reals) -> dict[int, int]:
        """The facts that do something by themselves, and of what degree; on what is left over by those that do more."""
        chosen: dict[int, int] = {}
        rest = effects - effects.mean()
        while True:
            before = dict(chosen)
            for fact, degree in self._more_than_chance(rest):
                if sum({**chosen, fact: degree}.values()) <= len(effects) // SPENT:
                    chosen[fact] = max(degree, chosen.get(fact, 0))
            if chosen == before:
                return chosen
            _, rest, _ = self._joint(chosen, effects)

    def _more_than_chance(self, rest: Reals) -> list[tuple[int, int]]:
        """Facts of which a fit explains more than chance would, with its degree; the one that explains most first."""
        count = len(rest)
        loads = np.einsum("fwd,w->fd", self.bases, rest)
        fitted, leverage = np.cumsum(self.bases * loads[:, None, :], axis=2), np.cumsum(self.bases**2, axis=2)
        degrees = least((((rest[None, :, None] - fitted) / (1 - np.minimum(leverage, 1 - 1e-9))) ** 2).mean(axis=1))
        missed = np.take_along_axis(((rest[None, :, None] - fitted) ** 2).sum(axis=1), degrees[:, None], axis=1)[:, 0]
        total = float((rest**2).sum())
        if total <= 0:
            return []
        chance = degrees * np.log(count) + 2 * np.log(len(self.bases))
        gains = -count * np.log(np.maximum(missed / total, 1e-12)) - chance
        return [(int(fact), int(degrees[fact])) for fact in np.argsort(-gains) if degrees[fact] > 0 and gains[fact] > 0]

    def _joint(self, chosen: dict[int, int], effects: Reals) -> tuple[Reals, Reals, int]:
        """What each chosen fact does (facts, worlds), fitted together; what is left over (worlds,); and how many parameters."""
        count = len(effects)
        columns = [self.bases[fact][:, 1 : degree + 1] for fact, degree in chosen.items()]
        basis = np.hstack([np.ones((count, 1)), *columns])
        loads, _, parameters, _ = np.linalg.lstsq(basis, effects, rcond=None)
        ends = np.cumsum([0, *chosen.values()]) + 1
        parts = [column @ loads[start:end] for column, start, end in zip(columns, ends, ends[1:], strict=False)]
        return np.array(parts), effects - basis @ loads, int(parameters)

    def _within(self, chosen: dict[int, int], parts: Reals) -> float:
        """The variance that the average has because a world may lie anywhere in its own part of a belief."""
        within = 0.0
        for fact, part in zip(chosen, parts, strict=True):
            values = self.facts[:, fact]
            steps = np.diff(part[np.argsort(values, kind="stable")])
            # over a part the effect rises evenly; of whole numbers it may jump anywhere in it
            within += float((steps**2).sum()) / (12 if len(np.unique(values)) == len(values) else 4)
        return within / len(self.facts) ** 2


def _begun(count: int) -> float:
    """The share of variance that stays because a hypercube has been begun: worlds beyond it lie in some of its parts."""
    further = count - complete(count)
    return further * (1 - further / complete(count)) / count if further else 0.0
