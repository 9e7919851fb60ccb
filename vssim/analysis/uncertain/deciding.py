"""What would decide: how much of an effect that is not known hangs on each fact, and where it turns round.

From the worlds that were played, no further ones. An effect is fitted on each fact alone (`fitting`); what the fit explains is
the fact's first-order share (Sobol' 1993; given-data estimates: Plischke 2010). The value of knowing a fact exactly is that of
choosing after having asked (EVPPI: Strong, Oakley & Brennan 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vssim.analysis.uncertain.fitting import Fit, additive, fit, fits, varies
from vssim.clock import Reals

ORDER_ONLY, NOTHING = 100, 50
"""Below so many worlds only the order of facts is told; below the second number nothing."""

DRAWS = 400
"""Resamples of whole worlds."""

WORTH = 0.02
"""The value of knowing is told where it is surely above this share of the effect."""


@dataclass(frozen=True)
class Threshold:
    """Where an effect turns round, averaged over the other unknowns."""

    value: float
    low: float
    high: float
    better_above: bool
    """whether the change is better for values above it"""


@dataclass(frozen=True)
class Fact:
    """What one fact has to do with an effect."""

    name: str
    share: float
    """of what is not known of the effect, that it explains by itself [1]"""
    low: float
    high: float
    """the 95 % interval of the share"""
    at_low: float
    at_high: float
    """the effect where the fact is at the lower and upper end of nine tenths of its worlds, averaged over the rest"""
    low_value: float
    high_value: float
    """these values of the fact"""
    worth: float | None
    """how much better one would choose with the fact known, in the effect's unit; None where that is not surely anything"""
    threshold: Threshold | None
    never_turns: bool
    """whether the effect surely has one sign whatever the fact is, averaged over the rest"""


@dataclass(frozen=True)
class Deciding:
    """All facts, the one that explains most first; and what they do not explain one by one."""

    facts: tuple[Fact, ...]
    together: float
    """share of what is not known that no fact explains by itself: they matter together, or it is not explained [1]"""
    worlds: int

    @property
    def order_only(self) -> bool:
        """Whether there are too few worlds for more than the order."""
        return self.worlds < ORDER_ONLY


def first_order(values: Reals, effects: Reals) -> float:
    """The share of the effects' variance that a fact explains by itself [1]; not clipped at 0."""
    variance, curve = float(effects.var(ddof=1)), fit(values, effects)
    return 1 - curve.rest / variance if variance > 0 and curve.basis.shape[1] > 1 else 0.0


def deciding(names: Sequence[str], table: Reals, effects: Reals, not_known: float, sign: int) -> Deciding | None:
    """What would decide an effect; None where there are too few worlds or nothing that is not known.

    `table`: (worlds, facts), each fact's value, NaN columns for what is no number; `effects`: (worlds,) means of each world;
    `not_known`: their variance without luck; `sign`: −1 where less is better, +1 where more is.
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
    """Whether the same number stands at another place too, and was told of there: one share of time for all teams, say."""
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
    """How much better one would choose, knowing the fact, between changing and leaving it; None where that may be nothing.

    `benefit`: (worlds,) of the change, given the fact; `again`: (resamples, worlds); `effect`: how large it is on average.
    """
    gain, gains = (np.maximum(each, 0).mean(axis=-1) - np.maximum(each.mean(axis=-1), 0.0) for each in (benefit, again))
    surely = float(np.quantile(gains, 0.05)) > WORTH * effect
    return float(gain) if surely and gain > 0 else None


def _threshold(values: Reals, curve: Fit, sign: int) -> tuple[Threshold | None, bool]:
    """Where the effect turns round, if it surely has both signs; and whether it surely has only one."""
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
    # only the stretch around the turn: where a fit's band is wide at the far end of a range, nothing turns round
    sure = np.flatnonzero(surely_better | surely_worse)
    left, right = int(sure[sure <= turn].max(initial=0)), int(sure[sure > turn].min(initial=len(known) - 1))
    low, high = float(known[left]), float(known[right])
    return Threshold(middle, min(low, middle), max(high, middle), bool(benefit[-1] > 0)), False
