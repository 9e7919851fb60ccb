"""What the board shows: where every item is, and in which state, from logs worked out by hand and from runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.support.logs import Item, Visit, log_of, work
from tests.support.running import play
from vssim.clock import NOT_YET, TICKS
from vssim.log import Kind, Log, Pool
from vssim.metrics.daily import Daily
from vssim.metrics.spans import State, spans

RICH: dict[str, Any] = {
    "run": {"horizon": 120},
    "demand": {"feature": {"every": "exponential(2)"}, "initiative": {"every": "exponential(30)", "parts": {"feature": 2}}},
    "steps": {
        "make": {
            "work": "exponential(2)",
            "wip_limit": 4,
            "needs": [{"outside": "vendor", "chance": 0.3, "wait": 5, "parks": True}],
        },
        "check": {"work": 1, "returns": {"to": "make", "chance": 0.3, "work": "50%"}, "gate": {"every": 5}, "wip_limit": 3},
    },
    "teams": {"makers": {"people": 2, "does": "make"}, "checkers": {"people": 1, "does": "check"}},
    "handoffs": {"delay": 1},
    "changes": {"one team": {"levers": [{"cross_functional_teams": {"count": 1}}], "from": 60}},
}


def story(log: Log, item: int) -> list[tuple[float, str, str]]:
    """The stretches of an item: when it begins, the step, the state."""
    found = spans(log)
    names = (*log.steps, "")
    return [
        (found.begin[row] / TICKS, names[found.step[row]], State(found.state[row]).name)
        for row in np.flatnonzero(found.item == item)
    ]


def test_an_item_waits_in_the_backlog_travels_waits_is_worked_on_and_is_done() -> None:
    log = log_of(Item(arrived=1, visits=[Visit("develop", 2, ready=3, started=4, finished=6)]))
    assert story(log, 0) == [
        (1, "", "BACKLOG"),
        (2, "develop", "TRANSIT"),
        (3, "develop", "WAITING"),
        (4, "develop", "DOING"),
        (6, "", "DONE"),
    ]


def test_a_ticket_is_a_blocked_item() -> None:
    log = log_of(
        Item(
            visits=[
                Visit("develop", 0, finished=2, stay=0),
                Visit("develop", 2, finished=5, kind=Kind.TICKET, stay=0),
                Visit("develop", 5, finished=6, stay=0),
            ]
        )
    )
    assert [state for _, _, state in story(log, 0)] == ["DOING", "BLOCKED", "DOING", "DONE"]


def test_who_waits_at_a_gate_and_then_for_room_is_seen_to() -> None:
    log = log_of(Item(visits=[Visit("develop", 0, finished=2, released=5, left=7, gated=1), work("test", 7, 7, 8)]))
    assert story(log, 0) == [
        (0, "develop", "DOING"),
        (2, "develop", "GATE"),
        (5, "develop", "NO_ROOM"),
        (7, "test", "DOING"),
        (8, "", "DONE"),
    ]


def test_work_put_down_by_a_change_waits_from_the_change_on() -> None:
    pools = (Pool(0, 0, 1), Pool(0, 0, 1, since=10 * TICKS))
    log = log_of(Item(visits=[Visit("develop", 6, finished=20, put_down=3)]), phases=(0, 10), pools=pools)
    assert story(log, 0) == [
        (6, "develop", "DOING"),
        (10, "develop", "WAITING"),
        (13, "develop", "DOING"),
        (20, "", "DONE"),
    ]


def test_parts_that_are_done_and_wholes_that_wait_for_them_are_not_on_the_board() -> None:
    whole = Item("epic", arrived=0, joined=3, pulled=3, left=3)
    part = Item("feature", arrived=0, visits=[work("develop", 0, 0, 3)], parent=0)
    log = log_of(whole, part, types=("epic", "feature"))
    assert story(log, 0) == [(3, "", "DONE")]
    assert story(log, 1)[-1] == (3, "", "AWAY")


def test_what_is_not_over_when_the_run_ends_has_no_end() -> None:
    log = log_of(Item(visits=[Visit("develop", 0, started=1, at="started")], open=True), horizon=5)
    assert spans(log).end[-1] == NOT_YET
    assert Daily(log).in_progress.tolist() == [1] * 6


@pytest.mark.parametrize("change", [None, "one team"])
def test_the_stretches_of_every_item_follow_each_other_without_a_gap(change: str | None, engine: str) -> None:
    log = play(RICH, engine, change).log
    found = spans(log)
    for item in range(len(log.items.type)):
        rows = np.flatnonzero(found.item == item)
        assert (found.end[rows][:-1] == found.begin[rows][1:]).all()
        assert (found.end[rows][:-1] > found.begin[rows][:-1]).all()


@pytest.mark.parametrize("change", [None, "one team"])
def test_the_board_agrees_with_a_look_at_every_visit(change: str | None, engine: str) -> None:
    log = play(RICH, engine, change).log
    daily = Daily(log)
    for day in (0, 7, 30, 60, 61, 90, 119):
        moment, items = day * TICKS, log.items
        past = (items.left != NOT_YET) & (items.left <= moment) & (items.parent < 0)
        assert daily.delivered[day] == past.sum()
        waiting = (items.joined != NOT_YET) & (items.joined <= moment) & ((items.pulled == NOT_YET) | (items.pulled > moment))
        empty = np.isin(np.arange(len(items.type)), items.parent)
        assert daily.backlog[day] == (waiting & ~empty).sum()
        cells = [daily.spans.count(step, state, daily.moments)[day] for step in range(2) for state in range(2, 8)]
        assert daily.in_progress[day] == sum(cells)


def test_a_board_never_holds_more_than_its_limits(engine: str) -> None:
    daily = Daily(play(RICH, engine).log)
    shelved = daily.spans.count(0, State.BLOCKED, daily.moments) + daily.spans.count(0, State.NO_ROOM, daily.moments)
    assert (daily.by_step[1] <= 3).all()
    assert (daily.by_step[0] - shelved <= 4).all()


@pytest.mark.parametrize("every", [1.0, 7.0, 0.3, 1 / 3])
def test_counts_by_moment_are_those_of_the_stretches_one_by_one(every: float) -> None:
    log = play(RICH, "reference", "one team").log
    daily, found = Daily(log, every), spans(log)

    def there(rows: Any) -> list[int]:
        ends = np.where(found.end == NOT_YET, log.horizon + 1, found.end)[rows]
        return [int(((found.begin[rows] <= moment) & (ends > moment)).sum()) for moment in daily.moments]

    assert daily.backlog.tolist() == there(found.state == State.BACKLOG)
    assert daily.blocked.tolist() == there(found.state == State.BLOCKED)
    for step in range(len(log.steps)):
        assert daily.by_step[step].tolist() == there(found.step == step)
        backwards = zip(found.item[::-1].tolist(), found.step[::-1].tolist(), found.begin[::-1].tolist(), strict=True)
        first = {item: begin for item, at, begin in backwards if at >= step}
        come = [first.get(item, int(log.items.left[item])) for item in daily.on_board.tolist()]
        assert daily.past[step].tolist() == [sum(0 <= moment <= now for moment in come) for now in daily.moments.tolist()]
    assert daily.started.tolist() == daily.past[0].tolist()
