"""A change over worlds: differences with verdicts that count worlds, the range for one's own world, and what would decide.

Levels pool the items of all worlds; effects are taken in each world by itself, as the mean over its replications.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from vssim.analysis.uncertain.deciding import Deciding, deciding
from vssim.analysis.uncertain.effects import Effect, effect, verdict
from vssim.analysis.uncertain.evenly import Evenly
from vssim.analysis.uncertain.fitting import fit
from vssim.analysis.uncertain.told import Hangs, hangs
from vssim.catalogue import direction
from vssim.clock import Reals
from vssim.model.changes import reached
from vssim.play.pooled import Compared, Pooled
from vssim.play.worlds import Worlds
from vssim.scenario import EACH
from vssim.statistics import Difference

SIGNS = {"up": 1, "down": -1}


@dataclass(frozen=True)
class Believed:
    """What is known of an effect over all worlds, in the metric's unit."""

    effect: Effect
    better: float | None
    """share of worlds in which the change is better, without luck; None for a metric that is neither good nor bad"""
    better_low: float | None
    """the 95 % confidence interval of that share"""
    better_high: float | None
    seen_better: float = 0.0
    """share of worlds in which the change was better, luck included; nearer to one half than the share without luck"""


@dataclass(frozen=True, eq=False)
class Along:
    """An effect as a function of one fact, sorted by the fact's value; arrays of shape (worlds,)."""

    values: Reals
    """of the fact"""
    effects: Reals
    """the effect, averaged over all other facts, in the metric's unit"""
    errors: Reals
    """the standard errors of `effects`"""
    by_world: Reals
    """the effect in each world by itself"""


class OverWorlds(Compared):
    """Two variants over the same worlds and luck, as a mapping from metrics to differences; verdicts count worlds."""

    def __init__(self, before: Pooled, after: Pooled, worlds: Worlds, change: str | None = None) -> None:
        super().__init__(before, after)
        self.worlds = worlds
        self.change = change
        self._believed: dict[str, Believed | None] = {}
        self._deciding: dict[str, Deciding | None] = {}

    def __getitem__(self, metric: str) -> Difference:
        if metric not in self._differences:
            self._differences[metric] = self._settled(metric, super().__getitem__(metric))
        return self._differences[metric]

    def by_replication(self, metric: str) -> Reals:
        """The effect of each replication; (worlds, replications of each), NaN where undefined."""
        before, after = (
            side.column(metric) if metric in side.names else np.full(side.n, np.nan) for side in (self.before, self.after)
        )
        count = min(len(before), len(after)) // EACH * EACH
        differences: Reals = (after - before)[:count].reshape(-1, EACH)
        return differences

    def believed(self, metric: str) -> Believed | None:
        """The effect on a metric over worlds; None where there are too few worlds."""
        if metric not in self._believed:
            table = self.by_replication(metric)
            known_effect = effect(table, self.facts[: len(table)], self._evenly)
            sign = SIGNS.get(direction(metric) or "", 0)
            if known_effect is None or not sign:
                self._believed[metric] = None if known_effect is None else Believed(known_effect, None, None, None)
            else:
                self._believed[metric] = Believed(
                    known_effect,
                    known_effect.share_better(sign),
                    *known_effect.share_interval(sign),
                    float((sign * known_effect.by_world > 0).mean()),
                )
        return self._believed[metric]

    def deciding(self, metric: str) -> Deciding | None:
        """The facts that would decide the effect on a metric; None where there are too few worlds, or nothing is unknown."""
        if metric not in self._deciding:
            table = self.by_replication(metric)
            defined = ~np.isnan(table).any(axis=1)
            believed, sign = self.believed(metric), SIGNS.get(direction(metric) or "", -1)
            facts = self.facts[: len(table)][defined]
            if believed is None:
                self._deciding[metric] = None
            else:
                names, means = self.worlds.uncertain.facts, believed.effect.by_world
                self._deciding[metric] = deciding(names, facts, means, believed.effect.not_known, sign)
        return self._deciding[metric]

    def hangs(self, metric: str) -> tuple[Hangs, ...]:
        """The facts on which the effect depends although the records say nothing about them, for learned scenarios."""
        learned = self.worlds.scenario.learned
        if learned is None:
            return ()
        return hangs(self.deciding(metric), learned.silent, self.before[metric].mean)

    def along(self, metric: str, fact: str) -> Along | None:
        """The effect on a metric as a function of one fact; None where it cannot be told."""
        believed = self.believed(metric)
        if believed is None or fact not in self.worlds.uncertain.facts or self.deciding(metric) is None:
            return None
        table = self.by_replication(metric)
        defined = ~np.isnan(table).any(axis=1)
        values = self.facts[: len(table)][defined][:, self.worlds.uncertain.facts.index(fact)]
        made, order = fit(values, believed.effect.by_world), np.argsort(values, kind="stable")
        return Along(values[order], made.values[order], made.errors[order], believed.effect.by_world[order])

    @cached_property
    def facts(self) -> Reals:
        """The value of each fact; (worlds, facts), NaN where it is no number, or belongs to a change that is not in force."""
        return self._of_what_plays_a_part(self.worlds.values(max(self.before.n // EACH, 1)))

    @cached_property
    def _evenly(self) -> Evenly | None:
        """The design of the worlds; None where they are not a Latin hypercube."""
        table = self.worlds.apart(max(min(self.before.n, self.after.n) // EACH, 1))
        return None if table is None else Evenly.over(self._of_what_plays_a_part(table))

    def _of_what_plays_a_part(self, table: Reals) -> Reals:
        idle = [not self._plays_a_part(fact) for fact in self.worlds.uncertain.facts]
        return np.where(idle, np.nan, table)

    def _plays_a_part(self, fact: str) -> bool:
        changes = self.worlds.scenario.changes
        about = next((name for name in changes if fact.startswith(f"changes.{name}.")), None)
        return about is None or self.change is None or about in reached(changes, self.change)

    def _settled(self, metric: str, plain: Difference) -> Difference:
        """The difference on average over worlds; its verdict is that of the share of worlds in which the change is better."""
        believed = self.believed(metric)
        if believed is None:
            return plain
        apart = replace(plain, difference=believed.effect.on_average, better_in=None, needed=None)
        if believed.better_low is None or believed.better_high is None or plain.verdict in (None, "no real difference"):
            return apart
        return replace(apart, verdict=verdict((believed.better_low, believed.better_high)))
