"""Which facts would decide: how much of an uncertain effect each fact explains, and where the effect changes sign.

Only the worlds that were played are used. An effect is fitted as a function of each fact alone (`fitting`); the share of variance
that the fit explains is the fact's first-order index (Sobol' 1993; given-data estimates: Plischke 2010). The value of knowing a
fact is the gain from choosing with that knowledge (EVPPI: Strong, Oakley & Brennan 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vssim.analysis.uncertain.fitting import Fit, additive, fit, fits, varies
from vssim.clock import Reals

ORDER_ONLY, NOTHING = 100, 50
"""With fewer worlds than the first number only the order of facts is told; with fewer than the second nothing."""

DRAWS = 400
"""How often all worlds are resampled."""

WORTH = 0.02
"""The value of knowing a fact is told where it is significantly above this share of the effect [1]."""


@dataclass(frozen=True)
class Threshold:
    """The value of a fact at which the effect changes sign, averaged over the other facts."""

    value: float
    low: float
    high: float
    better_above: bool
    """whether the change is better above that value"""


@dataclass(frozen=True)
class Fact:
    """The influence of one fact on an effect."""

    name: str
    share: float
    """the share of the effect's uncertainty that this fact explains by itself [1]"""
    low: float
    high: float
    """the 95 % confidence interval of the share"""
    at_low: float
    at_high: float
    """the effect at the lower and upper end of nine tenths of the fact's values, averaged over the other facts"""
    low_value: float
    high_value: float
    """the fact's values at these ends"""
    worth: float | None
    """the gain from choosing with this fact known, in the effect's unit; None where it may be nothing"""
    threshold: Threshold | None
    never_turns: bool
    """whether the effect significantly has one sign for all values of the fact, averaged over the other facts"""


@dataclass(frozen=True)
class Deciding:
    """All facts, the one that explains most first, and what they leave unexplained."""

    facts: tuple[Fact, ...]
    together: float
    """the share of the uncertainty that no single fact explains: interactions of facts, and what is not explained [1]"""
    worlds: int

    @property
    def order_only(self) -> bool:
        """Whether there are too few worlds for more than the order of the facts."""
        return self.worlds < ORDER_ONLY


def first_order(values: Reals, effects: Reals) -> float:
    """The share of the effects' variance that a fact explains by itself [1]; it may be below 0."""
    variance, curve = float(effects.var(ddof=1)), fit(values, effects)
    return 1 - curve.rest / variance if variance > 0 and curve.basis.shape[1] > 1 else 0.0


def deciding(names: Sequence[str], table: Reals, effects: Reals, not_known: float, sign: int) -> Deciding | None:
    """The facts that would decide an effect; None where there are too few worlds, or nothing is unknown.

    `table`: (worlds, facts), the values of the facts, NaN columns for what is no number; `effects`: (worlds,) the mean of each
    world; `not_known`: their variance without luck; `sign`: −1 where less is better, +1 where more is.
    """
    worlds = len(effects)
    variance = float(effects.var(ddof=1)) if worlds > 1 else 0.0
    if worlds < NOTHING or not_known <= 0 or variance <= 0:
        return None
    facts = [
        _fact(name, table[:, number], effects, variance / not_known, sign)
        for number, name in enumerate(names)
        if varies(table[:, number]) and not _stands_before(table, number)
    ]
    together = 1 - (1 - additive(table, effects)[1] / variance) * variance / not_known
    return Deciding(tuple(sorted(facts, key=lambda fact: -fact.share)), float(np.clip(together, 0, 1)), worlds)


def _stands_before(table: Reals, number: int) -> bool:
    """Whether an earlier fact always has the same values, such as one share of time for all teams; it then stands for both."""
    return any(np.array_equal(table[:, number], table[:, other]) for other in range(number))


def _fact(name: str, values: Reals, effects: Reals, scale: float, sign: int) -> Fact:
    curve = fit(values, effects)
    low_value, high_value = np.quantile(values, [0.05, 0.95], method="nearest")
    worlds = len(effects)
    share = first_order(values, effects) * scale
    again = np.random.default_rng(7).integers(0, worlds, (DRAWS, worlds))
    fitted = fits(values, effects, again)
    varied = effects[again].var(axis=1, ddof=1)
    shares = np.where(varied > 0, 1 - fitted.rest / np.where(varied > 0, varied, 1.0), 0.0) * scale
    spread = float(shares.std(ddof=1))
    ends = np.clip([share - 1.96 * spread, share + 1.96 * spread], 0, 1)
    at = [float(curve.values[np.abs(values - end).argmin()]) for end in (low_value, high_value)]
    threshold, never = _threshold(values, curve, sign)
    worth = _worth(sign * curve.values, sign * fitted.values[:100], abs(float(effects.mean())))
    return Fact(
        name=name,
        share=float(np.clip(share, 0, 1)),
        low=float(ends[0]),
        high=float(ends[1]),
        at_low=at[0],
        at_high=at[1],
        low_value=float(low_value),
        high_value=float(high_value),
        worth=worth,
        threshold=threshold,
        never_turns=never,
    )


def _worth(benefit: Reals, again: Reals, effect: float) -> float | None:
    """The gain from choosing between change and baseline with the fact known; None where it may be nothing.

    `benefit`: (worlds,) of the change, given the fact; `again`: the same, (resamples, worlds); `effect`: its average size.
    """
    gain, gains = (np.maximum(each, 0).mean(axis=-1) - np.maximum(each.mean(axis=-1), 0.0) for each in (benefit, again))
    surely = float(np.quantile(gains, 0.05)) > WORTH * effect
    return float(gain) if surely and gain > 0 else None


def _threshold(values: Reals, curve: Fit, sign: int) -> tuple[Threshold | None, bool]:
    """Where the effect changes sign, if it significantly has both signs; and whether it significantly has only one."""
    order = np.argsort(values, kind="stable")
    benefit, errors, known = sign * curve.values[order], 2.0 * curve.errors[order], values[order]
    surely_better, surely_worse = benefit - errors > 0, benefit + errors < 0
    if not (surely_better.any() and surely_worse.any()):
        return None, bool(surely_better.all() or surely_worse.all())
    turns = np.flatnonzero(np.diff(np.sign(benefit)) != 0)
    if len(turns) != 1:
        return None, False
    turn = int(turns[0])
    middle = float((known[turn] + known[turn + 1]) / 2)
    # Only significant values next to the turn count. Where the band of the fit is wide at the far end of the range, values there
    # are not significant either, and would widen the interval to the whole range.
    sure = np.flatnonzero(surely_better | surely_worse)
    left, right = int(sure[sure <= turn].max(initial=0)), int(sure[sure > turn].min(initial=len(known) - 1))
    low, high = float(known[left]), float(known[right])
    return Threshold(middle, min(low, middle), max(high, middle), bool(benefit[-1] > 0)), False
