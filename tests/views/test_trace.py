"""Traces say what the log says, at every whole moment, whatever the log."""

from __future__ import annotations

import numpy as np
import pytest

import vssim
from tests.behaviour.test_where_items_are import RICH
from tests.support.logs import Item, Visit, log_of, work
from tests.support.running import play
from vssim.clock import TICKS
from vssim.log import Log, Pool
from vssim.metrics.daily import Daily
from vssim.metrics.spans import State
from vssim.metrics.story import why
from vssim.views.player.trace import PUT_DOWN, read, trace


def board(data: bytes, time: float) -> dict[tuple[int, int], int]:
    """Items by step and state at a time, as a trace tells it."""
    head, events = read(data)
    last: dict[int, tuple[int, int]] = {}
    for at, item, step, state in zip(events.at, events.item, events.step, events.state, strict=True):
        if at * head["moment"] <= time + 1e-9:
            last[int(item)] = (int(step), int(state) % PUT_DOWN)
    cells = list(last.values())
    return {cell: cells.count(cell) for cell in cells}


def expected(log: Log, time: float) -> dict[tuple[int, int], int]:
    """Items by step and state at a time, as the log tells it."""
    found = Daily(log).spans
    moments = np.array([round(time * TICKS)])
    cells = {(step, state) for step, state in zip(found.step.tolist(), found.state.tolist(), strict=True)}
    counts = {cell: int(found.count(*cell, moments)[0]) for cell in cells}
    return {cell: count for cell, count in counts.items() if count}


@pytest.mark.parametrize("change", [None, "one team"])
@pytest.mark.parametrize("most", [60_000, 500])
def test_a_trace_says_what_the_log_says_at_every_whole_moment(change: str | None, most: int) -> None:
    log = play(RICH, "auto", change).log
    data = trace(log, most)
    moment = read(data)[0]["moment"]
    assert (moment > 1) == (most == 500)
    for day in range(0, 121, max(10, int(moment))):
        if day % max(moment, 1) == 0:
            assert board(data, day) == expected(log, day)


def test_a_hand_written_log_makes_a_trace() -> None:
    pools = (Pool(0, 0, 2), Pool(1, 1, None))
    log = log_of(
        Item(arrived=0, visits=[work("develop", 1, 1, 3), Visit("test", 3, ready=4, started=4, finished=6, pool=1, handoff=1)]),
        Item(arrived=2, visits=[Visit("develop", 5, at="entered")], open=True),
        teams=("makers", "checkers"),
        pools=pools,
        horizon=10,
    )
    head, _ = read(trace(log))
    assert head["steps"] == ["develop", "test"]
    assert head["phases"][0]["teams"] == [
        {"name": "makers", "people": 2, "steps": [0], "helps": False},
        {"name": "checkers", "people": None, "steps": [1], "helps": False},
    ]
    assert head["delivered"] == 1
    assert [(pool["name"], pool["people"]) for pool in head["pools"]] == [("makers", 2), ("checkers", None)]
    assert head["openings"] == 4
    assert board(trace(log), 3.5) == {(1, State.TRANSIT): 1, (-1, State.BACKLOG): 1}


CREW = """
start: 2026-06-15
calendar: {holidays: [2026-06-26]}
run: {horizon: 40, seed: 2}
demand: {card: {every: 1, items: [{step: check, age: 3, count: 2}, {step: check, remaining: 50%}]}}
steps: {do: {work: 1}, check: {work: 0.5}}
teams:
  doers: {people: 3, does: do, absences: [{from: 2026-06-18, to: 2026-06-19, people: 2}], sick: {share: 25%, lasts: 3}}
  checkers: {people: 1, does: check, absences: [{from: 12, to: 14}]}
changes: {nobody is ill: {levers: [{set: {teams.doers.sick: none}}], from: 20}}
"""


def test_who_is_away_and_why_is_told_with_holidays_and_what_was_there_before() -> None:
    log = vssim.simulate(vssim.loads(CREW), "nobody is ill", warmup=0).log
    head, _ = read(trace(log))
    days = {pool: [(at * head["moment"], absent, ill) for of, at, absent, ill in head["away"] if of == pool] for pool in (0, 1)}
    assert days[1] == [(12, 1, 0), (14, 0, 0)]
    assert [(begin * head["moment"], end * head["moment"]) for begin, end in head["closed"]] == [(9, 10)]
    assert head["thereBefore"] == sorted(log.there_before) == [0, 1, 2]
    # Of the three doers everybody is here, absent or ill, at all times; and from the change on nobody is ill.
    for moment in range(40):
        tick = log.tick(moment)
        here = [pool.people for pool in log.pools if pool.index == 0 and pool.since <= tick][-1]
        away = [(one.absent, one.ill) for one in log.away if one.pool == 0 and one.since <= tick]
        absent, ill = away[-1] if away else (0, 0)
        assert here == 3 - absent - ill
        assert absent == (2 if 3 <= moment < 5 else 0) or ill
        assert moment < 20 or ill == 0
    assert any(ill for _, _, ill in days[0])


def test_an_item_that_nobody_can_take_up_says_who_is_away() -> None:
    log = vssim.simulate(vssim.loads(CREW), warmup=0).log
    waiting = [item for item in range(len(log.items.type)) if "nobody of checkers is here: 1 on leave" in why(log, item, 13.5)]
    assert waiting
    log = vssim.simulate(vssim.loads(CREW).with_({"steps.do.work": 4}), warmup=0).log
    assert any("nobody works today" in why(log, item, 9.5) for item in range(len(log.items.type)))


def test_an_empty_log_makes_a_trace() -> None:
    head, events = read(trace(log_of(horizon=5)))
    assert head["events"] == len(events.at) == 0


def test_events_of_one_moment_stay_in_the_order_of_the_log() -> None:
    log = log_of(
        Item(visits=[work("develop", 0.001, 0.001, 7)]),
        Item(visits=[work("develop", 0.0005, 0.0005, 7)]),
    )
    assert read(trace(log))[1].item.tolist() == [1, 0, 0, 1]


def test_limits_and_phases_are_told() -> None:
    head, _ = read(trace(play(RICH, "auto", "one team").log))
    assert [phase["start"] for phase in head["phases"]] == [0, 60]
    assert head["phases"][0]["limits"] == [4, 3]
