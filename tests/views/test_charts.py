"""Charts without a curtain say that they are of the whole run."""

from __future__ import annotations

import re
from functools import cache

import pytest

import vssim
from tests.interface.commands import SMALL
from vssim.play.run import Run
from vssim.views.live.pictures.causes import bars
from vssim.views.live.pictures.picture import Pair, Played
from vssim.views.player.charts import CHARTS, cumulative_flow, scales
from vssim.views.player.svg import LEFT, RIGHT, WIDTH, Chart


@cache
def run(warmup: float) -> Run:
    return vssim.simulate(vssim.loads(SMALL.replace("warmup: 10", f"warmup: {warmup}")))


@pytest.mark.parametrize(("warmup", "said"), [(0, "whole run"), (7, "whole run from day 7 on")])
def test_a_chart_without_a_curtain_says_of_which_time_it_is(warmup: float, said: str) -> None:
    side = Played("left", "as it is", run(warmup))
    chart = Pair(side, side).chart("histogram", side)
    assert f">{said}</text>" in chart
    assert f"{said}, as it is" in chart  # and so says what is read aloud
    assert "curtain" not in chart


@pytest.mark.parametrize("name", [name for name in CHARTS if name != "histogram"])
def test_a_chart_over_time_has_a_curtain_and_marks_what_goes_beyond_it(name: str) -> None:
    chart = CHARTS[name][1](run(7), scales([run(7)]))
    assert 'class="curtain"' in chart
    for level in chart.split("<")[1:]:
        assert "summary" in level or not any(told in level for told in ("≤", "mean ", 'class="level'))


def test_of_more_names_than_there_is_room_for_some_from_end_to_end_are_told() -> None:
    for count in (3, 30):
        chart = Chart("", 10, count, "", "", height=210)
        chart.names([(f"step {number}", number + 0.5, "") for number in range(count)])
        places = [int(place) for place in re.findall(r'<text class="name" x="\d+" y="(\d+)"', "".join(chart.parts))]
        assert len(places) == min(count, 9)
        assert all(0 < place < 210 for place in places)
        assert {">step 0<", f">step {count - 1}<"} <= set(re.findall(r">step \d+<", "".join(chart.parts)))


def test_a_time_that_is_as_good_as_none_has_no_stretch() -> None:
    sides = [("as today", {"queueing": 0.0068, "hands_on": 6.1}), ("after", {"queueing": 14.0, "hands_on": 6.1})]
    assert re.findall(r"bar-number[^>]*>([\d.]+)</text>", bars(sides, "day")) == ["6.1", "6.1", "14"]


def test_days_on_which_nobody_works_are_shaded_as_long_as_they_last() -> None:
    scenario = vssim.load("summer")
    run = vssim.simulate(scenario)
    none = vssim.simulate(scenario, "no company holiday")
    drawn = cumulative_flow(run, scales([run]))
    (shade,) = re.findall(r'class="closed" d="M(\d+) \d+V\d+H(\d+)V', drawn)
    chart_width = WIDTH - LEFT - RIGHT
    assert int(shade[1]) - int(shade[0]) == pytest.approx(10 / run.log.length * chart_width, abs=1.5)
    assert 'class="closed"' not in cumulative_flow(none, scales([none]))
