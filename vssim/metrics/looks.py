"""Looks: what every item on the board looks like, and how many look how, day by day.

A look is a state, with open work split by whether somebody has it in hand.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vssim.clock import NOT_YET, Ints, Reals
from vssim.log import Kind, Log
from vssim.metrics.daily import Daily
from vssim.metrics.hands import Hands, Held, crowd, people_at
from vssim.metrics.people import open_spans
from vssim.metrics.spans import State

LOOKS = ("hand", "aside", "blocked", "gate", "room", "queue", "transit", "backlog")
"""What an item on the board looks like: its state, with work that is open split by whose hands it is in."""

IN_PROGRESS = LOOKS[:-1]
STUCK = ("blocked", "gate", "room")
"""Nobody here can move them on."""

_LOOK_OF = {
    State.BACKLOG: "backlog",
    State.TRANSIT: "transit",
    State.WAITING: "queue",
    State.BLOCKED: "blocked",
    State.GATE: "gate",
    State.NO_ROOM: "room",
}


def look(state: int, held: Held | None) -> str:
    """What an item in a state looks like; what passes by itself, with nobody at it, is on its way."""
    if state == State.DOING:
        return "transit" if held is None else "hand" if held.in_hand else "aside"
    return _LOOK_OF[State(state)]


def standing(log: Log, day: float, hands: Hands | None = None) -> dict[int, tuple[int, str]]:
    """By item on the board: the step it stands in (−1: none) and its look on a day. `hands`, if given, goes on to that day."""
    people = Hands(log) if hands is None else hands
    people.seek(day)
    held, moment = people.held(day), log.tick(day)
    spans = Daily(log).spans
    rows = np.flatnonzero((spans.begin <= moment) & ((spans.end > moment) | (spans.end == NOT_YET)))
    there = zip(*(column[rows].tolist() for column in (spans.item, spans.step, spans.state)), strict=True)
    return {item: (step, look(state, held.get(item))) for item, step, state in there if State.AWAY < state < State.DONE}


def by_day(daily: Daily) -> Mapping[str, Reals]:
    """How many items have which look at each moment of `daily`, as expected: of N items open at n people, each is in hand n / N."""
    log, moments = daily.log, daily.moments
    states = {state: daily.state(state).astype(np.float64) for state in State}
    counts = {name: states[state] for state, name in _LOOK_OF.items()}
    hand, opened = np.zeros(len(moments)), np.zeros(len(moments))
    everything, work = crowd(log), _work_open(log, moments)
    for pool, count in work.items():
        share = np.minimum(1.0, people_at(log, pool, moments) / np.maximum(everything.open(pool, moments), 1))
        hand += count * share
        opened += count
    doing = states[State.DOING]
    hand = np.minimum(hand, doing)
    counts["hand"] = hand
    counts["aside"] = np.clip(opened - hand, 0.0, doing - hand)
    counts["transit"] = counts["transit"] + np.maximum(doing - counts["hand"] - counts["aside"], 0.0)
    return {name: counts[name] for name in LOOKS}


def _work_open(log: Log, moments: Ints) -> dict[int, Ints]:
    """By pool, how many items it has open whose own work it does, at each of the moments [ticks]."""
    spans = open_spans(log)
    own = np.flatnonzero(log.visits.kind[spans.visit] == Kind.WORK)
    pools = log.visits.pool[spans.visit[own]]
    counts = {}
    for pool in np.unique(pools).tolist():
        rows = own[pools == pool]
        began, over = np.sort(spans.begin[rows]), np.sort(spans.end[rows])
        counts[pool] = np.searchsorted(began, moments, side="right") - np.searchsorted(over, moments, side="right")
    return counts
