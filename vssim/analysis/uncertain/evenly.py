"""The average over worlds of a Latin hypercube, and its error, which is smaller than that of independent worlds.

In a Latin hypercube of n worlds each n-th part of every belief has one world, so that the effects of single facts average out
almost completely. The variance of the average is that of the rest alone: of interactions between facts, and of luck (Stein 1987;
Owen 1992). An interval for independent worlds would be too wide, by a factor of two and more where one fact decides.

The effects of single facts are fitted fact by fact to the residuals, by the polynomials of `fitting`, and kept only where they
explain more than chance would among so many facts (Schwarz 1978; Chen & Chen 2008): an effect that is left out only widens the
interval, whereas fitting luck would narrow it. Two parts of them remain in the variance: a hypercube that is being doubled has
parts without a world, and a world may lie anywhere within its own part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vssim.analysis.uncertain.fitting import least, polynomials, varies
from vssim.clock import Reals
from vssim.model.worlds import complete
from vssim.statistics import Statistic, average, student

FEWEST = 50
"""With fewer worlds the interval is that of independent worlds, since the effects of single facts cannot be estimated."""

SPENT = 3
"""A fit has at most one parameter for this many worlds."""


@dataclass(frozen=True, eq=False)
class Evenly:
    """The worlds of a Latin hypercube, prepared for any effect."""

    facts: Reals
    """(worlds, facts), only facts that vary"""
    bases: Reals
    """(facts, worlds, highest degree + 1) polynomials of each fact, orthonormal; columns of 0 beyond the degree that its values
    allow"""

    @classmethod
    def over(cls, facts: Reals) -> Evenly:
        """Prepared from the facts (worlds, facts) of a Latin hypercube; independent, NaN columns for what is no number."""
        known = facts[:, [varies(column) for column in facts.T]]
        made = [polynomials(column) for column in known.T]
        bases = np.zeros((len(made), len(facts), max((basis.shape[1] for basis in made), default=1)))
        for basis, place in zip(made, bases, strict=True):
            place[:, : basis.shape[1]] = basis
        return cls(known, bases)

    def average(self, effects: Reals) -> Statistic:
        """The mean of the effects (worlds,), with the influence that each world has on it in this design."""
        plain, count = average(effects, positive=False), len(effects)
        chosen = self._alone(effects) if count >= FEWEST and plain.error > 0 and len(self.bases) else {}
        if not chosen:
            return plain
        parts, rest, parameters = self._joint(chosen, effects)
        alone = parts.sum(axis=0)
        stays = _begun(count) * float(alone.var()) + count * self._within(chosen, parts)
        # The interval uses t with count − 1 degrees of freedom, but the fit leaves only `free`. The residuals are inflated by what
        # the right variance and quantile would add; otherwise the interval would be too narrow.
        free = count - parameters
        rest *= np.sqrt((count - 1) / free) * student(free) / student(count - 1)
        return replace(plain, influence=rest + min(np.sqrt(stays / float(alone.var())), 1.0) * alone)

    def _alone(self, effects: Reals) -> dict[int, int]:
        """The facts that have an effect of their own, with the degree of each; each is fitted to the residuals of the others."""
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
        """Facts whose fit explains more than chance would, with its degree; the one that explains most first."""
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
        """What each chosen fact contributes (facts, worlds), fitted together; the residuals (worlds,); how many parameters."""
        count = len(effects)
        columns = [self.bases[fact][:, 1 : degree + 1] for fact, degree in chosen.items()]
        basis = np.hstack([np.ones((count, 1)), *columns])
        loads, _, parameters, _ = np.linalg.lstsq(basis, effects, rcond=None)
        ends = np.cumsum([0, *chosen.values()]) + 1
        parts = [column @ loads[start:end] for column, start, end in zip(columns, ends, ends[1:], strict=False)]
        return np.array(parts), effects - basis @ loads, int(parameters)

    def _within(self, chosen: dict[int, int], parts: Reals) -> float:
        """The variance of the average that comes from the random position of each world in its part of a belief."""
        within = 0.0
        for fact, part in zip(chosen, parts, strict=True):
            values = self.facts[:, fact]
            steps = np.diff(part[np.argsort(values, kind="stable")])
            # Within a part the effect rises linearly (variance step²/12); for whole numbers it jumps (at most step²/4).
            within += float((steps**2).sum()) / (12 if len(np.unique(values)) == len(values) else 4)
        return within / len(self.facts) ** 2


def _begun(count: int) -> float:
    """The share of variance that remains while a hypercube is being doubled, since some of its parts have no world yet."""
    further = count - complete(count)
    return further * (1 - further / complete(count)) / count if further else 0.0
