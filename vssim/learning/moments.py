"""The moments by which flows are compared: of each place and of the whole, the same for recorded and played flows.

For each place: log(1 + mean time), log(1 + mean of four slices of the times, between their quantiles 40–55, 60–75, 75–90 and
85–100 %), the same of mean and spread of the number of items there, the correlation of time with that number on entry, and the
dispersion of weekly departures; where people work, also what days without waiting tell (`worked`). For the whole: quantiles of
lead time, weekly deliveries with their dispersion and the correlation of successive weeks, items in progress and items open at
the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vssim.clock import Ints, Reals
from vssim.learning.flow import Flow
from vssim.learning.worked import Worked

SLICES = ((0.40, 0.55), (0.60, 0.75), (0.75, 0.90), (0.85, 1.0))
QUANTILES = (0.5, 0.7, 0.85, 0.95)
"""The quantiles of lead time that are compared."""

PER_PLACE = 1 + len(SLICES) + 4
GRID = 1.0
"""The interval at which items are counted [working days]."""


@dataclass(frozen=True)
class Window:
    """The time over which a flow is measured."""

    begin: float
    end: float
    """[working days]"""
    week: int
    places: int

    @property
    def weeks(self) -> int:
        """Whole weeks in it."""
        return max(1, int((self.end - self.begin) // self.week))


def summary(flow: Flow, window: Window, worked: Mapping[int, Worked]) -> Reals:
    """All moments; undefined ones are 0 for records and played flows alike. `worked`: by place of work the stays there.

    Shape (9 · places + 6 · places of work + 9,).
    """
    by_place = [_of_place(flow, place, window) for place in range(window.places)]
    by_workplace = [stays.figures(window.begin, window.end) for stays in worked.values()]
    return np.concatenate([*by_place, *by_workplace, _of_all(flow, window)])


def inside(times: Reals, window: Window) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which times lie within the window; False for NaN."""
    within: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = (times > window.begin) & (times <= window.end)
    return within


def times_in(flow: Flow, place: int, window: Window) -> Reals:
    """The times of stays in a place that ended within the window [working days]."""
    rows = (flow.place == place) & inside(flow.left, window)
    times: Reals = flow.left[rows] - flow.entered[rows]
    return times


def _of_place(flow: Flow, place: int, window: Window) -> Reals:
    here = flow.place == place
    entered, left = flow.entered[here], flow.left[here]
    count = held(entered, left, window)
    figures = np.zeros(PER_PLACE)
    ended = inside(left, window)
    if ended.any():
        times = (left - entered)[ended]
        ordered = np.sort(times)
        figures[0] = np.log1p(times.mean())
        for number, (low, high) in enumerate(SLICES):
            first = min(int(low * len(ordered)), len(ordered) - 1)
            part = ordered[first : max(int(np.ceil(high * len(ordered))), first + 1)]
            figures[1 + number] = np.log1p(part.mean())
        at_entry = count[np.clip(((entered[ended] - window.begin) / GRID).astype(np.int64), 0, len(count) - 1)]
        figures[-2] = _correlation(times, at_entry)
        figures[-1] = np.sqrt(clumped(weekly(left[ended], window)))
    figures[-4], figures[-3] = np.log1p(count.mean()), np.log1p(count.std())
    return figures


def held(entered: Reals, left: Reals, window: Window) -> Reals:
    """The number of items present at each point of a grid over the window; (moments,)."""
    grid = np.arange(window.begin, window.end, GRID) + GRID / 2
    came = np.searchsorted(np.sort(entered), grid, side="right")
    went = np.searchsorted(np.sort(left[~np.isnan(left)]), grid, side="right")
    counts: Reals = (came - went).astype(np.float64)
    return counts


def weekly(times: Reals, window: Window) -> Ints:
    """The number of times in each whole week of the window; (weeks,)."""
    numbers = ((times - window.begin - 1e-9) // window.week).astype(np.int64)
    kept = numbers[(numbers >= 0) & (numbers < window.weeks)]
    return np.bincount(kept, minlength=window.weeks).astype(np.int64)


def clumped(counts: Ints) -> float:
    """Variance over mean; 0 where the mean is 0."""
    mean = float(counts.mean())
    return float(counts.var(ddof=1)) / mean if len(counts) > 1 and mean > 0 else 0.0


def together(counts: Ints) -> float:
    """The correlation of successive weeks' counts; 0 where nothing varies."""
    centred = counts - counts.mean()
    spread = float((centred**2).sum())
    return float((centred[1:] * centred[:-1]).sum()) / spread if spread > 0 else 0.0


def _correlation(first: Reals, second: Reals) -> float:
    if len(first) < 3 or first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _of_all(flow: Flow, window: Window) -> Reals:
    done = inside(flow.done, window)
    lead = flow.lead[done]
    quantiles = np.log1p(np.maximum(np.quantile(lead, QUANTILES), 0)) if len(lead) else np.zeros(len(QUANTILES))
    counts = weekly(flow.done[done], window)
    count = held(flow.start, flow.out, window)
    last = count[-1] if len(count) else 0.0
    rest = [np.log1p(counts.mean()), np.sqrt(clumped(counts)), together(counts), np.log1p(count.mean()), np.log1p(last)]
    return np.concatenate([quantiles, rest])
