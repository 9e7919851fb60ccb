"""Days without waiting follow from departures alone, and tell how busy people are, how work differs, and how the pace drifts."""

from __future__ import annotations

import numpy as np
import pytest

from vssim.clock import NOT_YET, TICKS
from vssim.learning.flow import Flow
from vssim.learning.worked import FIGURES, PERIOD, Worked, worked
from vssim.play.run import simulate
from vssim.scenario import loads

NAN = float("nan")


def stays(entered: list[float], left: list[float], people: int) -> Worked:
    """The only place of a flow whose items were there from one time to another."""
    count = len(entered)
    times = np.array(entered), np.array(left)
    nowhere = np.full(count, NAN)
    flow = Flow(np.arange(count), np.zeros(count, np.int64), *times, times[0], times[1], nowhere, nowhere)
    return worked(flow, {0: people})[0]


def test_work_begins_when_somebody_is_free() -> None:
    one = stays([0.0, 1.0, 2.0, 9.0], [3.0, 5.0, 6.0, NAN], 1)
    assert one.begun.tolist() == [0.0, 3.0, 5.0, 9.0]
    assert one.days.tolist() == [3.0, 2.0, 1.0, 0.0]
    two = stays([0.0, 1.0, 2.0, 9.0], [3.0, 5.0, 6.0, NAN], 2)
    assert two.days.tolist() == [3.0, 4.0, 3.0, 0.0]
    assert stays([0.0, 1.0], [3.0, 5.0], 0).days.tolist() == [3.0, 4.0], "where nobody says how many work there"


def test_what_is_behind_somebody_who_never_leaves_does_not_begin() -> None:
    assert stays([0.0, 1.0], [NAN, NAN], 1).begun.tolist() == [0.0, np.inf]


def test_who_leaves_before_his_turn_was_begun_when_he_came() -> None:
    assert stays([0.0, 1.0, 2.0], [NAN, 3.0, 5.0], 1).days.tolist() == [0.0, 2.0, 3.0], (
        "a forgotten item does not hold up the others"
    )
    assert stays([0.0, 1.0, 2.0], [5.0, 3.0, 6.0], 1).days.tolist() == [5.0, 2.0, 1.0]


@pytest.mark.parametrize("people", [1, 3])
def test_departures_of_a_run_tell_when_work_on_every_item_began(people: int) -> None:
    """The run knows when work began; its departures are all that is looked at."""
    text = f"""
        unit: day
        demand: {{x: {{every: "exponential({1.25 / people})"}}}}
        steps: {{build: {{work: "lognormal(mean=1, cv=0.9)"}}}}
        teams: {{crew: {{people: {people}, does: build, meetings: 10%, drift: {{cv: 30%, over: 40}}}}}}
        run: {{horizon: 300, warmup: 0}}
    """
    visits = simulate(loads(text), seed=4).log.visits
    rows = np.flatnonzero(visits.entered != NOT_YET)
    rows = rows[np.argsort(visits.entered[rows], kind="stable")]
    left = np.where(visits.left[rows] == NOT_YET, NAN, visits.left[rows] / TICKS)
    told = stays((visits.entered[rows] / TICKS).tolist(), left.tolist(), people)
    begun = visits.started[rows] != NOT_YET
    assert (told.begun > told.entered)[begun].sum() > 50, "nothing waits"
    assert told.begun[begun] == pytest.approx(visits.started[rows][begun] / TICKS, abs=1e-6)


def test_figures_are_those_of_a_line_that_can_be_worked_out_by_hand() -> None:
    """One person, work of 1 and 3 days by turns, for whom the next item is there in time, but for a pause after each tenth."""
    lengths = np.tile([1.0, 3.0], 50)
    left = np.cumsum(lengths) + 5.0 * (np.arange(100) // 10)
    entered = np.where(np.arange(100) % 10 == 0, left - lengths, left - lengths - 0.5)
    figures = stays(entered.tolist(), left.tolist(), 1).figures(0.0, float(left[-1]))
    assert figures[:3] == pytest.approx([200 / 245, np.log(3) / 2, np.log(3) / 2])
    assert figures[3] == pytest.approx(-np.log(3) * 50 / 90), "each tenth item is a short one, and finds nobody before it"
    assert stays([0.0], [1.0], 1).figures(0.0, 9.0).tolist() == [0.0] * FIGURES


def test_good_and_bad_times_are_told_from_items_that_differ() -> None:
    days = np.where(np.arange(400) // 50 % 2, 2.0, 1.0)
    left = np.cumsum(days)
    slow = stays((left - days).tolist(), left.tolist(), 1)
    shuffled = np.random.default_rng(3).permutation(days)
    left = np.cumsum(shuffled)
    mixed = stays((left - shuffled).tolist(), left.tolist(), 1)
    drifts, one_after_another = slow.figures(0.0, left[-1])[4:]
    assert drifts == pytest.approx(np.log(2) / 2, rel=0.15)
    assert one_after_another > 0.5 * drifts
    assert mixed.figures(0.0, left[-1])[4] < drifts / 2


def test_at_the_usual_pace_what_was_done_in_bad_times_took_less() -> None:
    days = np.r_[np.ones(200), np.full(100, 3.0)]
    left = np.cumsum(days)
    usual = stays((left - days).tolist(), left.tolist(), 1).at_usual_pace
    middle = left < 200 - 2 * PERIOD
    assert usual[middle] == pytest.approx(3 ** (1 / 3), rel=0.1), "one day each, of which two of three are usual"
    assert usual[250] == pytest.approx(3 ** (1 / 3), rel=0.4)
    assert usual[250] < 2.1
