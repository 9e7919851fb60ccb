"""Measuring side by side: rounds in which everybody plays in turn, in CPU time, and the median of each round's ratios.

Whoever is slow plays fewer items of the same case; what is compared is the time for a visit. Before the first round, and
outside all clocks, the answers are compared: every item's lead time, to the tick, and with theory where there is one.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from benchmarks import with_ciw, with_clock, with_lindley, with_loop, with_salabim, with_simpy, with_vssim
from benchmarks.cases import Case, Work
from vssim.clock import MILLION, Ints

Play = Callable[[Work], Ints]

OURS = "vssim compiled"


@dataclass(frozen=True)
class Player:
    """Somebody who can play."""

    name: str
    play: Play
    share: float
    """of the case's items, so that a round does not take for ever"""
    repeat: int = 1
    """how often in a round, of which the median counts"""


PLAYERS = (
    Player(OURS, with_vssim.play_compiled, 1, 5),
    Player("vssim reference", with_vssim.play_reference, 0.1),
    Player("SimPy", with_simpy.play, 0.5),
    Player("SimPy as a clock", with_clock.play, 0.5),
    Player("Ciw", with_ciw.play, 0.2),
    Player("salabim", with_salabim.play, 0.05),
    Player("a loop for these cases", with_loop.play, 1, 5),
    Player("Lindley recursion", with_lindley.play, 1, 5),
)


@dataclass
class Times:
    """What one player needed."""

    visit: list[float] = field(default_factory=list)
    """by round: CPU time of a visit [s]"""
    items: int = 0
    """played in a round"""


def players(case: Case) -> list[Player]:
    """Who can play the case: the recursion knows no limits and no returns."""
    return [player for player in PLAYERS if player.name != "Lindley recursion" or case.lead_time is not None]


def require_agreement(case: Case, share: float = 1) -> None:
    """Everybody's answer is the same for every item, and what theory says of the long run.

    Raises AssertionError with who disagrees.
    """
    for player in players(case):
        work = case.work(max(50, round(case.items * share * player.share)))
        truth, answer = with_vssim.play_compiled(work), player.play(work)
        differ = np.nonzero(answer != truth)[0]
        assert not len(differ), f"{player.name} on {case.name}: item {differ[0]} takes {answer[differ[0]]}, not {truth[differ[0]]}"


def require_theory(case: Case) -> None:
    """The mean lead time of long runs lies where theory says it does: within three standard errors and 2 %.

    Raises AssertionError with both.
    """
    if case.lead_time is None:
        return
    means = [float(with_vssim.play_compiled(case.work(case.items, seed)).mean()) / MILLION for seed in range(1, 9)]
    mean, error = float(np.mean(means)), float(np.std(means, ddof=1)) / np.sqrt(len(means))
    assert abs(mean - case.lead_time) <= 3 * error + 0.02 * case.lead_time, f"{case.name}: {mean} ± {error}, not {case.lead_time}"


def side_by_side(case: Case, rounds: int) -> dict[str, Times]:
    """So many rounds of everybody in turn, after one that is not measured."""
    works = {player.name: case.work(max(50, round(case.items * player.share))) for player in players(case)}
    times = {name: Times(items=len(work.arrivals)) for name, work in works.items()}
    for work in works.values():
        work.prepare()
    for round_ in range(rounds + 1):
        for player in players(case):
            work = works[player.name]
            seconds = median(_seconds(player.play, work) for _ in range(player.repeat if round_ else 1))
            if round_:
                times[player.name].visit.append(seconds / work.visits)
    return times


def _seconds(play: Play, work: Work) -> float:
    """CPU time of one play, without the rubbish of the one before."""
    gc.collect()
    begin = time.process_time()
    play(work)
    return time.process_time() - begin


def ratio(times: dict[str, Times], name: str) -> float:
    """How many times as long as the compiled engine somebody takes for a visit: the median of the rounds' ratios."""
    return median(theirs / ours for theirs, ours in zip(times[name].visit, times[OURS].visit, strict=True))


def items_a_second(case: Case, times: Times) -> float:
    """Items of the case in a second of CPU time."""
    visits = case.work(2000).visits / 2000
    return 1 / (median(times.visit) * visits)
