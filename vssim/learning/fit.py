"""The fit: not one set of figures but all that could have left these records, as far as moments tell.

The method is approximate Bayesian computation with a prior that is truncated wave by wave. Figures are drawn as normal scores of
their priors. The scores of a wave's runs, taken within the box that they were drawn from (Hamilton, Stoneking & Excoffier 2005),
are regressed on the moments and their squares (ridge). The quarter of the runs is kept whose predicted scores are nearest to
those of the records, weighted by how much the regression explains; it is moved along the local slope (Beaumont, Zhang & Balding
2002; Fearnhead & Prangle 2012), and residuals are inflated by √(K / (K − p − 1)). The next wave draws the prior within mean ±
3.5 sd of the kept runs, inside the box before, so that no weights are needed (Prangle 2017; Liepe et al. 2014 on why small boxes
do not bias). Runs of earlier waves that lie in the new box are drawn from the same truncated prior, so that they count as well:
of 12 fits to a year of a team, the last wave had 1.8 times as many runs so. Counted figures are drawn from their posteriors and
stay as they are in each kept run.

What the regression says of a run is worked out without it (in folds: Stone 1974). Of itself every run is told too well, the more
so the fewer there are, while of the records it is told as of any new run: members then lay too close together. Of 600 runs in
the last box, each taken for the records in turn, 80 % of the members held the truth in 75 %, 90 % in 85 %; in folds 79 and 90 %.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from vssim.clock import Reals
from vssim.learning.figures import Figure, values_at

WAVES, RUNS = 4, 500
KEPT = 0.25
"""Share of a wave's runs; more of few runs, so that there are enough members, but no more than half."""

REACH = 3.5
"""Half of the width of the next box, in standard deviations."""

EDGE = 2.6
"""A normal score beyond this lies at the edge of the prior."""

MEMBERS = 200
RIDGE = 10.0
"""The ridge penalty [runs]: a moment that tells nothing gets no weight."""

FARTHEST = 3.5
"""A moment further from the mean counts as so far [standard deviations]: one extreme item would outweigh all else by its square."""

FOLDS = 5
"""Parts of the runs; of each of them the regression of the others tells."""

LEAST_SD = 0.02
"""No box is narrower than this many standard deviations, so that luck cannot close it."""

Player = Callable[[Reals, int], Reals]
"""From figures (runs, figures) and the first replication, the moments (runs, moments)."""


@dataclass(frozen=True, eq=False)
class Wave:
    """One wave: the runs that were kept, and the box of the next one."""

    scores: Reals
    """normal scores of the kept runs after the regression adjustment; (kept, figures)"""
    low: Reals
    high: Reals
    """the ends of the next box; (figures,)"""
    typical: float
    """the share of kept runs that lie further from their centre than the records [1]"""
    beyond: float
    """how far out the records lie, beside 99 % of the kept runs, which lie within 1"""
    told: Reals
    """the share of each figure's variance that the moments explain [1]; (figures,)"""
    drawn: Reals
    """normal scores of all its runs, and of the earlier ones in its box; (runs, figures)"""
    played: Reals
    """their moments; (runs, moments)"""

    @property
    def mean(self) -> Reals:
        """The means of the scores; (figures,)."""
        return np.asarray(self.scores.mean(axis=0))

    @property
    def sd(self) -> Reals:
        """The standard deviations of the scores; (figures,)."""
        return np.asarray(self.scores.std(axis=0, ddof=1))


@dataclass(frozen=True, eq=False)
class Ensemble:
    """The members of the posterior: sets of figures that could have left the records."""

    figures: tuple[Figure, ...]
    scores: Reals
    """normal scores; (members, figures)"""
    waves: tuple[Wave, ...]

    @property
    def values(self) -> Reals:
        """The figures of each member; (members, figures)."""
        return values_of(self.figures, self.scores)

    @property
    def contraction(self) -> Reals:
        """By how much the records reduced the variance of each figure: 1 − variance after / before [1]; (figures,)."""
        return np.asarray(1 - self.scores.var(axis=0, ddof=1))

    def distinct(self) -> int:
        """How many different members there are."""
        return len(np.unique(self.scores, axis=0))


def values_of(figures: Sequence[Figure], scores: Reals) -> Reals:
    """The figures of normal scores; same shape."""
    from vssim.special import ndtr

    return values_at(figures, np.clip(ndtr(scores), 1e-9, 1 - 1e-9))


def fitted(figures: Sequence[Figure]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which figures are fitted by playing; (figures,)."""
    return np.array([figure.source == "fitted" for figure in figures])


def drawn(low: Reals, high: Reals, count: int, luck: np.random.Generator) -> Reals:
    """Normal scores, spread evenly over a box (Latin hypercube: McKay, Beckman & Conover 1979); (count, figures)."""
    from vssim.special import ndtri

    places = np.column_stack([(luck.permutation(count) + luck.random(count)) / count for _ in range(len(low))])
    return _out_of(np.asarray(ndtri(places), np.float64), low, high)


def first_box(figures: Sequence[Figure]) -> tuple[Reals, Reals]:
    """The box of the first wave: everything that the priors allow."""
    return np.full(len(figures), -8.0), np.full(len(figures), 8.0)


def wave(figures: Sequence[Figure], scores: Reals, told: Reals, observed: Reals, box: tuple[Reals, Reals]) -> Wave:
    """The kept runs and the next box. `scores`: (runs, figures); `told`: (runs, moments); `observed`: (moments,)."""
    asked = fitted(figures)
    inside = box[0][asked], box[1][asked]
    within = _within(scores[:, asked], *inside)
    said, records, explained = _regressed(within, told, observed)
    weight = explained / np.maximum(said.var(axis=0), 1e-12)
    distance = ((said - records) ** 2 * weight).sum(axis=1)
    near = np.argsort(distance, kind="stable")[: max(int(KEPT * len(scores)), min(len(scores) // 2, MEMBERS))]
    moved = scores[near].copy()
    moved[:, asked] = _out_of(_moved(within[near], said[near], records), *inside)
    low, high = box[0].copy(), box[1].copy()
    mean, sd = moved.mean(axis=0), np.maximum(moved.std(axis=0, ddof=1), LEAST_SD)
    low[asked] = np.maximum(low, mean - REACH * sd)[asked]
    high[asked] = np.minimum(high, mean + REACH * sd)[asked]
    everything = np.zeros(len(figures))
    everything[asked] = explained
    return Wave(moved, low, np.maximum(high, low + 1e-6), *_typical(told[near], observed), everything, scores, told)


def _within(scores: Reals, low: Reals, high: Reals) -> Reals:
    """Normal scores of the prior as those of the prior in a box: runs that are moved along a slope do not leave it; same shape.

    Without this a figure on which little hangs is moved to where the prior has nothing, and the next box is around that.
    """
    from vssim.special import ndtr, ndtri

    ends = ndtr(low), ndtr(high)
    return np.asarray(ndtri(np.clip((ndtr(scores) - ends[0]) / (ends[1] - ends[0]), 1e-6, 1 - 1e-6)), np.float64)


def _out_of(within: Reals, low: Reals, high: Reals) -> Reals:
    """Back again; same shape."""
    from vssim.special import ndtr, ndtri

    ends = ndtr(low), ndtr(high)
    return np.asarray(ndtri(np.clip(ends[0] + ndtr(within) * (ends[1] - ends[0]), 1e-12, 1 - 1e-12)), np.float64)


def _regressed(scores: Reals, told: Reals, observed: Reals) -> tuple[Reals, Reals, Reals]:
    """What the moments predict of the scores, for every run (from the others) and for the records; how much they explain [1]."""
    varies = told.std(axis=0) > 1e-9
    middle, spread = told[:, varies].mean(axis=0), told[:, varies].std(axis=0)
    runs = np.clip((told[:, varies] - middle) / spread, -FARTHEST, FARTHEST)
    records = np.clip((observed[varies] - middle) / spread, -FARTHEST, FARTHEST)
    table, row = np.hstack([runs, runs**2 - 1]), np.concatenate([records, records**2 - 1])
    centred = table - table.mean(axis=0)
    target = scores - scores.mean(axis=0)
    penalty = RIDGE * np.eye(centred.shape[1])
    squares, products = centred.T @ centred + penalty, centred.T @ target
    said = np.empty_like(target)
    for fold in range(FOLDS):
        part = np.arange(len(target)) % FOLDS == fold
        inside = centred[part]
        said[part] = inside @ np.linalg.solve(squares - inside.T @ inside, products - inside.T @ target[part])
    rest = ((target - said) ** 2).mean(axis=0)
    explained = np.clip(1 - rest / np.maximum(target.var(axis=0), 1e-12), 0.0, 1.0)
    return said, (row - table.mean(axis=0)) @ np.linalg.solve(squares, products), explained


def _moved(scores: Reals, said: Reals, records: Reals) -> Reals:
    """Scores moved along the local slope to the records, with residuals inflated for the degrees of freedom that the slope took."""
    count, figures = scores.shape
    centred = said - said.mean(axis=0)
    slopes = np.linalg.lstsq(centred, scores - scores.mean(axis=0), rcond=None)[0]
    at_records = scores.mean(axis=0) + (records - said.mean(axis=0)) @ slopes
    rest = scores - scores.mean(axis=0) - centred @ slopes
    moved: Reals = at_records + rest * np.sqrt(count / max(count - figures - 1, 1))
    return moved


def _typical(told: Reals, observed: Reals) -> tuple[float, float]:
    """The share of runs further from the centre than the records are, and how far these lie beside 99 % of the runs.

    Distances are Mahalanobis's, on principal components.
    """
    spread = told.std(axis=0)
    kept = spread > 1e-9
    if not kept.any():
        return 1.0, 0.0  # all runs are alike, so that none is nearer to their centre than the records
    table = (told[:, kept] - told[:, kept].mean(axis=0)) / spread[kept]
    row = (observed[kept] - told[:, kept].mean(axis=0)) / spread[kept]
    _, sizes, axes = np.linalg.svd(table, full_matrices=False)
    used = sizes > sizes[0] * 0.1
    scale = sizes[used] / np.sqrt(max(len(table) - 1, 1))
    far, records = (np.sqrt((((each @ axes[used].T) / scale) ** 2).sum(axis=-1)) for each in (table, row))
    return float((far >= records).mean()), float(records / np.quantile(far, 0.99))


def fit(
    figures: Sequence[Figure],
    player: Player,
    observed: Reals,
    seed: int,
    *,
    runs: int = RUNS,
    waves: int = WAVES,
    kept: Sequence[Wave] = (),
    after: Callable[[Sequence[Wave]], None] | None = None,
) -> Ensemble:
    """The ensemble. `kept`: waves of an earlier attempt; `after` is called with all waves whenever one is finished."""
    done = list(kept)
    for number in range(len(done), waves):
        box = (done[-1].low, done[-1].high) if done else first_box(figures)
        scores = drawn(*box, runs, np.random.default_rng([seed, number]))
        told = player(values_of(figures, scores), number * runs)
        if done:
            before = done[-1]
            inside = ((before.drawn >= box[0]) & (before.drawn <= box[1])).all(axis=1)
            scores, told = np.vstack([scores, before.drawn[inside]]), np.vstack([told, before.played[inside]])
        done.append(wave(figures, scores, told, observed, box))
        if after is not None:
            after(done)
    last = done[-1].scores
    chosen = np.random.default_rng([seed, 99]).permutation(len(last))[:MEMBERS]
    return Ensemble(tuple(figures), last[chosen], tuple(done))
