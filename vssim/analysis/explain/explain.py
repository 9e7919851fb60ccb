"""Explain: which lever of a change did how much, which depend on each other, and in which order to bring them in.

Every combination of up to eight levers is played under the same luck; of more, those that random orders lead through.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vssim import markup
from vssim.analysis import results
from vssim.analysis.explain import shapley
from vssim.analysis.sweep.play import Player
from vssim.analysis.sweep.run import opened, told_of
from vssim.catalogue import direction, moves_apart
from vssim.engines import Engine
from vssim.errors import UsageError
from vssim.metrics import measure
from vssim.model import checks
from vssim.model.changes import Piece, pieces, with_pieces
from vssim.model.faults import ModelError
from vssim.play.executors import Kind, Staff
from vssim.play.identity import Cell
from vssim.play.named import as_pandas
from vssim.play.pooled import Pooled
from vssim.play.replications import Progress
from vssim.play.settings import adjusted, change_named
from vssim.scenario import EACH, Scenario, comes_into_force, measured_from, with_parts
from vssim.scenario.measured import unmeasured
from vssim.statistics import NO_REAL_DIFFERENCE, Difference, Estimate, Statistic, compare, estimate, level, student

MOST_EXACT = 8
"""Up to so many levers every combination is played."""

PAIRS_OF_ORDERS = 16
"""Of more levers, so many random orders are followed, and as many reversed ones."""

_estimate = partial(estimate, nature="share")
"""What levers add to a metric is told with Student's t, whatever the metric is."""


@dataclass(frozen=True)
class Contribution:
    """What one lever did."""

    lever: str
    change: Estimate
    """its share of the difference that the whole makes (Shapley value) [unit of the metric]"""
    alone: Estimate
    """the difference that it makes alone [unit of the metric]"""


@dataclass(frozen=True)
class Interaction:
    """Two levers of which one depends on the other more than any other two do."""

    lever: str
    other: str
    without: Estimate
    """what the lever does where the other is not there [unit of the metric]"""
    together: Estimate
    """what it does where the other is there [unit of the metric]"""
    words: str


@dataclass(frozen=True)
class Stage:
    """A lever in the order of introduction."""

    lever: str
    metric: Estimate
    """where the metric is once the lever is in force, with those before it [unit of the metric]"""
    change: Estimate
    """what this step changes [unit of the metric]"""


@dataclass(frozen=True)
class Explanation:
    """The answer: the effect of a change on one metric, put down to its levers."""

    scenario: Scenario
    change: str
    metric: str
    warmup: float
    replications: int
    before: Estimate
    after: Estimate
    effect: Difference
    contributions: tuple[Contribution, ...]
    """in the order of the change; they add up to the effect"""
    interaction: Interaction | None
    """the strongest that is more than chance; None where there is none, or above eight levers"""
    order: tuple[Stage, ...]
    """the order of introduction that gains most soonest"""
    sampled: bool
    """whether not every combination was played"""
    notes: tuple[str, ...]

    def to_pandas(self) -> Any:
        """The table as a pandas DataFrame; needs the notebook extra."""
        return as_pandas(self.table())

    def _repr_html_(self) -> str:
        """The explanation in a notebook: one row a lever."""
        rows = [(contribution.lever, contribution.change, contribution.alone) for contribution in self.contributions]
        head = repr(self).partition("\n")[0]
        return markup.title(head) + markup.table(("lever", "its share", "alone"), rows) + markup.notes(self.notes)

    def document(self) -> dict[str, Any]:
        """The document that `--json` prints."""
        return results.document(self)

    def table(self) -> Any:
        """One row a lever."""
        return results.table(self)

    def __repr__(self) -> str:
        lines = [f"  {contribution.lever}: {contribution.change}" for contribution in self.contributions]
        return "\n".join([f"{self.change}: {self.metric} {self.before} → {self.after}", *lines])


class Combinations:
    """Combinations of the levers of a change, played as they are asked for."""

    def __init__(self, scenario: Scenario, change: str, metric: str, warmup: float, engine: Engine, player: Player) -> None:
        self.scenario = scenario
        self.change = change
        self.metric = metric
        self.warmup = warmup
        self.engine = engine
        self.player = player
        self.levers = pieces(scenario.changes, change)
        """in words levers; of those brought in one by one, everything that comes on one day is one"""
        self.names = _names([_named(piece, change) for piece in self.levers], [piece.change for piece in self.levers])
        self.each = 1 if scenario.uncertain is None else EACH
        """so many replications, one after the other, are in one world and count as one"""
        self._known: dict[int, Pooled] = {}

    @property
    def whole(self) -> int:
        """All levers."""
        return (1 << len(self.levers)) - 1

    def values(self, sets: Iterable[int]) -> dict[int, NDArray[np.float64]]:
        """By replication (by world, where something is not known), what each adds to the metric of each combination.

        Their mean is the metric over all items of all runs.

        All NaN where nothing was there to measure. Percentiles do not add up by run; these values do.
        """
        wanted = list(dict.fromkeys(sets))
        cells = {subset: self._cell(subset) for subset in wanted if subset not in self._known}
        count = self.scenario.run.replications
        store = self.player.store
        store.describe([(cell.key, self.scenario.name, {"levers": self._chosen(subset)}) for subset, cell in cells.items()])
        self.player.play(cells.values(), {cell.key: count for cell in cells.values()})
        for subset, cell in cells.items():
            self._known[subset] = Pooled([sample[-1] for sample in store.samples(cell.key, count)], self.each)
        return {subset: self.statistic(subset).as_if_by_run for subset in wanted}

    def statistic(self, subset: int) -> Statistic:
        """The metric over all runs of a combination that was played."""
        return self._known[subset].statistic(self.metric)

    def _chosen(self, subset: int) -> list[str]:
        return [name for number, name in enumerate(self.names) if subset >> number & 1]

    def _cell(self, subset: int) -> Cell:
        begins = comes_into_force(self.scenario, self.change)
        since = [begins] if begins else []
        if not subset:
            return Cell.of(self.scenario, None, self.warmup, since, self.engine, (self.metric,))
        scenario = self.scenario
        if subset != self.whole:  # the whole is the very change that is compared, so that both play the same
            kept = [number for number in range(len(self.levers)) if subset >> number & 1]
            scenario = with_parts(scenario, changes=with_pieces(scenario.changes, self.change, kept))
        self._sensible(scenario, subset)
        return Cell.of(scenario, self.change, self.warmup, since, self.engine, (self.metric,))

    def _sensible(self, scenario: Scenario, subset: int) -> None:
        """Refuse a combination that leaves no organisation that could be played."""
        try:
            faults = [
                fault for phase in scenario.plan(self.change).phases for fault in checks.faults(phase.model, idle_teams=False)
            ]
        except ModelError as error:
            faults = list(error.faults)
        if faults:
            where = ".".join(map(str, faults[0].path))
            raise UsageError(
                f"{self.change}: cannot be explained, because {' with '.join(self._chosen(subset))} without the rest leaves no "
                f"sensible organisation ({where}: expected {faults[0].expected})"
            )


def explain(
    scenario: Scenario,
    change: str,
    *,
    metric: str | None = None,
    store: str | Path | None = None,
    replications: int | None = None,
    seed: int | None = None,
    horizon: float | None = None,
    warmup: float | str | None = None,
    engine: Engine = "auto",
    jobs: int | None = None,
    workers: Kind = "auto",
    cluster: str | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """What each lever of a change does to a metric (default: the headline), under the same luck: its Shapley value."""
    settled = adjusted(scenario, replications=replications, seed=seed, horizon=horizon, warmup=warmup)
    metric = metric or settled.headline
    measure.unit_of(metric, settled.unit)
    name = change_named(settled, change)
    levers = 0 if name is None else len(pieces(settled.changes, name))
    if name is None or levers < 2:
        few = "no levers" if levers == 0 else "one lever, which does all that the change does"
        raise UsageError(f"{change}: has {few}; there is nothing to attribute")
    for fault in unmeasured(metric, (), settled.demand, (settled.plan(), settled.plan(name))):
        hint = f" (did you mean {fault.near!r}?)" if fault.near else ""
        raise UsageError(f"metric: got {metric!r}, expected {fault.expected}{hint}")
    with opened(store) as kept, Staff(jobs, workers, cluster, executor) as staff:
        start = measured_from(settled)
        played = Combinations(settled, name, metric, start, engine, Player(kept, staff, progress))
        return _explained(played)


def _explained(played: Combinations) -> Explanation:
    count, sampled = len(played.levers), len(played.levers) > MOST_EXACT
    if sampled:
        shares, order = _sampled_shares(played), _greedy_order(played)
        interaction = None
    else:
        values = _defined(played.values(shapley.subsets(count)))
        shares = [_estimate(shapley.shapley(values, count, part).tolist()) for part in range(count)]
        order = shapley.soonest(count, lambda subset: _gain(played, values, subset))
        interaction = _strongest(played, values)
    alone = played.values([0, *(1 << part for part in range(count)), played.whole, *shapley.prefixes(order)])
    before, after = (played.statistic(subset) for subset in (0, played.whole))
    contributions = [
        Contribution(name, share, _difference(alone, 0, 1 << part))
        for part, (name, share) in enumerate(zip(played.names, shares, strict=True))
    ]
    return Explanation(
        scenario=played.scenario,
        change=played.change,
        metric=played.metric,
        warmup=played.warmup,
        replications=played.scenario.run.replications,
        before=level(before),
        after=level(after),
        effect=compare(before, after, direction(played.metric), by_ratio=not moves_apart(played.metric)),
        contributions=tuple(contributions),
        interaction=interaction,
        order=tuple(_stages(played, alone, order)),
        sampled=sampled,
        notes=tuple(_notes(played, sampled)),
    )


def _values(column: NDArray[np.float64]) -> list[float | None]:
    return [None if math.isnan(value) else value for value in column.tolist()]


def _difference(values: shapley.Values, before: int, after: int) -> Estimate:
    return _estimate(_values(values[after] - values[before]))


def _defined(values: Mapping[int, NDArray[np.float64]]) -> dict[int, NDArray[np.float64]]:
    """The replications in which the metric is defined for every combination."""
    whole = ~np.isnan(np.stack(list(values.values()))).any(axis=0)
    return {subset: column[whole] for subset, column in values.items()}


def _sign(metric: str) -> int:
    """+1 where more is better, −1 where less is."""
    return -1 if measure.direction(metric) == "down" else 1


def _gain(played: Combinations, values: shapley.Values, subset: int) -> float:
    steps = values[subset] - values[0]
    steps = steps[~np.isnan(steps)]
    return _sign(played.metric) * float(np.mean(steps)) if len(steps) else 0.0


def _sampled_shares(played: Combinations) -> list[Estimate]:
    """Shares over random orders; their intervals hold the chance of the orders and that of the runs."""
    count = len(played.levers)
    orders = shapley.orders(count, PAIRS_OF_ORDERS, played.scenario.run.seed)
    values = _defined(played.values(subset for order in orders for subset in shapley.prefixes(order)))
    added = np.array([_added(values, order) for order in orders])  # (orders, levers, replications)
    pairs = (added[0::2] + added[1::2]) / 2
    return [_two_chances(pairs[:, part, :]) for part in range(count)]


def _added(values: shapley.Values, order: Sequence[int]) -> NDArray[np.float64]:
    steps = dict(zip(order, zip(shapley.prefixes(order), shapley.prefixes(order)[1:], strict=False), strict=True))
    return np.array([values[after] - values[before] for _, (before, after) in sorted(steps.items())])


def _two_chances(added: NDArray[np.float64]) -> Estimate:
    """Mean over (pairs of orders, replications) with an interval for the chance in both."""
    pairs, replications = added.shape
    if replications == 0:
        return _estimate([])
    mean = float(added.mean())
    if replications == 1:
        return Estimate(mean, None, None, 1)
    spread = added.mean(axis=1).var(ddof=1) / pairs + added.mean(axis=0).var(ddof=1) / replications
    half = student(min(pairs, replications) - 1) * math.sqrt(float(spread))
    return Estimate(mean, mean - half, mean + half, replications)


def _greedy_order(played: Combinations) -> tuple[int, ...]:
    def gains(sets: Sequence[int]) -> list[float]:
        values = played.values([0, *sets])
        return [_gain(played, values, subset) for subset in sets]

    return shapley.greedy(len(played.levers), gains)


def _stages(played: Combinations, values: shapley.Values, order: Sequence[int]) -> list[Stage]:
    sets = shapley.prefixes(order)
    return [
        Stage(played.names[part], _estimate(_values(values[after])), _difference(values, before, after))
        for part, before, after in zip(order, sets, sets[1:], strict=False)
    ]


def _strongest(played: Combinations, values: shapley.Values) -> Interaction | None:
    """Of all pairs whose dependence is more than chance, the one in which it is largest."""
    count = len(played.levers)
    interactions: list[tuple[float, Interaction]] = []
    base = abs(float(np.mean(values[0]))) if len(values[0]) else 0.0
    for first, second in combinations(range(count), 2):
        sides = [_given(values, count, part, given) for part, given in ((first, second), (second, first))]
        depends = _estimate((sides[0][1] - sides[0][0]).tolist())
        if depends.mean is None or depends.low is None or depends.high is None or depends.low <= 0 <= depends.high:
            continue
        (part, given), (without, together) = _dependent(((first, second), (second, first)), sides, _sign(played.metric))
        names = played.names[part], played.names[given]
        ends = _estimate(without.tolist()), _estimate(together.tolist())
        before, after = (_sign_of(end, _sign(played.metric), base) for end in ends)
        words = _words(*names, before, after, _sign(played.metric) * depends.mean)
        interactions.append((abs(depends.mean), Interaction(*names, *ends, words)))
    return max(interactions, key=lambda pair: pair[0])[1] if interactions else None


Sides = tuple[NDArray[np.float64], NDArray[np.float64]]


def _given(values: shapley.Values, count: int, part: int, other: int) -> Sides:
    """What a lever adds without and with another one, by replication; averaged over the rest."""
    aside = 1 << part | 1 << other
    without = shapley.contribution(values, count, part, 0, aside)
    return without, shapley.contribution(values, count, part, 1 << other, aside)


def _dependent(pairs: Sequence[tuple[int, int]], sides: Sequence[Sides], sign: int) -> tuple[tuple[int, int], Sides]:
    """Which of two ways to tell a dependence: that of the lever whose smaller gain is the smaller one."""
    smaller = [min(sign * float(side.mean()) for side in both) for both in sides]
    chosen = 0 if smaller[0] <= smaller[1] else 1
    return pairs[chosen], sides[chosen]


def _sign_of(estimate: Estimate, sign: int, base: float) -> int:
    """Whether an effect is a gain (1), a loss (−1), or nothing worth naming (0)."""
    mean = sign * (estimate.mean or 0.0)
    unclear = estimate.low is not None and estimate.high is not None and estimate.low <= 0 <= estimate.high
    return 0 if unclear or abs(mean) < NO_REAL_DIFFERENCE * base else 1 if mean > 0 else -1


def _words(lever: str, other: str, without: int, together: int, depends: float) -> str:
    """A sentence on how one lever depends on another."""
    if depends > 0:
        if without < 0:
            less = {-1: f"does less harm with {other}", 1: f"does harm without {other}, and helps with it"}
            return f"{lever} {less.get(together, f'does harm without {other}')}"
        return f"{lever} gives nothing without {other}" if without == 0 < together else f"{lever} gives more with {other}"
    if together < 0:
        more = {-1: f"does more harm with {other}", 1: f"does harm where {other} is in force, and helps where it is not"}
        return f"{lever} {more.get(without, f'does harm where {other} is in force')}"
    nothing = together == 0 < without
    return f"{lever} gives nothing more where {other} is in force" if nothing else f"{lever} gives less with {other}"


def _named(piece: Piece, change: str) -> str:
    """A lever's name, `set` with the paths that it sets; for what comes as a whole, the name of the included change."""
    if piece.staged and piece.change != change:
        return piece.change
    lever = piece.levers[0]
    written = lever.written()
    paths = ", ".join(written[lever.name]) if lever.name == "set" and isinstance(written, dict) else ""
    return f"{lever.name} {paths}".strip()


def _names(levers: Sequence[str], owners: Sequence[str]) -> tuple[str, ...]:
    """Names that tell the levers apart: by the change that names them, or by number, where two are called the same."""
    twice = {name for name in levers if levers.count(name) > 1}
    longer = [f"{name} ({owner})" if name in twice else name for name, owner in zip(levers, owners, strict=True)]
    return tuple(
        f"{name} {longer[: number + 1].count(name)}" if longer.count(name) > 1 else name for number, name in enumerate(longer)
    )


def _notes(played: Combinations, sampled: bool) -> Iterable[str]:
    if sampled:
        yield f"{len(played.levers)} levers: {2 * PAIRS_OF_ORDERS} random orders were followed, not every combination played"
    if played.levers[0].staged:
        yield "they come one by one: each on its own day, which it keeps where others are left out"
    yield from told_of(played.player.store)
    yield from played.scenario.plan(played.change).notes
