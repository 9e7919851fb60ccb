"""Charts without a curtain say that they are of the whole run."""

from __future__ import annotations

from functools import cache

import pytest

import vssim
from tests.interface.commands import SMALL
from vssim.analysis.run import Run
from vssim.views.live.picture import Pair, Played
from vssim.views.player.charts import CHARTS, scales


@cache
def run(warmup: float) -> Run:
    return vssim.simulate(vssim.loads(SMALL.replace("warmup: 10", f"warmup: {warmup}")))


@pytest.mark.parametrize(("warmup", "said"), [(0, "whole run"), (7, "whole run from day 7 on")])
@pytest.mark.parametrize("name", ["histogram", "time"])
def test_a_chart_without_a_curtain_says_of_which_time_it_is(name: str, warmup: float, said: str) -> None:
    side = Played("left", "as it is", run(warmup))
    chart = Pair(side, side).chart(name, side)
    assert f">{said}</text>" in chart
    assert f"{said}, as it is" in chart  # and so says what is read aloud
    assert "curtain" not in chart


@pytest.mark.parametrize("name", [name for name in CHARTS if name != "histogram"])
def test_a_chart_over_time_has_a_curtain_and_marks_what_goes_beyond_it(name: str) -> None:
    chart = CHARTS[name][1](run(7), scales([run(7)]))
    assert 'class="curtain"' in chart
    for level in chart.split("<")[1:]:
        assert "summary" in level or not any(told in level for told in ("≤", "mean ", 'class="level'))
