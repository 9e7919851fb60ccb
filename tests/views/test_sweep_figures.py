"""Pictures of sweeps and explanations: slides on which nothing covers anything, and which say what they rest on."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

import vssim
from tests.interface.commands import SMALL
from vssim.analysis.explain.explain import Explanation
from vssim.analysis.sweep.run import Sweep
from vssim.errors import UsageError

LEVERS = "all: [{limit_wip: {stream: 6}}, {set: {steps.make.work: 0.1}}, {set: {handoffs.delay: 20}}]"


@cache
def swept(**over: Any) -> Sweep:
    return vssim.sweep(vssim.loads(SMALL), {path.replace("__", "."): values for path, values in over.items()}, jobs=1)


@cache
def explained() -> Explanation:
    return vssim.explain(vssim.loads(SMALL.replace("changes:", f"changes:\n  {LEVERS}")), "all", jobs=1)


def drawn(name: str) -> Figure:
    """One of the pictures."""
    if name == "waterfall":
        return vssim.figures.waterfall(explained())
    over: dict[str, Any] = {"wip_limit": ("none", 1, 2, 3, 4)} | ({"handoffs__delay": (0, 1)} if name == "heat" else {})
    return getattr(vssim.figures, name)(swept(**over))  # type: ignore[no-any-return]


def laid_out(figure: Figure) -> None:
    """Put everything in its place, as it is when the picture is saved."""
    FigureCanvasAgg(figure).draw()  # type: ignore[no-untyped-call]


def written(figure: Figure) -> str:
    return "\n".join(found.get_text() for found in figure.findobj(Text) if isinstance(found, Text))


@pytest.mark.parametrize("name", ["curve", "heat", "front", "waterfall"])
def test_each_is_a_slide_and_says_what_it_rests_on(name: str) -> None:
    figure = drawn(name)
    assert tuple(figure.get_size_inches()) == (12.0, 6.75)
    assert "6 replications" in written(figure)
    assert "seed 3" in written(figure)
    assert "same luck" in written(figure)


@pytest.mark.parametrize("name", ["curve", "heat", "front", "waterfall"])
def test_everything_that_is_written_is_on_the_slide(name: str) -> None:
    figure = drawn(name)
    laid_out(figure)
    taken = figure.get_tightbbox()
    assert taken.x0 >= 0
    assert taken.y0 >= 0
    assert taken.x1 <= 12.0
    assert taken.y1 <= 6.75


def test_a_curve_shows_its_bottom_and_says_how_high_it_goes() -> None:
    found = swept(wip_limit=(1, 2, 3, 4, 6))
    means = [point["lead_time.p85"].mean or 0.0 for point in found.points]
    figure = vssim.figures.curve(found)
    top = figure.axes[0].get_ylim()[1]
    assert max(min(means), found.baseline["lead_time.p85"].mean or 0.0) < top < max(means)
    assert f"lead times go on upwards, to {max(means):.3g} at 1" in " ".join(written(figure).split())
    assert figure.axes[1].get_ylim()[1] > max(point["throughput"].mean or 0.0 for point in found.points)


def test_names_on_a_front_cover_neither_each_other_nor_the_axes() -> None:
    found = swept(wip_limit=tuple(range(2, 9)), demand__feature__every=tuple(f"exponential({one})" for one in (2, 2.5, 3, 4, 5, 6)))
    figure = vssim.figures.front(found)
    laid_out(figure)
    (panel,) = figure.axes
    boxes = [Text.get_window_extent(one) for one in panel.findobj(Annotation) if isinstance(one, Annotation)]
    assert len(boxes) > 1
    assert not any(one.overlaps(other) for number, one in enumerate(boxes) for other in boxes[:number])
    assert not any(one.overlaps(panel.get_window_extent()) for one in boxes)


def test_names_on_a_front_stand_in_the_order_of_their_lead_times() -> None:
    found = swept(wip_limit=tuple(range(2, 9)), demand__feature__every=tuple(f"exponential({one})" for one in (2, 2.5, 3, 4, 5, 6)))
    figure = vssim.figures.front(found)
    laid_out(figure)
    (panel,) = figure.axes
    names = [one for one in panel.findobj(Annotation) if isinstance(one, Annotation)]
    places, levels = [one.xy for one in names], [one.xyann[1] for one in names]
    assert places == sorted(places, key=lambda place: place[1])
    assert levels == sorted(levels), "a name stands above those of shorter lead times"
    assert 0 <= levels[0] <= levels[-1] <= 1


def test_settings_in_one_place_of_a_front_are_named_once() -> None:
    assert "(and 2 more)" in written(vssim.figures.front(swept(wip_limit=(50, 60, 70))))


def test_the_curve_shows_the_organisation_as_it_is_and_where_the_knee_is() -> None:
    said = written(vssim.figures.curve(swept(wip_limit=(1, 2, 3, 4))))
    assert "as it is" in said
    assert re.search(r"knee at [234]: ", said)


def test_the_organisation_as_it_is_is_seen_on_a_curve_however_far_off_it_is() -> None:
    scenario = vssim.loads(SMALL.replace("handoffs:", "wip_limit: 1\nhandoffs:"))
    found = vssim.sweep(scenario, {"wip_limit": (8, 9)}, jobs=1)
    panel = vssim.figures.curve(found).axes[0]
    now = found.baseline["lead_time.p85"].mean
    assert now is not None
    assert panel.get_ylim()[1] > now > 1.2 * max(point["lead_time.p85"].mean or 0.0 for point in found.points)


def test_long_names_of_columns_leave_room_for_the_map() -> None:
    two = swept(wip_limit=(1, 2), change=("baseline", "fewer at once"))
    five = swept(wip_limit=(1, 2), demand__feature__every=tuple(f"exponential({one})" for one in (2, 2.5, 3, 4, 5)))
    for found in (two, five):
        figure = vssim.figures.heat(found)
        laid_out(figure)
        assert min(panel.get_position().height for panel in figure.axes[:3]) > 0.4


def test_where_throughput_is_highest_from_the_first_value_on_there_is_no_knee_to_mark() -> None:
    assert "knee" not in written(vssim.figures.curve(swept(wip_limit=(50, 60, 70))))


def test_cells_of_a_heat_map_bear_their_figures_where_there_is_room() -> None:
    few = swept(wip_limit=(1, 2), handoffs__delay=(0, 1))
    lead = few.points[0]["lead_time.p85"].mean
    assert lead is not None
    assert f"{lead:.3g}" in written(vssim.figures.heat(few))
    many = swept(wip_limit=(1, 2), handoffs__delay=tuple(one / 10 for one in range(12)))
    assert len(vssim.figures.heat(many).axes) == 6, "a scale beside each map"


def test_a_picture_that_a_grid_does_not_give_is_refused_in_a_sentence() -> None:
    with pytest.raises(UsageError, match=r"^heat: needs two axes"):
        vssim.figures.heat(swept(wip_limit=(1, 2)))


def test_a_waterfall_is_pale_where_a_contribution_may_be_chance() -> None:
    found = vssim.explain(vssim.loads(SMALL.replace("changes:", f"changes:\n  {LEVERS}")), "all", jobs=1, replications=3)
    figure = vssim.figures.waterfall(found)
    alphas = [alpha for patch in figure.axes[0].patches if (alpha := patch.get_alpha()) is not None]
    unsure = [
        one.change.low is None or one.change.high is None or one.change.low <= 0 <= one.change.high for one in found.contributions
    ]
    assert [alpha < 1 for alpha in alphas] == unsure
    assert set(unsure) == {True, False}


def test_pictures_of_a_sweep_are_about_the_scenarios_headline() -> None:
    scenario = vssim.loads(SMALL).with_({"headline": "flow_efficiency"})
    found = vssim.sweep(scenario, {"wip_limit": (1, 2, 4, 9)}, jobs=1)
    panels = vssim.figures.curve(found).axes
    assert panels[0].get_title(loc="left") == "flow efficiency [%]"
    legend = panels[0].get_legend()
    assert legend is not None
    (said,) = [text for text in (label.get_text() for label in legend.get_texts()) if text.startswith("best: ")]
    best = max(found.points, key=lambda point: point["flow_efficiency"].mean or 0.0)
    assert f"best: {100 * (best['flow_efficiency'].mean or 0.0):.3g} at {best.setting['wip_limit']}" == said
    (panel,) = vssim.figures.front(found).axes
    assert panel.get_ylabel() == "flow efficiency [%]"
