"""People who come and go, weeks good and bad, demand with a season: what runs of a file show, against the laws they follow.

Nothing here looks inside: sickness and drift are read off the moments at which one person, who always has work, finishes.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

from tests.theory.steady import Reading, agree, samples, settles, spread
from vssim.clock import TICKS, Reals

VACATIONS = """
demand:
  item: {{every: exponential({every}), priority: 1}}
  vacation: {{backlog: {backlog}, work: {{serve: {away}}}, priority: 9}}
steps: {{serve: {{work: {work}}}}}
teams: {{clerk: {{people: 1, does: serve}}}}
"""


@pytest.mark.parametrize(
    ("work", "square", "away", "mean", "squared"),
    [
        ("exponential(1)", 2.0, "2", 2.0, 4.0),
        ("1", 1.0, "exponential(2)", 2.0, 8.0),
        ("'lognormal(mean=1, cv=0.5)'", 1.25, "'uniform(0, 3)'", 1.5, 3.0),
    ],
)
def test_who_goes_away_whenever_nobody_waits(engine: str, work: str, square: float, away: str, mean: float, squared: float) -> None:
    """M/G/1 with vacations (Fuhrmann & Cooper 1985): the wait of M/G/1, and on top what is left of a vacation, E V²/(2 E V).

    A clerk who goes away whenever no customer waits, and again if none has come meanwhile, is one who then does what is
    always there and can wait, and finishes what he has begun.
    """
    rate = 0.6
    wait = rate * square / (2 * (1 - rate)) + squared / (2 * mean)
    days = 4_000

    def away_for(run: Reading) -> float:
        visits, low = run.log.visits, run.warmup * TICKS
        gone = (run.log.items.type[visits.item] == 1) & (visits.finished >= low)
        return float(visits.touch[gone].sum() / (run.log.horizon - low))

    settles(
        engine,
        VACATIONS.format(every=1 / rate, work=work, away=away, backlog=4_000),
        {"lead_time.mean@item": wait + 1},
        days=days,
        warmup=100,
        also={"share of time away": (away_for, 1 - rate)},
    )


SICK = """
demand: {{item: {{every: exponential({every})}}}}
steps: {{serve: {{work: exponential(1)}}}}
teams: {{clerk: {{people: 1, does: serve, sick: {{share: {share}, lasts: exponential({lasts})}}}}}}
"""


def _number_with_breakdowns(rate: float, failing: float, mending: float) -> float:
    """Mean number at one server (μ = 1) that fails and is mended whatever it does (White & Christie 1958), by its chain."""
    most = 600
    size = 2 * most
    flow = np.zeros((size, size))
    for n in range(most):
        well, ill = 2 * n, 2 * n + 1
        flow[well, ill], flow[ill, well] = failing, mending
        if n + 1 < most:
            flow[well, well + 2] = flow[ill, ill + 2] = rate
        if n:
            flow[well, well - 2] = 1
    np.fill_diagonal(flow, -flow.sum(axis=1))
    flow[:, 0] = 1
    chances = np.linalg.solve(flow.T, np.eye(size)[0])
    return float(chances @ (np.arange(size) // 2))


def test_a_clerk_who_is_sometimes_ill(engine: str) -> None:
    """A server that breaks down; what it had in hand goes on where it was. Spells are of whole days, and long against one."""
    share, lasts, rate = 0.1, 10.0, 0.3
    number = _number_with_breakdowns(rate, share / (1 - share) / lasts, 1 / lasts)
    settles(
        engine,
        SICK.format(every=1 / rate, share=share, lasts=lasts),
        {"lead_time.mean": number / rate},
        days=12_000,
        warmup=200,
        wide={"lead_time.mean": 3},
    )


ALWAYS_BUSY = """
demand: {{item: {{backlog: {backlog}}}}}
steps: {{serve: {{work: {work}}}}}
teams: {{clerk: {{people: 1, does: serve, {more}}}}}
"""


def finished(run: Reading) -> Reals:
    """When each of the works was finished [units]."""
    moments = run.log.visits.finished
    return np.sort(moments[moments >= 0]) / TICKS


def spells(run: Reading) -> Reals:
    """How long each spell of sickness lasted [units]: what a work of 1 took beyond that."""
    beyond = np.diff(finished(run)) - 1
    return beyond[beyond > 1e-6]


@pytest.mark.parametrize(("share", "lasts", "mean"), [(0.1, "20", 20.0), (0.02, "geometric(5)", 5.0)])
def test_share_of_time_sick_and_the_mean_spell(engine: str, share: float, lasts: str, mean: float) -> None:
    horizon = 2_500 if engine == "reference" else 60_000
    text = ALWAYS_BUSY.format(backlog=horizon, work=1, more=f"sick: {{share: {share}, lasts: {lasts}}}")

    def ill(run: Reading) -> float:
        return 1 - len(finished(run)) / horizon

    def length(run: Reading) -> float:
        return float(spells(run).mean())

    found = samples(engine, text, {"share": ill, "spell": length}, horizon=horizon)
    error = 0.2 if engine == "reference" else 0.03
    agree(found, {"share": share, "spell": mean}, {"share": error, "spell": error})


WORK = 0.1
"""So little that every week, however bad, sees several finished."""


def factors(run: Reading) -> Reals:
    """The pace in every week: the works finished between the first and the last moment of finishing in it, over that time."""
    moments = finished(run)
    weeks = np.floor(moments).astype(int)
    inside = weeks[1:] == weeks[:-1]
    count = np.bincount(weeks[1:][inside])
    assert count.all()
    paces: Reals = count * WORK / np.bincount(weeks[1:][inside], weights=np.diff(moments)[inside])
    return paces


def test_good_and_bad_weeks_are_those_of_an_autoregression(engine: str) -> None:
    """Logs of the weekly factors are AR(1): var ln(1 + cv²) about −½ of it, correlation e^(−k/over) at k weeks; mean pace 1."""
    cv, over = 0.3, 4.0
    variance = math.log(1 + cv**2)
    weeks = 200 if engine == "reference" else 5_000
    text = "unit: week\n" + ALWAYS_BUSY.format(backlog=12 * weeks, work=WORK, more=f"drift: {{cv: {cv}, over: {over}}}")

    def mean(run: Reading) -> float:
        return WORK * len(finished(run)) / weeks

    def varying(run: Reading) -> float:
        return spread(np.log(factors(run)), -variance / 2)

    def together(weeks_apart: int, run: Reading) -> float:
        logs = np.log(factors(run)) + variance / 2
        return float((logs[:-weeks_apart] * logs[weeks_apart:]).mean())

    measured = {"mean": mean, "variance": varying}
    exact = {"mean": 1.0, "variance": variance}
    for apart in (1, 2, 5):
        measured[f"covariance at {apart}"] = partial(together, apart)
        exact[f"covariance at {apart}"] = variance * math.exp(-apart / over)
    found = samples(engine, text, measured, horizon=weeks)
    agree(found, exact, dict.fromkeys(exact, 0.3 if engine == "reference" else 0.05))


SEASON = """
start: 2026-01-05
demand: {item: {every: exponential(0.25), season: {2026-03-02: 50%, 2026-06-01: 0%, 2026-07-06: 200%, 2026-09-07: 100%}}}
steps: {serve: {work: 0.01}}
teams: {crew: {people: unlimited, does: serve}}
"""


def test_arrivals_of_a_season_are_a_poisson_process_on_the_clock_of_their_expected_number(engine: str) -> None:
    """Λ(t), the number expected until t, at the arrivals: a Poisson process of rate 1 (Çinlar 1975, 4.7)."""
    edges = np.array([0, 40, 105, 130, 175, 240])  # working days from the start to each of its dates, and to the end
    rates = 4 * np.array([1, 0.5, 0, 2, 1])
    expected = np.concatenate([[0], np.cumsum(np.diff(edges) * rates)])

    def on_that_clock(run: Reading) -> Reals:
        numbers: Reals = np.interp(run.log.items.arrived / TICKS, edges, expected)
        return numbers

    def gap(run: Reading) -> float:
        return float(np.diff(on_that_clock(run)).mean())

    def square(run: Reading) -> float:
        return float((np.diff(on_that_clock(run)) ** 2).mean())

    def counted(part: int, run: Reading) -> float:
        return float(np.histogram(run.log.items.arrived / TICKS, edges)[0][part])

    measured = {"gap": gap, "squared gap": square}
    exact = {"gap": 1.0, "squared gap": 2.0}
    for part in (0, 1, 3, 4):
        measured[f"arrivals in part {part}"] = partial(counted, part)
        exact[f"arrivals in part {part}"] = float(expected[part + 1] - expected[part])
    measured["arrivals while nobody asks"] = partial(counted, 2)
    replications, error = (30, 0.06) if engine == "reference" else (100, 0.03)
    found = samples(engine, SEASON, measured, horizon=240, replications=replications)
    assert set(found.pop("arrivals while nobody asks")) == {0.0}
    agree(found, exact, dict.fromkeys(exact, error))
