"""Hands-on days of remembered items are held against days without waiting, in played stretches that were alike."""

from __future__ import annotations

import numpy as np
import pytest

from vssim.learning.flow import Flow
from vssim.learning.remembered import days_of, hands_on, of_remembered, stretch
from vssim.learning.shape import Shape, Stage
from vssim.learning.told import Crew
from vssim.learning.worked import worked

STAGES = (Stage("wait", (), "wait", works=False), Stage("build", (), "build", works=True))
SHAPE = Shape(STAGES, (Crew("team", 1, ("build",)),), True)


def flow(entered: list[float], left: list[float], hands: list[float]) -> Flow:
    """Items that wait until they enter the column in which one person works."""
    count = len(entered)
    inside, done = np.array(entered), np.array(left)
    item = np.repeat(np.arange(count), 2)
    begins = np.column_stack([np.zeros(count), inside]).ravel()
    ends = np.column_stack([inside, done]).ravel()
    place = np.tile([0, 1], count)
    return Flow(item, place, begins, ends, np.zeros(count), done, np.full(count, np.nan), np.array(hands))


def test_days_are_those_in_places_of_work_and_those_without_waiting() -> None:
    recorded = flow([0.0, 0.5, 1.0, 9.0], [2.0, 4.0, 6.0, np.nan], [1.0, 1.0, 1.0, 0.0])
    days = days_of(recorded, worked(recorded, SHAPE.workplaces))
    assert days[:, 0] == pytest.approx([2.0, 3.5, 5.0, 0.0]), "columns in which nobody of the team works do not count"
    assert days[:, 1] == pytest.approx([2.0, 2.0, 2.0, 0.0])
    assert days[:, 2] == pytest.approx([2.0, 2.0, 2.0, 0.0]), "all at the same pace"


def test_where_nobody_says_how_many_work_there_all_days_count() -> None:
    recorded = flow([0.0, 0.5], [2.0, 4.0], [1.0, 1.0])
    days = days_of(recorded, worked(recorded, Shape(STAGES, (), False).workplaces))
    assert days[:, 0] == pytest.approx(days[:, 1])


def test_a_played_stretch_is_taken_in_which_items_took_as_long_as_the_remembered_ones() -> None:
    """First forty items that are worked on half of their days, then as many, of other lengths, that are all of them."""
    begins = np.arange(80) * 10.0
    lengths = np.r_[np.tile([2.0, 4.0], 20), np.tile([3.0, 6.0], 20)]
    played = flow(list(begins), list(begins + lengths), list(lengths * np.r_[np.full(40, 0.5), np.ones(40)]))
    stays = worked(played, SHAPE.workplaces)
    for remembered, share in (((2.0, 4.0), 0.5), ((3.0, 6.0), 1.0)):
        items = np.array([(1.0, days, days, days, 500.0) for days in remembered])
        assert hands_on(played, stays, 0.0, items, 20)[[0, 2]] == pytest.approx(np.log([share, share]))
    late = np.array([(1.0, days, days, days, 500.0) for days in (2.0, 4.0)])
    assert hands_on(played, stays, 410.0, late, 20)[[0, 2]] == pytest.approx([0.0, 0.0]), "what is not measured is not looked at"
    assert hands_on(played, stays, 1e6, late, 20) == pytest.approx([0.0] * 4)


def test_the_share_is_of_all_days_without_waiting_and_of_the_best_item() -> None:
    items = np.array([(1.0, 9.0, 2.0, 4.0, 5.0), (2.0, 9.0, 2.0, 2.0, 7.0)])
    assert of_remembered(items) == pytest.approx(np.log([3 / 4, 3 / 6, 1.0, 1.0]))


def test_a_stretch_has_as_many_deliveries_as_lie_between_the_remembered_ones() -> None:
    recorded = flow([0.0, 1.0, 2.0, 3.0], [1.0, 2.0, 3.0, np.nan], [1.0] * 4)
    assert stretch(recorded, np.array([(1.0, 1.0, 1.0, 1.0, 2.0), (1.0, 1.0, 1.0, 1.0, 3.0)])) == 2
    assert stretch(recorded, np.zeros((0, 5))) == 0
