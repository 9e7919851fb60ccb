"""Whose hands every item is in: how many is exact, who is drawn by a rule; and one item's story."""

from __future__ import annotations

import numpy as np
import pytest

import vssim
from tests.support.logs import Item, log_of, work
from vssim.clock import TICKS
from vssim.log import Log, Pool
from vssim.metrics.causes import causes, delivered
from vssim.metrics.daily import Daily
from vssim.metrics.hands import Crew, Hands, crowd, held_on, letter, people_at
from vssim.metrics.looks import IN_PROGRESS, by_day, look, standing
from vssim.metrics.story import story, typical, why
from vssim.scenario import library


def three_for_two() -> Log:
    """Two people with three items open from day 1 on; the third is done on day 3."""
    return log_of(
        Item(visits=[work("make", 0, 0, 9)]),
        Item(visits=[work("make", 0, 0.5, 9)]),
        Item(visits=[work("make", 0, 1, 3)]),
        pools=(Pool(0, 0, 2),),
        teams=("makers",),
        steps=("make",),
        horizon=10,
    )


def test_a_started_item_goes_to_who_has_least_and_one_of_several_is_in_hand_each_day() -> None:
    log = three_for_two()
    for day, first in ((1.0, 2), (2.0, 0)):
        held = held_on(log, day)
        assert {item: letter(one.person or 0) for item, one in held.items()} == {0: "A", 1: "B", 2: "A"}
        assert [item for item, one in sorted(held.items()) if one.in_hand] == sorted([first, 1])
    assert set(held_on(log, 4.0)) == {0, 1}


def test_whenever_two_people_differ_by_two_the_latest_of_the_fuller_goes_over() -> None:
    crew = Crew(2)
    crew.resize(2)
    for number in range(4):
        crew.start(number, number)
    assert [[item for _, item in person] for person in crew.open] == [[0, 2], [1, 3]]
    crew.finish(1)
    crew.finish(3)
    assert [[item for _, item in person] for person in crew.open] == [[0], [2]]


@pytest.mark.parametrize("name", [name for name in library.all_names() if "/" not in name])
def test_as_many_are_in_hand_as_there_are_people_or_open_items(name: str) -> None:
    scenario = vssim.load(name)
    run = vssim.simulate(scenario, horizon=min(scenario.run.horizon, 150), warmup=0)
    hands, crowds = Hands(run.log), crowd(run.log)
    for day in range(0, int(run.log.length), 3):
        hands.seek(day)
        moment = np.array([run.log.tick(day)])
        for pool, crew in hands.crews.items():
            sizes = [len(person) for person in crew.open]
            count, people = int(crowds.open(pool, moment)[0]), float(people_at(run.log, pool, moment)[0])
            if people > 0:
                assert sum(sizes) == count
                assert sum(in_hand for *_, in_hand in crew.held(day)) == min(count, people)
                assert crew.people is None or max(sizes) - min(sizes) <= 1


def test_in_hand_is_never_more_than_there_are_people_and_the_counts_add_up() -> None:
    run = vssim.simulate(vssim.load("workshop/stop-starting"))
    daily = Daily(run.log)
    expected = by_day(daily)
    for day in (0, 10, 82, 125, 179):
        looks = [one for _, one in standing(run.log, day).values()]
        assert looks.count("hand") <= 6
        assert sum(looks.count(one) for one in IN_PROGRESS) == int(daily.in_progress[day])
        assert looks.count("hand") + looks.count("aside") == round(expected["hand"][day] + expected["aside"][day])
        assert looks.count("blocked") == expected["blocked"][day]


def test_what_passes_by_itself_is_nobodys_work() -> None:
    assert look(4, None) == "transit"


def test_a_story_adds_up_and_the_time_in_hand_is_that_of_the_causes() -> None:
    run = vssim.simulate(vssim.load("workshop/stop-starting"))
    table = {cause: ticks / TICKS for cause, ticks in causes(run.log).items()}
    for place, item in enumerate(delivered(run.log).tolist()):
        told = run.story(item)
        assert sum(stretch.length for stretch in told.stretches) == pytest.approx(told.total)
        in_hand = table["hands_on"][place] + table["switching"][place]
        assert told.in_hand == pytest.approx(in_hand, abs=1e-4)
        assert told.total - told.in_hand == pytest.approx(sum(times[place] for times in table.values()) - in_hand, abs=1e-4)


def test_why_an_item_waits_is_one_sentence() -> None:
    log = three_for_two()
    assert why(log, 2, 1) == "it is in A's hands, one of 2 that A has open"
    assert why(log, 0, 1) == "it is set aside: A has 2 things open and works on another"
    assert why(log, 2, 5) == "it was delivered on day 3"
    assert story(log, 2).in_hand == pytest.approx(2 * 2 / 3)


def test_a_typical_item_is_at_the_percentile_of_both_sides() -> None:
    scenario = vssim.load("silos")
    before, after = vssim.simulate(scenario), vssim.simulate(scenario, "cross-functional teams")
    levels = before.metrics()["lead_time.p85"], after.metrics()["lead_time.p85"]
    item = typical(before.log, after.log, levels, 150.0)
    assert item is not None
    for run, level in zip((before, after), levels, strict=True):
        assert run.story(item).total == pytest.approx(level, rel=0.06)


def test_a_step_at_which_nothing_is_done_has_no_part_in_a_story() -> None:
    makers, receivers = Pool(0, 0, 1), Pool(1, 1, None)
    visits = [work("make", 0, 1, 3), work("receive", 3, 3, 3, pool=1)]
    log = log_of(
        Item(visits=visits), pools=(makers, receivers), teams=("makers", "receivers"), steps=("make", "receive"), horizon=10
    )
    told = story(log, 0)
    assert (told.total, told.in_hand) == (3, 2)
    assert sum(one.in_hand for one in told.stretches) == 2


def test_there_is_no_story_of_an_item_that_there_is_not() -> None:
    with pytest.raises(vssim.VssimError, match="expected a whole number from 0 to 2"):
        story(three_for_two(), 7)
