"""(d) Whole runs of the board with their statistics, as each simulator keeps them: not only when each item left.

SimPy keeps none of itself, so its model writes down every visit; Ciw's records and salabim's monitors are their own. All end with
the same few figures: lead times (mean, 50, 85, 95 %), waiting and utilisation by step. vssim measures every metric of its
catalogue, and draws its luck, too: the others are given the work.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

import vssim
from benchmarks import with_ciw, with_salabim, with_simpy
from benchmarks.cases import CASES, Work
from vssim.clock import Ints

Figures = dict[str, float]
"""mean lead time and its percentiles [ticks]"""

SHARE = {"vssim": 1.0, "SimPy": 0.25, "Ciw": 0.1, "salabim": 0.05}
"""of the case's items that each plays in a round"""


@dataclass(frozen=True)
class Told:
    """A simulator's whole run."""

    name: str
    visit: float
    """CPU time of a visit, statistics included [s]"""
    ratio: float
    """how many times as long as vssim's"""


def figures(lead: Ints) -> Figures:
    """Of everybody's lead times the same ones."""
    return {"mean": float(lead.mean()), **{f"p{share}": float(np.percentile(lead, share)) for share in (50, 85, 95)}}


def with_simpy_statistics(work: Work) -> Figures:
    """The model of `with_simpy`, which writes down each visit's request, beginning and end, and sums them up."""
    table = with_simpy.Recording(work)
    estimates = figures(with_simpy.played(table, work))
    step, asked, begun, done = np.array(table.visits, np.float64).T
    for number, people in enumerate(work.people):
        here = step == number
        estimates[f"waiting.{number}"] = float((begun - asked)[here].mean())
        estimates[f"utilisation.{number}"] = float((done - begun)[here].sum() / people / done.max())
    return estimates


def with_ciw_statistics(work: Work) -> Figures:
    """Ciw's own records, and its own utilisation."""
    simulation, leads = with_ciw.simulated(work)
    estimates = figures(leads)
    records = simulation.get_all_records()
    for number, node in enumerate(simulation.transitive_nodes[1:]):
        waits = [record.waiting_time for record in records if record.node == number + 2]
        estimates[f"waiting.{number}"] = float(np.mean(waits))
        estimates[f"utilisation.{number}"] = float(node.server_utilisation)
    return estimates


def with_salabim_statistics(work: Work) -> Figures:
    """The monitors of salabim, which are on as they are by default."""
    table, leads = with_salabim.simulated(work)
    estimates = figures(leads)
    for number, people in enumerate(table.people):
        estimates[f"waiting.{number}"] = float(people.requesters().length_of_stay.mean())
        estimates[f"utilisation.{number}"] = float(people.occupancy.mean())
    return estimates


OTHERS: dict[str, Callable[[Work], Figures]] = {
    "SimPy": with_simpy_statistics,
    "Ciw": with_ciw_statistics,
    "salabim": with_salabim_statistics,
}


def whole_runs(rounds: int = 3) -> list[Told]:
    """Everybody in turn, so many rounds; medians of each round's ratios."""
    case = CASES["board"]
    scenario = case.scenario(case.items)
    works = {name: case.work(max(200, round(case.items * SHARE[name]))) for name in OTHERS}
    for work in works.values():
        work.prepare()
    vssim.simulate(scenario, engine="compiled").metrics()
    visits = case.work(case.items).visits
    times: dict[str, list[float]] = {name: [] for name in SHARE}
    for _ in range(rounds):
        ours = median(_seconds(lambda: vssim.simulate(scenario, engine="compiled").metrics()) for _ in range(3))
        times["vssim"].append(ours / visits)
        for name, play in OTHERS.items():
            times[name].append(_seconds(lambda: play(works[name])) / works[name].visits)  # noqa: B023
    ratios = {name: median(theirs / ours for theirs, ours in zip(times[name], times["vssim"], strict=True)) for name in times}
    return [Told(name, median(seconds), ratios[name]) for name, seconds in times.items()]


def table(rows: list[Told]) -> str:
    """Markdown."""
    lines = ["| a whole run of the board, with statistics | a visit [ns] | × as long |", "|---|--:|--:|"]
    lines += [f"| {row.name} | {row.visit * 1e9:,.0f} | {row.ratio:,.0f} |" for row in rows]
    return "\n".join(lines)


def _seconds(play: Callable[[], Any]) -> float:
    gc.collect()
    begin = time.process_time()
    play()
    return time.process_time() - begin
