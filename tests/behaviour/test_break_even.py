"""Break-even: when what a change has delivered passes what the baseline has; worse before better."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import vssim
from tests.support.logs import Item, log_of, work
from vssim.metrics.breakeven import SPANS, BreakEven, course
from vssim.views.terminal import breakeven as views

AT = np.linspace(100, 300, 5)
STREAM = """
run: {horizon: 200, replications: 2}
demand: {feature: {every: 4, value: 3}}
steps: {make: {work: 2}}
teams: {makers: {people: 1, does: make}}
changes:
  dip: {levers: [{set: {steps.make.work: 1}}], from: 50, dip: {depth: 90%, recover: 40}}
  slower: {levers: [{set: {steps.make.work: 5}}], from: 50}
  after the end: {levers: [{set: {steps.make.work: 5}}], from: 300}
  at once: [{set: {steps.make.work: 1}}]
"""


def ahead(*runs: list[float]) -> BreakEven:
    return BreakEven(AT, np.array(runs, float))


def delivered(at: float, **more: Any) -> Item:
    return Item(visits=[work("develop", at - 1, at - 1, at)], **more)


def test_a_course_counts_deliveries_and_value_from_its_start_on() -> None:
    log = log_of(
        delivered(9, value=5), delivered(10, value=5), delivered(60, value=2), delivered(80, value=9, right=0), horizon=110
    )
    found = course(log, 10)
    assert found.priced
    assert (found.items[0], found.items[SPANS // 2 - 1], found.items[SPANS // 2], found.items[-1]) == (1, 1, 2, 3)
    assert (found.value[0], found.value[SPANS // 2], found.value[-1]) == (5, 7, 7)


def test_parts_are_not_counted_but_their_whole_is() -> None:
    log = log_of(Item(visits=(), arrived=1, left=20), delivered(20, parent=0), delivered(15, parent=0))
    assert course(log, 0).items[-1] == 1


def test_break_even_is_when_the_mean_is_behind_for_the_last_time() -> None:
    assert ahead([0, -2, 1, -1, 4], [0, -4, 1, -1, 4]).time == 300
    assert ahead([0, -2, -1, 1, 4], [0, -4, -1, 0, 4]).time == 250


def test_who_is_never_behind_breaks_even_at_once() -> None:
    found = ahead([0, 1, 2, 3, 4], [0, 1, 2, 3, 4])
    assert (found.time, found.earliest, found.latest) == (100, 100, 100)


def test_who_is_behind_at_the_end_does_not_break_even() -> None:
    found = ahead([0, -1, -2, -3, -4], [0, -1, -2, -3, -4.1])
    assert (found.time, found.earliest, found.latest) == (None, None, None)


def test_the_interval_holds_the_break_even() -> None:
    rng = np.random.default_rng(1)
    drift = np.concatenate([[0], np.linspace(-10, 10, SPANS)])
    runs = drift + np.cumsum(rng.normal(0, 0.2, (30, SPANS + 1)), axis=1) * (np.arange(SPANS + 1) > 0)
    found = BreakEven(np.linspace(0, SPANS, SPANS + 1), runs)
    assert found.earliest is not None
    assert found.time is not None
    assert found.latest is not None
    assert found.earliest <= found.time <= found.latest
    assert found.earliest < 100.5 < found.latest


def test_one_replication_has_no_interval() -> None:
    found = ahead([0, -1, 0, 1, 2])
    assert (found.time, found.earliest, found.latest) == (200, None, None)
    assert found.estimate(-1).low is None


@pytest.fixture(scope="module")
def comparison() -> Any:
    return vssim.compare(vssim.loads(STREAM), jobs=1, engine="reference")


def test_a_change_with_a_dip_is_worse_before_it_is_even(comparison: Any) -> None:
    found = comparison["dip"].break_even["items"]
    assert found.mean[found.worst] < 0
    assert found.at[found.worst] < found.time < 200
    assert found.earliest == found.time == found.latest, "there is no luck in it"


def test_value_is_followed_where_any_is_stated(comparison: Any) -> None:
    found = comparison["dip"].break_even
    assert found["value"].mean == pytest.approx(3 * found["items"].mean)


def test_a_change_that_makes_it_worse_never_breaks_even(comparison: Any) -> None:
    assert comparison["slower"].break_even["items"].time is None
    assert "no break-even by the end" in views.sentence(comparison["slower"].break_even["items"], "day")


def test_a_change_from_the_start_or_after_the_end_has_none(comparison: Any) -> None:
    assert comparison["at once"].break_even == {}
    assert comparison["after the end"].break_even == {}


def test_it_stands_in_the_document_beside_since(comparison: Any) -> None:
    variants = comparison.document()["variants"]
    found = variants["dip"]["break_even"]["items"]
    assert found["time"] == comparison["dip"].break_even["items"].time
    assert len(found["line"]["at"]) == len(found["line"]["mean"]) == 51
    assert "break_even" not in variants["baseline"]
    assert "break_even" not in variants["at once"]


def test_the_line_falls_and_rises_and_is_marked_where_it_is_sure(comparison: Any) -> None:
    found = comparison["dip"].break_even["items"]
    line, marks = views.line(found.mean), views.marks(found).plain
    assert len(line) == len(marks) == views.LENGTH
    assert "▁" in line
    assert "−" in marks
    assert line.index("▁") < views.LENGTH / 2
