"""Marks along the clock of a single run's picture: what is not measured, when another organisation came, and who is away when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from vssim.clock import Ints, Reals
from vssim.play.run import Run
from vssim.views.figures import style

STRIP = 0.1
"""Share of the height of the axes that the strip takes when everybody is away."""


def mark_warmup(axes: Axes, run: Run) -> None:
    """Shade what is not measured."""
    if run.warmup > 0:
        axes.axvspan(0, run.warmup, color=style.GRID, alpha=0.55, zorder=0, linewidth=0)


def mark_change(axes: Axes, run: Run) -> None:
    """A line where another organisation came into force."""
    for start in run.log.changes:
        axes.axvline(start, color=style.INK, linewidth=1.2, linestyle=(0, (4, 3)))


def mark_away(axes: Axes, run: Run) -> None:
    """Hatch when nobody works at all; a strip along the foot is as high as the share of the people who are away."""
    for begin, end in _closed(run):
        axes.axvspan(begin, end, facecolor="none", edgecolor=style.SOFT, hatch="///", alpha=0.4, linewidth=0, zorder=3)
    since, missing = away(run)
    if not missing.any():
        return
    axes.fill_between(
        np.append(since, run.log.length),
        np.append(missing, missing[-1]) / _people(run) * STRIP,
        step="post",
        transform=axes.get_xaxis_transform(),
        color=style.SOFT,
        alpha=0.8,
        linewidth=0,
        zorder=4,
    )


def said(runs: Sequence[Run]) -> list[str]:
    """What the marks of these runs' pictures mean, and how many items were there when the first run began."""
    most = max((int(away(run)[1].max(initial=0)) for run in runs), default=0)
    before = len(runs[0].log.there_before)
    return [
        *(["hatched: nobody works"] if any(_closed(run) for run in runs) else []),
        *([f"strip at the foot: people away, at most {most} of {max(map(_people, runs))}"] if most else []),
        *([f"{before} {'item was' if before == 1 else 'items were'} there when the run began"] if before else []),
    ]


def away(run: Run) -> tuple[Reals, Ints]:
    """From which moments of the run on [units of time] how many people are on leave or ill [persons]; shapes (n,)."""
    log = run.log
    now: dict[int, int] = {}
    steps: dict[int, int] = {log.origin: 0}
    for entry in sorted(log.away, key=lambda entry: entry.since):
        now[entry.pool] = entry.absent + entry.ill
        steps[max(entry.since, log.origin)] = sum(now.values())
    moments = np.array(list(steps), np.int64)
    return log.times(moments), np.array(list(steps.values()), np.int64)


def _closed(run: Run) -> list[tuple[float, float]]:
    """From when to when nobody works, of what the picture shows [units of time]."""
    stretches = [(max(0.0, run.log.time(begin)), min(run.log.length, run.log.time(end))) for begin, end in run.log.closed]
    return [(begin, end) for begin, end in stretches if begin < end]


def _people(run: Run) -> int:
    """How many people the pools that can be counted have, here or away, where they have most [persons]."""
    most: dict[int, int] = {}
    for pool in run.log.pools:
        missing = [entry.absent + entry.ill for entry in run.log.away if entry.pool == pool.index and entry.since <= pool.since]
        most[pool.index] = max(most.get(pool.index, 0), (pool.people or 0) + (missing[-1] if missing else 0))
    return max(1, sum(most.values()))
