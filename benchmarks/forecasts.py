"""How well forecasts hold: a suite of synthetic teams whose truth is known, for the band, the promises and the score.

    python -m benchmarks.forecasts              # 34 series of each of six families
    python -m benchmarks.forecasts --series 5

Each series is 260 working days of one team. Families, in equal parts: stationary (chance alone); drifting (capacity wanders: a
log-normal Ornstein-Uhlenbeck process of 20 to 80 days, sd 0.2 to 0.45); bursty (negative binomial days, shape 0.5); sprinting (70 %
of each ten days' work is closed on the last); seasonal (a wave of ± 50 %, of 120 to 260 days); changing (the rate is halved, or
doubled, on one day). Rates are 0.2 to 3 a day. The seed of a series is (number of its family, number of the series). Windows are
10, 20 and 40 days long, do not overlap, and each is forecast from what lies before it alone.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vssim.clock import Ints, Reals
from vssim.forecasts.methods import METHODS
from vssim.forecasts.record import Window

FAMILIES = ("stationary", "drifting", "bursty", "sprinting", "seasonal", "changing")
LENGTHS = (10, 20, 40)
"""Of the windows [working days]."""
DAYS = 260
SERIES = 34
"""Of each family."""


@dataclass(frozen=True)
class Held:
    """What was found of one family by one method."""

    windows: int
    band: float
    """share of outcomes within the randomised band of 80 %"""
    beyond: float
    """share of promises kept, minus what was promised"""
    score: float
    """mean continuous ranked probability score [items]"""


def series(family: str, number: int, days: int = DAYS) -> Ints:
    """Deliveries on each day of one team."""
    luck = np.random.default_rng([FAMILIES.index(family), number])
    rate = luck.uniform(0.2, 3.0)
    if family == "bursty":
        return luck.negative_binomial(0.5, 0.5 / (0.5 + rate), days)
    if family == "sprinting":
        return _sprints(luck.poisson(rate, days), luck)
    return luck.poisson(_rates(family, rate, days, luck))


def _rates(family: str, rate: float, days: int, luck: np.random.Generator) -> Reals:
    each = np.arange(days)
    if family == "drifting":
        return rate * _wandering(luck.uniform(20, 80), luck.uniform(0.2, 0.45), days, luck)
    if family == "seasonal":
        wave: Reals = 1 + 0.5 * np.sin(2 * np.pi * each / luck.uniform(120, 260) + luck.uniform(0, 2 * np.pi))
        return rate * wave
    if family == "changing":
        after = rate * luck.choice([0.5, 0.6, 1.6, 2.0])
        return np.where(each < luck.integers(60, 200), rate, after)
    return np.full(days, rate)


def _wandering(memory: float, spread: float, days: int, luck: np.random.Generator) -> Reals:
    keep = np.exp(-1 / memory)
    logs = np.empty(days)
    logs[0] = luck.normal(0, spread)
    for day in range(1, days):
        logs[day] = keep * logs[day - 1] + spread * np.sqrt(1 - keep**2) * luck.normal()
    factors: Reals = np.exp(logs - spread**2 / 2)
    return factors


def _sprints(done: Ints, luck: np.random.Generator, length: int = 10) -> Ints:
    """The same work, most of it closed on the last day of its sprint."""
    closed = np.zeros_like(done)
    for begin in range(0, len(done), length):
        end = min(begin + length, len(done))
        total = int(done[begin:end].sum())
        late = round(0.7 * total)
        closed[end - 1] += late
        np.add.at(closed, luck.integers(begin, end, total - late), 1)
    return closed


def measure(family: str, method: str, count: int, lengths: Sequence[int] = LENGTHS) -> Held:
    """What so many series of a family say of a method."""
    windows: list[Window] = []
    for number in range(count):
        daily = series(family, number)
        for length in lengths:
            windows += METHODS[method].record_of_counts(daily, length, 5).windows
    return Held(
        len(windows),
        float(np.mean([0.1 <= window.place <= 0.9 for window in windows])),
        float(np.mean([window.kept - window.promise.probability for window in windows])),
        float(np.mean([window.score for window in windows])),
    )


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--series", type=int, default=SERIES, help="of each family")
    count = asked.parse_args().series
    began = time.process_time()
    print(f"{count} series of each family, {DAYS} days each; windows of {', '.join(map(str, LENGTHS))} days")
    print(f"{'':12}{'windows':>8}  " + "".join(f"{name + ': band':>14}{'kept − prom.':>14}{'CRPS':>8}" for name in METHODS))
    means = {name: [] for name in METHODS}  # type: dict[str, list[Held]]
    for family in FAMILIES:
        held = {name: measure(family, name, count) for name in METHODS}
        for name, record in held.items():
            means[name].append(record)
        cells = "".join(f"{record.band:14.1%}{100 * record.beyond:+13.1f} {record.score:8.3f}" for record in held.values())
        print(f"{family:12}{held['weeks'].windows:8}  {cells}")
    cells = "".join(
        f"{np.mean([record.band for record in of]):14.1%}{100 * np.mean([record.beyond for record in of]):+13.1f} "
        f"{np.mean([record.score for record in of]):8.3f}"
        for of in means.values()
    )
    print(f"{'mean':12}{'':8}  {cells}")
    print(f"CPU {time.process_time() - began:.0f} s")


if __name__ == "__main__":
    main()
