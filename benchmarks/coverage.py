"""How often the intervals hold what they are to hold: coverage of levels, differences and ratios, on a queue whose truth is known.

    python -m benchmarks.coverage                      2,000 experiments a cell; some ten minutes
    python -m benchmarks.coverage --experiments 300    roughly, in a minute or two
    python -m benchmarks.coverage --docs               into vssim/docs/results.md

One server at a load of 80 %, Poisson arrivals, exponential work; beside it the same luck with a tenth less work. Measured over
250 from the empty start, and over 1,000 after 200. Runs obey Lindley's recursion; what is made of them is the project's own:
samples, pool, intervals, differences. The truth is the pool of very many further runs of the same length.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.table import put_into
from vssim.clock import Reals
from vssim.metrics.sample import Sample
from vssim.play.pooled import Compared, Pooled
from vssim.statistics import Estimate

RESULTS = Path(__file__).resolve().parents[1] / "vssim" / "docs" / "results.md"

EVERY, WORK, LESS = 1.25, 1.0, 0.9
"""Mean time between arrivals, mean work, and the work with the change as a share of it."""

WINDOWS = ((250.0, 0.0), (1000.0, 200.0))
"""Horizon and warm-up."""

RUNS = (5, 10, 20)
METRICS = {"lead_time.mean": "mean", "lead_time.p85": "p85", "lead_time.p95": "p95", "wip": "WIP"}
KINDS = ("level", "difference", "ratio")

_FURTHER = 20_000
"""Runs that the truth is taken from: a thirtieth of the error of 20."""

_AT_ONCE = 500
"""Runs that are played side by side."""

Cell = tuple[float, int, str, str]
"""Horizon, replications, metric, kind of interval."""


@dataclass(frozen=True)
class Tally:
    """Of the experiments of a cell."""

    held: int = 0
    told: int = 0
    """those that had an interval"""

    def and_one(self, estimate: Estimate, truth: float) -> Tally:
        """The same with another experiment."""
        if estimate.low is None or estimate.high is None:
            return self
        return Tally(self.held + (estimate.low <= truth <= estimate.high), self.told + 1)


def coverage(experiments: int, seed: int = 1, further: int = _FURTHER) -> dict[Cell, Tally]:
    """By cell: in how many experiments the interval held the truth."""
    tallies: dict[Cell, Tally] = {}
    for number, (horizon, warmup) in enumerate(WINDOWS):
        truth = _truth(horizon, warmup, np.random.default_rng([seed, number, 1]), further)
        rng = np.random.default_rng([seed, number])
        for pairs in _experiments(horizon, warmup, rng, experiments):
            for runs in RUNS:
                before, after = (Pooled(side[:runs]) for side in pairs)
                compared = Compared(before, after)
                for metric in METRICS:
                    difference = compared[metric]
                    told = {"level": before[metric], "difference": difference.difference, "ratio": difference.ratio}
                    for kind, estimate in told.items():
                        cell = horizon, runs, metric, kind
                        tallies[cell] = tallies.get(cell, Tally()).and_one(estimate, truth[metric, kind])
    return tallies


def _experiments(
    horizon: float, warmup: float, rng: np.random.Generator, count: int
) -> Iterator[tuple[Sequence[Sample], Sequence[Sample]]]:
    """The samples of both sides of one experiment after the other, of as many replications as the most there are."""
    most = max(RUNS)
    at_once = max(_AT_ONCE // most, 1)
    for start in range(0, count, at_once):
        some = min(at_once, count - start)
        before, after = played(horizon, warmup, rng, some * most)
        for experiment in range(some):
            here = slice(experiment * most, (experiment + 1) * most)
            yield before[here], after[here]


def _truth(horizon: float, warmup: float, rng: np.random.Generator, runs: int) -> Mapping[tuple[str, str], float]:
    """By metric and kind, what an interval is to hold."""
    sides: tuple[list[Sample], list[Sample]] = ([], [])
    for start in range(0, runs, _AT_ONCE):
        for side, samples in zip(sides, played(horizon, warmup, rng, min(_AT_ONCE, runs - start)), strict=True):
            side.extend(samples)
    before, after = (Pooled(side) for side in sides)
    truth: dict[tuple[str, str], float] = {}
    for metric in METRICS:
        old, new = (side.statistic(metric).value or np.nan for side in (before, after))
        truth |= {(metric, "level"): old, (metric, "difference"): new - old, (metric, "ratio"): new / old}
    return truth


def played(horizon: float, warmup: float, rng: np.random.Generator, runs: int) -> tuple[list[Sample], list[Sample]]:
    """So many runs of the queue as it is and with less work, both with the same luck."""
    items = int(horizon / EVERY + 8 * np.sqrt(horizon / EVERY)) + 8
    arrived = np.cumsum(rng.exponential(EVERY, (runs, items)), axis=1)
    work = rng.exponential(WORK, (runs, items))
    before, after = (_samples(arrived, share * work, horizon, warmup) for share in (1.0, LESS))
    return before, after


def _samples(arrived: Reals, work: Reals, horizon: float, warmup: float) -> list[Sample]:
    """What each run hands up; the next item starts when it has arrived and the one before has left (Lindley 1952)."""
    left = np.empty_like(arrived)
    free = np.zeros(len(arrived))
    for item in range(arrived.shape[1]):
        free = np.maximum(arrived[:, item], free) + work[:, item]
        left[:, item] = free
    there = np.clip(left, warmup, horizon) - np.clip(arrived, warmup, horizon)
    wip = there.sum(axis=1) / (horizon - warmup)
    inside = (left > warmup) & (left <= horizon)
    return [
        _sample(np.sort((left[run] - arrived[run])[inside[run]]), float(wip[run]), horizon - warmup) for run in range(len(left))
    ]


def _sample(lead: Reals, wip: float, length: float) -> Sample:
    metrics: dict[str, float | None] = {
        "lead_time.mean": float(lead.mean()) if len(lead) else None,
        **{f"lead_time.{key}": float(lead[int(np.ceil(share * len(lead))) - 1]) if len(lead) else None for key, share in _SHARES},
        "wip": wip,
        "delivered": float(len(lead)),
        "throughput": len(lead) / length,
    }
    return Sample(metrics, {}, {"lead_time": lead})


_SHARES = (("p85", 0.85), ("p95", 0.95))


def table(tallies: Mapping[Cell, Tally], experiments: int) -> str:
    """As Markdown: a row a metric and kind, a column a length and number of replications."""
    columns = [(horizon, warmup, runs) for horizon, warmup in WINDOWS for runs in RUNS]
    heads = [f"{horizon:,.0f}/{warmup:,.0f}, n = {runs}" for horizon, warmup, runs in columns]
    lines = ["| |" + "|".join(f" {head} " for head in heads) + "|", "|---|" + "---|" * len(heads)]
    for metric, name in METRICS.items():
        for kind in KINDS:
            cells = [_told(tallies[horizon, runs, metric, kind]) for horizon, _, runs in columns]
            lines.append(f"| {name}, {kind} | " + " | ".join(cells) + " |")
    error = 100 * np.sqrt(0.95 * 0.05 / experiments)
    return "\n".join([*lines, "", f"Of {experiments:,} experiments a cell; each figure is known to ± {2 * error:.1f} points."])


def _told(tally: Tally) -> str:
    return f"{100 * tally.held / tally.told:.1f} %" if tally.told else "–"


def main() -> None:
    """Measure, print, and write down."""
    measure("coverage", "How often intervals hold the truth.", 2000, lambda count, seed: table(coverage(count, seed), count))


def measure(name: str, description: str, experiments: int, table_of: Callable[[int, int], str]) -> None:
    """The command of a benchmark whose table stands in the page of results, between the marks of its name.

    `table_of`: the table from so many experiments and a seed; `experiments`: how many, where the command does not say.
    """
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=description)
    parser.add_argument("--experiments", type=int, default=experiments)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--docs", action="store_true", help="write into vssim/docs/results.md")
    options = parser.parse_args()
    text = table_of(options.experiments, options.seed)
    if options.docs:
        put_into(RESULTS, text, name)
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
